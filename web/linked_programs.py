"""Which programme the object of an address belongs to: a link is followed where it leads."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends
from sqlmodel import col
from starlette.requests import Request

from claims.correction_tables import Correction
from claims.tables import Claim
from programs.code_tables import CodeBatch
from programs.product_tables import Product, ProductAlias, SellerUnit
from programs.rehearsal_tables import Rehearsal
from programs.rule_tables import RuleVersion
from programs.segment_tables import Segment
from programs.tables import Participant
from rewards.tables import Redemption, Reward
from web.deps import UnitOfWork

# Of what is named so in an address; each knows its programme.
_OBJECTS: dict[str, Any] = {
    "alias_id": ProductAlias,
    "batch_id": CodeBatch,
    "claim_id": Claim,
    "correction_id": Correction,
    "order_id": Redemption,
    "participant_id": Participant,
    "product_id": Product,
    "rehearsal_id": Rehearsal,
    "reward_id": Reward,
    "segment_id": Segment,
    "seller_unit_id": SellerUnit,
    "version_id": RuleVersion,
}


def _linked(request: Request, session: UnitOfWork) -> str:
    """The programme of what a GET names; empty for what is nobody's. It gives no right."""
    if request.method != "GET":
        return ""  # A form says itself which programme it acts on.
    for name, value in request.path_params.items():
        table = _OBJECTS.get(name)
        if table is None:
            continue
        try:
            asked = sa.select(col(table.program_id)).where(col(table.id) == UUID(str(value)))
        except ValueError:
            continue
        found = session.execute(asked).scalar_one_or_none()
        if found is not None:
            return str(found)
    return ""


Linked = Annotated[str, Depends(_linked)]
