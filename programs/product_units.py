"""The units that a product is sold in besides its own: a roll of 100 m, a pack of 10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, col, select

from core.errors import Invalid
from programs.product_tables import Product, ProductUnit
from programs.unit_words import PACKS, unit_name

_UNITS = SQLModel.metadata.tables[str(ProductUnit.__tablename__)]
Pairs = Sequence[tuple[str, Decimal]]


def countable(units: Decimal) -> bool:
    """Whether it is a number above zero that the database keeps as it is (six decimals)."""
    return units.is_finite() and Decimal("0.000001") <= units < 1_000_000


def require(pairs: Pairs, *, own: str) -> tuple[tuple[str, Decimal], ...]:
    """The units under our names. Raises `Invalid` for unknown ones, one twice, or of nothing."""
    found: dict[str, Decimal] = {}
    for printed, units in pairs:
        name = unit_name(printed)
        if name not in PACKS or name == own or name in found:
            raise Invalid("we do not know this unit", field="pack_unit", value=printed[:20])
        if not countable(units):
            raise Invalid("how many are in it?", field="pack_units")
        found[name] = units
    return tuple(found.items())


def list_units(session: Session, product: Product) -> list[tuple[str, Decimal]]:
    rows = session.exec(
        select(ProductUnit)
        .where(ProductUnit.product_id == product.id)
        .order_by(col(ProductUnit.units), col(ProductUnit.name))
    )
    return [(row.name, row.units) for row in rows]


def put(session: Session, by_product: Mapping[UUID, Pairs]) -> None:
    """Add units to products, or change how much they hold; none is taken off."""
    rows = [
        {"product_id": product_id, "name": name, "units": units}
        for product_id, pairs in by_product.items()
        for name, units in pairs
    ]
    if rows:
        wanted = insert(_UNITS)
        session.execute(
            wanted.on_conflict_do_update(
                index_elements=["product_id", "name"], set_={"units": wanted.excluded.units}
            ),
            rows,
        )


def replace(session: Session, product: Product, pairs: Pairs) -> None:
    """Exactly these units; others are taken off."""
    kept = [name for name, _ in pairs]
    session.execute(
        sa.delete(ProductUnit).where(
            col(ProductUnit.product_id) == product.id, col(ProductUnit.name).not_in(kept)
        )
    )
    put(session, {product.id: pairs})
