"""Many products written at once: a known code is an update, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, col

from core import audit
from core.columns import new_id
from core.errors import Invalid
from programs import product_history, product_units
from programs.product_tables import Product, ProductGtin
from programs.products import ProductFacts
from programs.service import chain

CHUNK = 1_000
_PRODUCTS = SQLModel.metadata.tables[str(Product.__tablename__)]
_GTINS = SQLModel.metadata.tables[str(ProductGtin.__tablename__)]


def put_many(
    session: Session,
    *,
    program_id: UUID,
    facts: Sequence[ProductFacts],
    actor: str,
    from_start: bool = False,
    at: datetime,
) -> None:
    """Add products or update those with the same code; GTINs are added, none is taken off.

    What was bought until today is judged by what the products were, but for `from_start`: then
    what stood there was a mistake.

    `facts` were checked by `products.require` and name each code once. One entry of the audit
    chain stands for all. Raises `Invalid` for a GTIN of another product; then nothing is written.
    """
    if not facts:
        return
    for start in range(0, len(facts), CHUNK):
        chunk = facts[start : start + CHUNK]
        if not from_start:
            _keep_past(session, program_id, chunk, at)
        _put(session, program_id, chunk, at)
    # What the session loaded before is not what stands there now.
    session.expire_all()
    audit.record(
        session,
        chain=chain(program_id),
        actor=actor,
        action="products.import",
        subject=f"program:{program_id}",
        at=at,
        products=len(facts),
        **({"from_start": "yes"} if from_start else {}),
    )


def _keep_past(
    session: Session, program_id: UUID, facts: Sequence[ProductFacts], at: datetime
) -> None:
    known = session.execute(
        sa.select(col(Product.sku), col(Product.id)).where(
            col(Product.program_id) == program_id, col(Product.sku).in_([f.sku for f in facts])
        )
    )
    ids: dict[str, UUID] = {sku: product_id for sku, product_id in known}
    product_history.keep(
        session,
        {
            ids[one.sku]: product_history.DayFacts(one.sku, one.family, one.unit)
            for one in facts
            if one.sku in ids
        },
        at=at,
    )


def _put(session: Session, program_id: UUID, facts: Sequence[ProductFacts], at: datetime) -> None:
    wanted = insert(_PRODUCTS)
    changed = ("name", "family", "unit", "eligible_from", "eligible_to")
    rows = session.execute(
        wanted.on_conflict_do_update(
            index_elements=["program_id", "sku"],
            set_={name: wanted.excluded[name] for name in changed},
        ).returning(_PRODUCTS.c.sku, _PRODUCTS.c.id),
        [
            {
                "id": new_id(),
                "program_id": program_id,
                "sku": one.sku,
                "name": one.name,
                "family": one.family,
                "unit": one.unit,
                "eligible_from": one.eligible_from,
                "eligible_to": one.eligible_to,
                "created_at": at,
            }
            for one in facts
        ],
    )
    ids = {row.sku: row.id for row in rows}
    product_units.put(session, {ids[one.sku]: one.sold_in for one in facts if one.sold_in})
    gtins = [
        {"program_id": program_id, "gtin": gtin, "product_id": ids[one.sku], "units": units}
        for one in facts
        for gtin, units in one.gtins
    ]
    if gtins:
        _put_gtins(session, gtins)


def _put_gtins(session: Session, gtins: Sequence[dict[str, object]]) -> None:
    wanted = insert(_GTINS)
    written = session.execute(
        wanted.on_conflict_do_update(
            index_elements=["program_id", "gtin"],
            set_={"units": wanted.excluded.units},
            # A GTIN never moves to another product silently.
            where=_GTINS.c.product_id == wanted.excluded.product_id,
        ).returning(_GTINS.c.gtin),
        list(gtins),
    )
    missing = {str(row["gtin"]) for row in gtins} - set(written.scalars())
    if missing:
        raise Invalid("the GTIN belongs to another product", field="gtin", gtin=min(missing))
