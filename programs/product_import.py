"""Products from a file: what each row would do is shown first, every bad row is named.

The same file twice changes nothing; a row with a known code is an update, never a second product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import Invalid
from programs import product_bulk, product_units, products
from programs.product_file import (
    ERRORS,
    HEADINGS,
    PULSE_ROWS,
    REQUIRED,
    SURPLUS,
    Table,
    read_table,
)
from programs.product_tables import ImportColumns, Product, ProductGtin, ProductUnit
from programs.products import ProductFacts


class Effect(StrEnum):
    ADDS = "adds"
    CHANGES = "changes"
    SAME = "same"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would change in a known product, as a person reads it; `old` may be empty."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file: its number as the spreadsheet shows it, and what it would do.

    A bad row has `fault`, the field that is wrong (or `repeated`, `foreign_gtin`), and no facts.
    """

    number: int
    sku: str
    name: str
    effect: Effect
    facts: ProductFacts | None = None
    fault: str = ""
    value: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    rows: tuple[ImportRow, ...]

    def count(self, effect: Effect) -> int:
        return sum(row.effect is effect for row in self.rows)

    def facts(self) -> list[ProductFacts]:
        """What has to be written, in the order of the file."""
        return [
            row.facts
            for row in self.rows
            if row.facts is not None and row.effect in (Effect.ADDS, Effect.CHANGES)
        ]

    def of(self, effect: Effect) -> list[ImportRow]:
        return [row for row in self.rows if row.effect is effect]


def preview(
    session: Session,
    *,
    program_id: UUID,
    data: bytes,
    columns: Mapping[str, str] | None = None,
) -> Preview:
    """What every row would do, read by the programme's own columns, or by those it had when
    somebody confirmed the file. Nothing is written."""
    columns = columns_of(session, program_id) if columns is None else columns

    def pulse() -> None:
        session.execute(sa.text("SELECT 1"))

    table = read_table(data, columns, pulse=pulse)
    return compare(table, catalogue_of(session, program_id), pulse=pulse)


class Known(NamedTuple):
    """What the catalogue says of a product."""

    id: UUID
    name: str
    family: str
    unit: str
    eligible_from: date | None
    eligible_to: date | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A programme's products by code, whose each GTIN is and for how many units, and packs."""

    known: Mapping[str, Known]
    gtins: Mapping[str, UUID]
    units: Mapping[str, Decimal]
    sold_in: Mapping[tuple[UUID, str], Decimal]


def catalogue_of(session: Session, program_id: UUID) -> Catalogue:
    """What a file is compared with, as it is now."""
    fields = [getattr(Product, name) for name in ("sku", *Known._fields)]
    known = {
        sku: Known(*facts)
        for sku, *facts in session.execute(
            sa.select(*fields).where(col(Product.program_id) == program_id)
        )
    }
    gtins: dict[str, UUID] = {}
    units: dict[str, Decimal] = {}
    for named in session.exec(select(ProductGtin).where(ProductGtin.program_id == program_id)):
        gtins[named.gtin], units[named.gtin] = named.product_id, named.units
    sold_in = {
        (row.product_id, row.name): row.units
        for row in session.exec(
            select(ProductUnit)
            .join(Product, col(Product.id) == col(ProductUnit.product_id))
            .where(Product.program_id == program_id)
        )
    }
    return Catalogue(known, gtins, units, sold_in)


def compare(
    table: Table, catalogue: Catalogue, *, pulse: Callable[[], object] | None = None
) -> Preview:
    """What every row would do. Pure, but for `pulse`, called every `PULSE_ROWS` rows."""
    made: list[ImportRow] = []
    codes = {_folded(sku): sku for sku in catalogue.known}
    seen_skus: set[str] = set()
    seen_gtins: set[str] = set()
    for number, texts in table:
        if pulse is not None and number % PULSE_ROWS == 0:
            pulse()
        row = _row(number, texts)
        facts = row.facts
        if facts is not None:
            row = _beside(row, catalogue.known.get(facts.sku), texts)
        if (facts := row.facts) is not None:
            row = _against(row, facts, catalogue, seen_skus, seen_gtins)
            alike = codes.setdefault(_folded(facts.sku), facts.sku)
            if alike != facts.sku:
                row = ImportRow(number, facts.sku, row.name, Effect.BAD, None, "like_sku", alike)
            seen_skus.add(facts.sku)
            seen_gtins.update(gtin for gtin, _ in facts.gtins)
        made.append(row)
    return Preview(tuple(made))


def _folded(sku: str) -> str:
    """A code as people tell codes apart: not by case, blanks, or which hyphen somebody typed."""
    return re.sub(r"[\s\u200b‐‑–—−-]+", "-", sku).casefold()


def _row(number: int, texts: Mapping[str, str]) -> ImportRow:
    sku, name = texts.get("sku", ""), texts.get("name", "")
    try:
        for field, text in texts.items():
            if text in ERRORS or field == SURPLUS:
                raise Invalid("no value of a product", field=field)
        facts = products.require(
            ProductFacts(
                sku=sku,
                name=name,
                family=texts.get("family", ""),
                unit=(texts.get("unit") or "szt").rstrip(".").casefold(),
                eligible_from=_day(texts.get("eligible_from", ""), "eligible_from"),
                eligible_to=_day(texts.get("eligible_to", ""), "eligible_to"),
                gtins=_gtins(texts),
                sold_in=_sold_in(texts),
            )
        )
    except Invalid as error:
        value = texts.get(error.field, "") or str(error.facts.get("gtin") or "")
        return ImportRow(number, sku[:60], name[:200], Effect.BAD, None, error.field, value[:60])
    return ImportRow(number, facts.sku, facts.name, Effect.ADDS, facts)


