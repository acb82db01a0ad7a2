"""The catalogue of a programme: searched, edited by its people, its learned names withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.errors import DomainError, Invalid, Kind, NotFound
from programs import gtins, product_history, product_units, service, withdrawals
from programs.product_tables import Product, ProductAlias, ProductGtin
from programs.service import chain

UNITS = ("szt", "m", "kpl", "opak", "kg", "l")
LONGEST_CODE, LONGEST_NAME, LONGEST_FAMILY = 60, 200, 80


class ProductNotFound(NotFound):
    code = "product-not-found"


class AliasNotFound(NotFound):
    code = "alias-not-found"


class SkuTaken(DomainError):
    """Another product of the programme has this code."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "sku-taken"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is typed or imported of a product; `gtins` with the units that each stands for."""

    sku: str
    name: str
    family: str
    unit: str = "szt"
    eligible_from: date | None = None
    eligible_to: date | None = None
    gtins: tuple[tuple[str, Decimal], ...] = ()
    sold_in: tuple[tuple[str, Decimal], ...] = ()  # Other units, with how many of `unit` each is.


@dataclass(frozen=True, slots=True)
class ListedProduct:
    product: Product
    gtins: int
    aliases: int


def get_product(session: Session, *, program_id: UUID, product_id: UUID) -> Product:
    """Raises `ProductNotFound` for what is not the programme's."""
    product = session.get(Product, product_id)
    if product is None or product.program_id != program_id:
        raise ProductNotFound
    return product


def find_by_sku(session: Session, *, program_id: UUID, sku: str) -> Product | None:
    return session.exec(
        select(Product).where(Product.program_id == program_id, Product.sku == sku)
    ).one_or_none()


def search(
    session: Session,
    *,
    program_id: UUID,
    text: str = "",
    family: str = "",
    after_sku: str = "",
    limit: int = 50,
) -> list[ListedProduct]:
    """Products by their code, those whose code, name or GTIN has every word of `text`."""
    gtins = _count(ProductGtin.product_id)
    aliases = _count(ProductAlias.product_id, col(ProductAlias.withdrawn_at).is_(None))
    found = sa.select(Product, gtins, aliases).where(col(Product.program_id) == program_id)
    for word in text.split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        by_gtin = sa.select(col(ProductGtin.product_id)).where(
            col(ProductGtin.program_id) == program_id, col(ProductGtin.gtin).like(like)
        )
        found = found.where(
            sa.or_(
                col(Product.name).ilike(like),
                col(Product.sku).ilike(like),
                col(Product.id).in_(by_gtin),
            )
        )
    if family:
        found = found.where(col(Product.family) == family)
    if after_sku:
        found = found.where(col(Product.sku) > after_sku)
    rows = session.execute(found.order_by(col(Product.sku)).limit(limit))
    return [ListedProduct(*row) for row in rows]


def _count(product_id: object, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(col(product_id) == col(Product.id), *conditions)
        .scalar_subquery()
    )


def list_gtins(session: Session, product: Product) -> list[ProductGtin]:
    return list(
        session.exec(
            select(ProductGtin)
            .where(ProductGtin.product_id == product.id)
            .order_by(col(ProductGtin.units), col(ProductGtin.gtin))
        )
    )


def list_aliases(session: Session, product: Product) -> list[ProductAlias]:
    """The names that sellers have for a product: living ones first, then the withdrawn."""
    return list(
        session.exec(
            select(ProductAlias)
            .where(ProductAlias.product_id == product.id)
            .order_by(
                col(ProductAlias.withdrawn_at).is_not(None),
                col(ProductAlias.seller_nip),
                col(ProductAlias.kind),
                col(ProductAlias.text),
            )
        )
    )


def require(facts: ProductFacts) -> ProductFacts:
    """The facts without idle blanks. Raises `Invalid` with the field that is wrong."""
    sku, name, family = facts.sku.strip(), " ".join(facts.name.split()), facts.family.strip()
    for field, text, longest in (
        ("sku", sku, LONGEST_CODE),
        ("name", name, LONGEST_NAME),
        ("family", family, LONGEST_FAMILY),
    ):
        if not text or len(text) > longest or not text.isprintable():
            raise Invalid("it is empty or too long", field=field, most=longest)
    if facts.unit not in UNITS:
        raise Invalid("we do not know this unit", field="unit", value=facts.unit[:20])
    if facts.eligible_from and facts.eligible_to and facts.eligible_from > facts.eligible_to:
        raise Invalid("the product ends before it begins", field="eligible_to")
    known: dict[str, Decimal] = {}
    for text, units in facts.gtins:
        gtin = gtins.written(text)
        if gtin is None:
            raise Invalid(
                "a GTIN has 8, 12, 13 or 14 digits and a check digit", field="gtin", gtin=text[:20]
            )
        if gtin in known or not product_units.countable(units):
            raise Invalid("a GTIN stands twice, or for nothing", field="gtin", gtin=gtin)
        known[gtin] = units
    return ProductFacts(
        sku,
        name,
        family,
        facts.unit,
        facts.eligible_from,
        facts.eligible_to,
        tuple(known.items()),
        product_units.require(facts.sold_in, own=facts.unit),
    )


