"""Attributed units by product and by voivodeship, beside the compared period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.disclosure import Group, hidden
from analytics.periods import Period
from analytics.selection import Selection, attributed
from claims.tables import Claim, ClaimLine
from partners.tables import Branch
from programs.product_tables import Product
from programs.tables import Participant

UNITS = sa.func.sum(col(ClaimLine.quantity_accepted))


@dataclass(frozen=True, slots=True)
class ProductRow:
    product_id: UUID
    sku: str
    name: str
    family: str
    unit: str
    units: Decimal
    before: Decimal | None
    points: int
    partners: int


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A voivodeship by the branch that sold; `None` when no branch is known."""

    voivodeship: str | None
    units: Decimal
    firms: int


def top_products(
    session: Session, chosen: Selection, *, before: Period | None, limit: int = 8
) -> list[ProductRow]:
    """The products with most attributed units, each with its units in the compared period."""
    rows = session.execute(
        attributed(
            chosen,
            chosen.period,
            col(Product.id),
            col(Product.sku),
            col(Product.name),
            col(Product.family),
            col(Product.unit),
            UNITS,
            sa.func.sum(col(ClaimLine.points)),
            sa.func.count(sa.distinct(col(Branch.partner_id))),
        )
        .group_by(col(Product.id))
        .order_by(UNITS.desc(), col(Product.sku))
        .limit(limit)
    ).all()
    earlier: dict[UUID, Decimal] = {}
    if before is not None and rows:
        earlier = dict(
            session.execute(
                attributed(chosen, before, col(Product.id), UNITS)
                .where(col(Product.id).in_([row[0] for row in rows]))
                .group_by(col(Product.id))
            ).all()
        )
    return [
        ProductRow(
            product_id=product_id,
            sku=sku,
            name=name,
            family=family,
            unit=unit,
            units=Decimal(units),
            before=None if before is None else earlier.get(product_id, Decimal(0)),
            points=int(points),
            partners=int(partners),
        )
        for product_id, sku, name, family, unit, units, points, partners in rows
    ]


def regions(session: Session, chosen: Selection) -> list[RegionRow]:
    """Units by voivodeship, largest first. Who shows them asks `shown_regions` which may be."""
    rows = session.execute(
        attributed(
            chosen,
            chosen.period,
            col(Branch.voivodeship),
            UNITS,
            sa.func.count(sa.distinct(col(Participant.nip))),
        )
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .group_by(col(Branch.voivodeship))
        .order_by(UNITS.desc())
    )
    return [RegionRow(row[0], Decimal(row[1]), int(row[2])) for row in rows]


def shown_regions(rows: list[RegionRow]) -> tuple[list[RegionRow], RegionRow | None]:
    """The regions with firms enough, and all others as one; both together are the total."""
    kept = hidden(Group(row.voivodeship, row.firms, float(row.units)) for row in rows)
    others = [row for row in rows if row.voivodeship in kept]
    shown = [row for row in rows if row.voivodeship not in kept]
    if not others:
        return shown, None
    total = sum((row.units for row in others), Decimal(0))
    return shown, RegionRow(None, total, sum(row.firms for row in others))