def _beside(row: ImportRow, product: Known | None, texts: Mapping[str, str]) -> ImportRow:
    """The row completed by what a known product has: a column that the file lacks says nothing,
    and neither does an empty unit; an empty day in a column that is there takes the day away."""
    if product is None or row.facts is None:
        return row
    kept: dict[str, Any] = {} if texts.get("unit") else {"unit": product.unit}
    for name in ("eligible_from", "eligible_to"):
        if name not in texts:
            kept[name] = getattr(product, name)
    try:
        return replace(row, facts=products.require(replace(row.facts, **kept)))
    except Invalid as error:
        return replace(row, effect=Effect.BAD, facts=None, fault=error.field)


def _day(text: str, field: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date() if text else None  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise Invalid("no date", field=field)


def _gtins(texts: Mapping[str, str]) -> tuple[tuple[str, Decimal], ...]:
    found = []
    if gtin := texts.get("gtin", ""):
        found.append((gtin, Decimal(1)))
    if carton := texts.get("carton_gtin", ""):
        try:
            inside = Decimal(texts.get("carton_units", "").replace(",", "."))
        except InvalidOperation as error:
            raise Invalid("how many units are in the carton?", field="carton_units") from error
        if not product_units.countable(inside):
            raise Invalid("how many units are in the carton?", field="carton_units")
        found.append((carton, inside))
    return tuple(found)


def _sold_in(texts: Mapping[str, str]) -> tuple[tuple[str, Decimal], ...]:
    if not (name := texts.get("pack_unit", "")):
        return ()
    try:
        return ((name, Decimal(texts.get("pack_units", "").replace(",", "."))),)
    except InvalidOperation as error:
        raise Invalid("how many are in it?", field="pack_units") from error


def _against(
    row: ImportRow,
    facts: ProductFacts,
    catalogue: Catalogue,
    seen_skus: set[str],
    seen_gtins: set[str],
) -> ImportRow:
    """The row beside the catalogue and beside the rows above it."""
    if facts.sku in seen_skus:
        return ImportRow(row.number, row.sku, row.name, Effect.BAD, None, "repeated", facts.sku)
    product = catalogue.known.get(facts.sku)
    units, sold_in = catalogue.units, catalogue.sold_in
    for gtin, _ in facts.gtins:
        owner = catalogue.gtins.get(gtin)
        if gtin in seen_gtins or (owner is not None and (not product or owner != product.id)):
            return ImportRow(row.number, row.sku, row.name, Effect.BAD, None, "foreign_gtin", gtin)
    if product is None:
        return row
    changes = (
        *(
            Change(field, _shown(old), _shown(new))
            for field in ("name", "family", "unit", "eligible_from", "eligible_to")
            if (old := getattr(product, field)) != (new := getattr(facts, field))
        ),
        *(
            Change("gtin", _inside(gtin, units.get(gtin)), _inside(gtin, inside))
            for gtin, inside in facts.gtins
            if units.get(gtin) != inside
        ),
        *(
            Change(
                "pack_unit", _inside(name, sold_in.get((product.id, name))), _inside(name, inside)
            )
            for name, inside in facts.sold_in
            if sold_in.get((product.id, name)) != inside
        ),
    )
    effect = Effect.CHANGES if changes else Effect.SAME
    return ImportRow(row.number, row.sku, row.name, effect, facts, changes=changes)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _inside(name: str, units: Decimal | None) -> str:
    """`krążek × 100`; empty where it was not known."""
    return "" if units is None else f"{name} × {units.normalize():f}"


def columns_of(session: Session, program_id: UUID) -> dict[str, str]:
    """Our names → the headings of this programme's files; empty until somebody told them."""
    known = session.get(ImportColumns, program_id)
    return {name: str(heading) for name, heading in known.columns.items()} if known else {}


def save_columns(
    session: Session, *, program_id: UUID, columns: Mapping[str, str], actor: str, at: datetime
) -> None:
    """Remember which heading means what for the programme's next files.

    Raises `Invalid` when a needed column is missing or two of ours share one heading.
    """
    told = {ours: text.strip() for ours, text in columns.items() if ours in HEADINGS and text}
    for needed in REQUIRED:
        if not told.get(needed):
            raise Invalid("a needed column is missing", field=needed)
    if len(set(told.values())) < len(told):
        raise Invalid("two columns share a heading", field="columns")
    known = session.get(ImportColumns, program_id)
    if known is None:
        known = ImportColumns(program_id=program_id, columns={}, saved_by=actor, saved_at=at)
    known.columns, known.saved_by, known.saved_at = told, actor, at
    session.add(known)
    session.flush()


def apply(
    session: Session,
    *,
    program_id: UUID,
    data: bytes,
    actor: str,
    from_start: bool = False,
    at: datetime,
) -> Preview:
    """Write what the preview shows; bad rows are left out and named again.

    With `from_start` it puts mistakes right: earlier purchases too are judged by what is written.
    """
    found = preview(session, program_id=program_id, data=data)
    product_bulk.put_many(
        session,
        program_id=program_id,
        facts=found.facts(),
        actor=actor,
        from_start=from_start,
        at=at,
    )
    return found
