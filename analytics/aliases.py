"""Which claims a seller's name for a product has touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from programs.matching import MatchReason, fold, fold_code
from programs.product_tables import AliasKind, ProductAlias

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
        sa.select(
            written,
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
        .where(
            col(Claim.program_id) == alias.program_id,
            col(Purchase.seller_nip) == alias.seller_nip,
            col(ClaimLine.match_reason) == reason,
        )
        .order_by(col(Claim.submitted_at).desc(), col(ClaimLine.position))
        .limit(MOST_LOOKED_AT)
    )
    same = fold_code if by_index else fold
    return [TouchedClaim(*row[1:]) for row in rows if same(row[0] or "") == alias.text]
