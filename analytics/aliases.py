"""Which claims a seller's name for a product, or its remembered unit, has touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from programs.matching import MatchReason, fold, fold_code
from programs.product_tables import AliasKind, ProductAlias, SellerUnit
from programs.unit_words import unit_key

MOST_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class TouchedClaim:
    claim_id: UUID
    number: str
    status: ClaimStatus
    submitted_at: datetime
    position: int
    units: Decimal
    points: int


def touched(session: Session, alias: ProductAlias) -> list[TouchedClaim]:
    """Lines that were matched by this name, newest first.

    Names are compared folded, as matching does; so the lines of the seller are read and compared
    here, the newest `MOST_LOOKED_AT` of them.
    """
    by_index = alias.kind is AliasKind.SELLER_INDEX
    reason = MatchReason.ALIAS_INDEX if by_index else MatchReason.ALIAS_TEXT
    written = col(ClaimLine.seller_index if by_index else ClaimLine.description)
    rows = session.execute(
        _lines(written, program_id=alias.program_id, seller_nip=alias.seller_nip).where(
            col(ClaimLine.match_reason) == reason
        )
    )
    same = fold_code if by_index else fold
    return [TouchedClaim(*row[1:]) for row in rows if same(row[0] or "") == alias.text]


def touched_by_unit(session: Session, unit: SellerUnit) -> list[TouchedClaim]:
    """Lines that were counted by a remembered unit, and those it was said on, newest first."""
    counted = col(ClaimLine.candidates).contains([{"seller_unit": str(unit.id)}])
    said_on = sa.and_(
        col(Claim.id).in_([one for one in (unit.claim_id, unit.second_claim_id) if one]),
        col(ClaimLine.product_id) == unit.product_id,
    )
    rows = session.execute(
        _lines(col(ClaimLine.unit), program_id=unit.program_id, seller_nip=unit.seller_nip).where(
            sa.or_(counted, said_on)
        )
    )
    return [TouchedClaim(*row[1:]) for row in rows if unit_key(row[0]) == unit.printed]


def _lines(first: Any, *, program_id: UUID, seller_nip: str) -> sa.Select[Any]:
    """`first`, then the facts of `TouchedClaim`, of a seller's lines in a programme."""
    return (
        sa.select(
            first,
            col(Claim.id),
            col(Claim.number),
            col(Claim.status),
            col(Claim.submitted_at),
            col(ClaimLine.position),
            sa.func.coalesce(col(ClaimLine.quantity_accepted), 0),
            col(ClaimLine.points),
        )
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .where(col(Claim.program_id) == program_id, col(Purchase.seller_nip) == seller_nip)
        .order_by(col(Claim.submitted_at).desc(), col(ClaimLine.position))
        .limit(MOST_LOOKED_AT)
    )
