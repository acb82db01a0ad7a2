"""A programme's catalogue for matching, prepared once for as long as nobody changes a product.

The database stamps a programme anew with every change of its products and their GTINs (by trigger,
in the same transaction), so any process knows by one small read whether what it prepared still
stands. A stamp is never used twice: what a rolled back transaction prepared is never found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from programs.matching import Catalogue, LearnedUnit, NamedProduct, SoldIn, fold, fold_code
from programs.matching_index import ProductIndex
from programs.product_tables import (
    AliasKind,
    CatalogueStamp,
    Product,
    ProductAlias,
    ProductGtin,
    ProductUnit,
    SellerUnit,
)
from programs.tables import Manufacturer, Program

_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class _Goods:
    products: tuple[NamedProduct, ...]
    gtins: Mapping[str, tuple[UUID, Decimal]]
    units: Mapping[UUID, SoldIn]
    index: ProductIndex


_kept: OrderedDict[tuple[UUID, UUID], _Goods] = OrderedDict()
_lock = Lock()


def load_catalogue(session: Session, *, program_id: UUID, seller_nip: str | None) -> Catalogue:
    """What matching needs for one seller's document. Aliases of other sellers are not in it."""
    goods = _goods(session, program_id)
    aliases: list[ProductAlias] = []
    if seller_nip:
        aliases = list(
            session.exec(
                select(ProductAlias).where(
                    ProductAlias.program_id == program_id,
                    ProductAlias.seller_nip == seller_nip,
                    col(ProductAlias.withdrawn_at).is_(None),
                )
            )
        )
    return Catalogue(
        products=goods.products,
        gtins=goods.gtins,
        alias_indexes={
            fold_code(a.text): (a.product_id, a.units)
            for a in aliases
            if a.kind is AliasKind.SELLER_INDEX
        },
        alias_texts={
            fold(a.text): (a.product_id, a.units) for a in aliases if a.kind is AliasKind.TEXT
        },
        units=goods.units,
        learned=_learned(session, program_id, seller_nip, goods.units) if seller_nip else {},
        prepared=goods.index,
    )


def _learned(
    session: Session, program_id: UUID, seller_nip: str, sold: Mapping[UUID, SoldIn]
) -> dict[tuple[str, str], dict[str, LearnedUnit]]:
    """The seller's living units; those said of a product that is counted otherwise now are none."""
    found: dict[tuple[str, str], dict[str, LearnedUnit]] = {}
    for one in session.exec(
        select(SellerUnit).where(
            SellerUnit.program_id == program_id,
            SellerUnit.seller_nip == seller_nip,
            col(SellerUnit.withdrawn_at).is_(None),
        )
    ):
        now = sold.get(one.product_id)
        if now is not None and now.own == one.product_unit:
            by_unit = found.setdefault((one.kind, one.text), {})
            by_unit[one.printed] = LearnedUnit(one.id, one.product_id, one.units)
    return found


def _goods(session: Session, program_id: UUID) -> _Goods:
    stamp = session.exec(
        select(CatalogueStamp.stamp).where(CatalogueStamp.program_id == program_id)
    ).first()
    if stamp is None:
        return _prepare(session, program_id)
    key = (program_id, stamp)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    # Read after the stamp: a change in between is prepared too early, never too late.
    made = _prepare(session, program_id)
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _prepare(session: Session, program_id: UUID) -> _Goods:
    rows = session.exec(
        select(Product.id, Product.sku, Product.name, Product.unit)
        .where(Product.program_id == program_id)
        .order_by(Product.sku)
    ).all()
    products = tuple(NamedProduct(key, sku, name) for key, sku, name, _ in rows)
    sold_in: dict[UUID, dict[str, Decimal]] = {}
    for one in session.exec(
        select(ProductUnit)
        .join(Product, col(Product.id) == col(ProductUnit.product_id))
        .where(Product.program_id == program_id)
    ):
        sold_in.setdefault(one.product_id, {})[one.name] = one.units
    gtins = session.execute(
        sa.select(col(ProductGtin.gtin), col(ProductGtin.product_id), col(ProductGtin.units)).where(
            col(ProductGtin.program_id) == program_id
        )
    )
    brand = session.exec(
        select(Manufacturer.name)
        .join(Program, col(Program.manufacturer_id) == col(Manufacturer.id))
        .where(Program.id == program_id)
    ).one()
    return _Goods(
        products,
        {row.gtin: (row.product_id, row.units) for row in gtins},
        {key: SoldIn(unit, sold_in.get(key, {})) for key, _, _, unit in rows},
        ProductIndex(products, (brand,)),
    )
