"""Which claims brought a correcting invoice: they asked for no points, so none were refused."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim, ClaimEvent

# Who closes such a claim; a person may refuse an invoice for the same reason.
READER = "reader"
# A copy of a correction has no row of its own there, so the claim's own events say it.
IS_CORRECTION: sa.ColumnElement[bool] = sa.and_(
    col(Claim.status) == ClaimStatus.REJECTED,
    sa.select(sa.literal(1))
    .where(
        col(ClaimEvent.claim_id) == col(Claim.id),
        col(ClaimEvent.status) == ClaimStatus.REJECTED,
        col(ClaimEvent.actor) == READER,
        col(ClaimEvent.facts)["reason"].astext == ReasonCode.RETURNED_GOODS.value,
    )
    .correlate(Claim)
    .exists(),
)


def corrections_among(session: Session, claim_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these claims brought a correcting invoice, or a copy of one."""
    if not claim_ids:
        return frozenset()
    return frozenset(
        session.exec(select(Claim.id).where(col(Claim.id).in_(claim_ids), IS_CORRECTION))
    )
