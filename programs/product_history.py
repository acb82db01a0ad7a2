"""What a product was on a day: its code, family and unit, which rules and their texts speak of.

A change counts for purchases from the next day on, as rules begin tomorrow at the earliest: what
was bought until then is judged by what was known that day. A mistake may be put right for all days
that its facts held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.clock import local_date
from programs.product_tables import Product, ProductPast


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All that rules know of a product, as it was on one day."""

    sku: str
    family: str
    unit: str


@dataclass(frozen=True, slots=True)
class Past:
    """What products were before their changes, by product, the earliest change first."""

    changes: Mapping[UUID, Sequence[tuple[date, DayFacts]]]

    def on(self, product_id: UUID, now: DayFacts, *, day: date) -> DayFacts:
        """The facts that held on a day: those of the first change after it, else those of `now`."""
        known = self.changes.get(product_id, ())
        return next((facts for until, facts in known if until >= day), now)


def past_of(session: Session, product_ids: Collection[UUID], *, since: date | None = None) -> Past:
    """The past of products with one query; `since` leaves out what ended before a day."""
    if not product_ids:
        return Past({})
    query = select(ProductPast).where(col(ProductPast.product_id).in_(product_ids))
    if since is not None:
        query = query.where(ProductPast.until >= since)
    found: dict[UUID, list[tuple[date, DayFacts]]] = {}
    for one in session.exec(query.order_by(col(ProductPast.until))):
        facts = DayFacts(one.sku, one.family, one.unit)
        found.setdefault(one.product_id, []).append((one.until, facts))
    return Past(found)


def on_day(session: Session, products: Iterable[Product], *, on: date) -> dict[UUID, DayFacts]:
    """The facts of products on the day of a purchase, by product."""
    now = {p.id: DayFacts(p.sku, p.family, p.unit) for p in products}
    past = past_of(session, now, since=on)
    return {product_id: past.on(product_id, facts, day=on) for product_id, facts in now.items()}


def of(session: Session, product: Product, *, on: date) -> DayFacts:
    """The same of one product."""
    return on_day(session, [product], on=on)[product.id]


def keep(
    session: Session,
    changes: Mapping[UUID, DayFacts],
    *,
    at: datetime,
) -> None:
    """Keep what known products are today before they become `changes`, for purchases until today.

    Call it before the change is written. Of several changes on a day the first keeps its facts.
    """
    if not changes:
        return
    # Nobody changes them meanwhile; in one order, so that two imports do not wait for each other.
    rows = session.execute(
        sa.select(col(Product.id), col(Product.sku), col(Product.family), col(Product.unit))
        .where(col(Product.id).in_(changes))
        .order_by(col(Product.id))
        .with_for_update(key_share=True)
    ).all()
    kept = [
        {
            "product_id": product_id,
            "until": local_date(at),
            "sku": sku,
            "family": family,
            "unit": unit,
            "changed_at": at,
        }
        for product_id, sku, family, unit in rows
        if DayFacts(sku, family, unit) != changes[product_id]
    ]
    if kept:
        session.execute(
            insert(ProductPast).on_conflict_do_nothing(index_elements=["product_id", "until"]), kept
        )
