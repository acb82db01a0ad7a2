"""Every attributed line of a selection, for exports and for other systems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import consent
from analytics.selection import PURCHASED_ON, Basis, Selection, attributed
from claims.purchase_tables import Purchase
from claims.tables import Claim, ClaimLine
from partners.tables import Branch, Partner
from programs.product_tables import Product
from programs.rule_tables import RuleVersion
from programs.tables import Participant


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An attributed line with all that an analyst may know of it."""

    claim_id: UUID
    position: int
    claim_number: str
    submitted_at: datetime
    decided_at: datetime
    purchased_on: date | None
    partner: str
    branch: str
    city: str
    voivodeship: str
    firm: str
    sku: str
    product: str
    family: str
    unit: str
    units: Decimal
    points: int
    rule_number: int | None


Place = tuple[datetime, UUID, int]


def place_of(line: SoldLine) -> Place:
    """Where a line stands in the order; what comes after it is asked for by it."""
    return line.decided_at, line.claim_id, line.position


def sold_lines(
    session: Session, chosen: Selection, *, limit: int, after: Place | None = None
) -> Iterator[SoldLine]:
    """The attributed lines of a selection, oldest decision first, those after a place."""
    query = attributed(
        chosen,
        chosen.period,
        col(Claim.id),
        col(ClaimLine.position),
        col(Claim.number),
        col(Claim.submitted_at),
        col(Claim.decided_at),
        PURCHASED_ON,
        sa.func.coalesce(col(Partner.short_name), ""),
        sa.func.coalesce(col(Branch.name), ""),
        sa.func.coalesce(col(Branch.city), ""),
        sa.func.coalesce(col(Branch.voivodeship), ""),
        sa.case(
            (
                col(Participant.person_id).in_(consent.agreed(chosen.program_id)),
                col(Participant.company_name),
            ),
            else_="",
        ),
        col(Product.sku),
        col(Product.name),
        col(Product.family),
        col(Product.unit),
        col(ClaimLine.quantity_accepted),
        col(ClaimLine.points),
        col(RuleVersion.number),
    )
    order = (col(Claim.decided_at), col(Claim.id), col(ClaimLine.position))
    if after is not None:
        query = query.where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, after)))
    if chosen.basis is Basis.DECIDED:
        query = query.outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
    query = (
        query.outerjoin(Partner, col(Partner.id) == col(Branch.partner_id))
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .outerjoin(RuleVersion, col(RuleVersion.id) == col(ClaimLine.rule_version_id))
        .order_by(*order)
        .limit(limit)
    )
    for row in session.execute(query):
        yield SoldLine(*row)