def create(
    session: Session, *, program_id: UUID, facts: ProductFacts, actor: str, at: datetime
) -> Product:
    """Add a product. Raises `SkuTaken`, `Invalid`."""
    facts = require(facts)
    known = session.exec(
        select(Product.id).where(Product.program_id == program_id, Product.sku == facts.sku)
    ).first()
    if known is not None:
        raise SkuTaken(field="sku", sku=facts.sku)
    return put(session, program_id=program_id, facts=facts, actor=actor, at=at)


def put(
    session: Session, *, program_id: UUID, facts: ProductFacts, actor: str, at: datetime
) -> Product:
    """Add a product or update the one with the same code; a GTIN of another product is refused."""
    facts = require(facts)
    product = service.add_product(
        session,
        program_id=program_id,
        sku=facts.sku,
        name=facts.name,
        family=facts.family,
        unit=facts.unit,
        gtins=facts.gtins,
        at=at,
    )
    product.eligible_from, product.eligible_to = facts.eligible_from, facts.eligible_to
    session.add(product)
    for gtin, units in facts.gtins:
        row = session.get_one(ProductGtin, (program_id, gtin))
        row.units = units
        session.add(row)
    product_units.put(session, {product.id: facts.sold_in})
    session.flush()
    _record(session, product, "product.put", actor, at)
    return product


def edit(
    session: Session,
    product: Product,
    *,
    facts: ProductFacts,
    actor: str,
    from_start: bool = False,
    at: datetime,
) -> None:
    """Change a product; GTINs that are left out are taken off. Raises `SkuTaken`, `Invalid`.

    Code, family and unit change for purchases from tomorrow on, or with `from_start` for earlier
    ones too: then what stood there was a mistake. What was decided before keeps its units and
    points: they stand on the claims' lines.
    """
    facts = require(facts)
    other = session.exec(
        select(Product.id).where(
            Product.program_id == product.program_id,
            Product.sku == facts.sku,
            Product.id != product.id,
        )
    ).first()
    if other is not None:
        raise SkuTaken(field="sku", sku=facts.sku)
    if not from_start:
        now = product_history.DayFacts(facts.sku, facts.family, facts.unit)
        product_history.keep(session, {product.id: now}, at=at)
    product.sku, product.name, product.family = facts.sku, facts.name, facts.family
    product.unit = facts.unit
    product.eligible_from, product.eligible_to = facts.eligible_from, facts.eligible_to
    session.add(product)
    _replace_gtins(session, product, facts.gtins)
    product_units.replace(session, product, facts.sold_in)
    _record(session, product, "product.edit", actor, at)


def _replace_gtins(
    session: Session, product: Product, wanted: Sequence[tuple[str, Decimal]]
) -> None:
    kept = dict(wanted)
    for row in list_gtins(session, product):
        if row.gtin not in kept:
            session.delete(row)
    session.flush()
    for gtin, units in wanted:
        known = session.get(ProductGtin, (product.program_id, gtin))
        if known is not None and known.product_id != product.id:
            raise Invalid("the GTIN belongs to another product", field="gtin", gtin=gtin)
        if known is None:
            known = ProductGtin(program_id=product.program_id, gtin=gtin, product_id=product.id)
        known.units = units
        session.add(known)
    session.flush()


def get_alias(session: Session, *, program_id: UUID, alias_id: UUID) -> ProductAlias:
    """Raises `AliasNotFound` for what is not the programme's."""
    alias = session.get(ProductAlias, alias_id)
    if alias is None or alias.program_id != program_id:
        raise AliasNotFound
    return alias


def withdraw_alias(
    session: Session, *, program_id: UUID, alias_id: UUID, actor: str, at: datetime
) -> ProductAlias:
    """A seller's name no longer stands for the product; what it decided before is not undone.

    Withdrawing twice leaves the first withdrawal. Raises `AliasNotFound`.
    """
    return withdrawals.withdraw(
        session,
        ProductAlias,
        alias_id,
        program_id=program_id,
        missing=AliasNotFound,
        noun="alias",
        actor=actor,
        at=at,
    )


def _record(session: Session, product: Product, action: str, actor: str, at: datetime) -> None:
    audit.record(
        session,
        chain=chain(product.program_id),
        actor=actor,
        action=action,
        subject=f"product:{product.id}",
        at=at,
        sku=product.sku,
    )
