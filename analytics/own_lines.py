"""One claim as the manufacturer may see it: its own products' lines, never a price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from programs.product_tables import Product
from programs.rule_tables import RuleVersion


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of the programme's product on a claim, without what the seller wrote or charged."""

    position: int
    product_id: UUID
    sku: str
    name: str
    family: str
    unit: str
    units: Decimal | None
    accepted: Decimal
    verdict: Verdict | None
    reason: ReasonCode | None
    points: int
    rule_number: int | None
    rule_version_id: UUID | None
    steps: list[dict[str, Any]]


def own_lines(session: Session, claim: Claim, *, sure_from: Decimal) -> list[OwnLine]:
    """The claim's lines of the programme's products.

    A line that was refused as foreign, or whose product is only guessed (its score is below
    `sure_from`) and not accepted, may be another brand's: it is left out.
    """
    sure = sa.or_(
        col(ClaimLine.verdict) == Verdict.APPROVE, col(ClaimLine.match_score) >= sure_from
    )
    foreign = sa.func.coalesce(col(ClaimLine.reason) == ReasonCode.NOT_IN_PROGRAM, False)
    rows = session.execute(
        sa.select(
            col(ClaimLine.position),
            col(Product.id),
            col(Product.sku),
            col(Product.name),
            col(Product.family),
            col(Product.unit),
            col(ClaimLine.quantity) * col(ClaimLine.units_per_quantity),
            sa.func.coalesce(col(ClaimLine.quantity_accepted), 0),
            col(ClaimLine.verdict),
            col(ClaimLine.reason),
            col(ClaimLine.points),
            col(RuleVersion.number),
            col(RuleVersion.id),
            col(ClaimLine.explanation),
        )
        .select_from(ClaimLine)
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .outerjoin(RuleVersion, col(RuleVersion.id) == col(ClaimLine.rule_version_id))
        .where(col(ClaimLine.claim_id) == claim.id, sure, sa.not_(foreign))
        .order_by(col(ClaimLine.position))
    )
    return [OwnLine(*row) for row in rows]
