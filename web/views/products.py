"""Products, their codes and the names of sellers as the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from accounts.tables import Person
from core.formats import Formats
from partners.tables import Partner
from programs import product_history
from programs.policy import EarningLine, Rules, evaluate
from programs.product_days import takes_part
from programs.product_history import DayFacts
from programs.product_import import Change, ImportRow
from programs.product_tables import AliasKind, Product, ProductAlias, SellerUnit
from programs.products import ListedProduct
from web.error_texts import N_
from web.texts.units import unit_word
from web.views.claims import by_id

Say = Callable[[str], str]
FAULTS: Mapping[str, str] = {
    "sku": N_("brak kodu albo za długi"),
    "name": N_("brak nazwy albo za długa"),
    "family": N_("brak rodziny albo za długa"),
    "unit": N_("nieznana jednostka"),
    "gtin": N_("GTIN ma złą liczbę cyfr albo złą cyfrę kontrolną"),
    "carton_units": N_("nie wiadomo, ile sztuk jest w kartonie"),
    "pack_unit": N_("nieznana jednostka zbiorcza"),
    "pack_units": N_("nie wiadomo, ile jest w jednostce zbiorczej"),
    "eligible_from": N_("zła data „od”"),
    "eligible_to": N_("zła data „do” albo koniec przed początkiem"),
    "repeated": N_("ten kod jest już w wierszu powyżej"),
    "foreign_gtin": N_("ten GTIN należy do innego produktu"),
    "like_sku": N_("kod różni się od znanego tylko wielkością liter albo kreską"),
    "surplus": N_(
        "więcej pól niż nagłówków: tekst ze średnikiem albo przecinkiem ujmij w cudzysłów"
    ),
}
# The columns of a file of products, by our names.
COLUMNS: Mapping[str, str] = {
    "sku": N_("Kod producenta"),
    "name": N_("Nazwa"),
    "family": N_("Rodzina"),
    "unit": N_("Jednostka"),
    "gtin": N_("GTIN sztuki"),
    "carton_gtin": N_("GTIN kartonu"),
    "carton_units": N_("Sztuk w kartonie"),
    "pack_unit": N_("Jednostka zbiorcza"),
    "pack_units": N_("Ile w jednostce zbiorczej"),
    "eligible_from": N_("Ważny od"),
    "eligible_to": N_("Ważny do"),
}
# What a row of a file changes in a product.
CHANGED: Mapping[str, str] = {**COLUMNS, "gtin": "GTIN"}
ALIAS_KINDS: Mapping[AliasKind, str] = {
    AliasKind.SELLER_INDEX: N_("indeks"),
    AliasKind.TEXT: N_("nazwa"),
}


@dataclass(frozen=True, slots=True)
class ProductRow:
    product_id: UUID
    sku: str
    name: str
    family: str
    unit: str
    gtins: int
    aliases: int
    points: str
    eligible: str


@dataclass(frozen=True, slots=True)
class AliasRow:
    alias_id: UUID
    seller: str
    kind: str
    text: str
    units: Decimal
    confirmed_by: str
    confirmed_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SellerUnitRow:
    """What one printed unit of a seller's name holds, and who says so."""

    seller_unit_id: UUID
    seller: str
    text: str
    printed: str
    units: Decimal
    product_unit: str
    confirmed_by: str
    confirmed_at: datetime
    second_by: str
    second_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class FaultRow:
    number: int
    sku: str
    name: str
    fault: str
    value: str


def points_of(product: Product, known: DayFacts, rules: Rules | None, on: date) -> Decimal:
    """Points before rounding that one unit brings today; what is shown before the purchase.

    `known` is the product as it is today: what was changed today counts from tomorrow on.
    """
    if rules is None or not takes_part(product, on):
        return Decimal(0)
    award = evaluate(
        rules,
        EarningLine(
            sku=known.sku,
            family=known.family,
            units=Decimal(1),
            purchased_on=on,
            partner_nip="",
        ),
    )
    return award.steps[-1].points.normalize() if award.steps else Decimal(0)


def rows(
    session: Session,
    found: Sequence[ListedProduct],
    rules: Rules | None,
    on: date,
    *,
    language: str,
) -> list[ProductRow]:
    formats = Formats(language)
    known = product_history.on_day(session, [listed.product for listed in found], on=on)
    return [
        ProductRow(
            product_id=listed.product.id,
            sku=listed.product.sku,
            name=listed.product.name,
            family=listed.product.family,
            unit=listed.product.unit,
            gtins=listed.gtins,
            aliases=listed.aliases,
            points=formats.number(points_of(listed.product, known[listed.product.id], rules, on)),
            eligible=_eligible(listed.product, formats),
        )
        for listed in found
    ]


def _eligible(product: Product, formats: Formats) -> str:
    """`01.10.2026 – 31.12.2026`; empty when it is as long as the programme."""
    ends = [
        formats.short_date(day) if day else "…"
        for day in (product.eligible_from, product.eligible_to)
    ]
    return "" if ends == ["…", "…"] else " – ".join(ends)


def person_names(session: Session, actors: Sequence[str | None]) -> dict[str, str]:
    """Names by the references that history keeps (`person:<id>`); others stay as they are."""
    ids = [UUID(actor.removeprefix("person:")) for actor in actors if actor and _is_person(actor)]
    people = by_id(session, Person, ids)
    return {f"person:{id}": person.name for id, person in people.items()}


def _is_person(actor: str) -> bool:
    return actor.startswith("person:") and len(actor) == 43


def _sellers(session: Session, nips: set[str]) -> dict[str, str]:
    return {
        partner.nip: partner.short_name
        for partner in session.exec(select(Partner).where(col(Partner.nip).in_(nips)))
    }


def seller_unit_rows(
    session: Session, found: Sequence[SellerUnit], *, say: Say
) -> list[SellerUnitRow]:
    sellers = _sellers(session, {one.seller_nip for one in found})
    people = [by for one in found for by in (one.confirmed_by, one.second_by, one.withdrawn_by)]
    names = {
        "product": say(N_("zmiana jednostek produktu")),
        **person_names(session, people),
    }
    system = say(N_("system"))
    return [
        SellerUnitRow(
            seller_unit_id=one.id,
            seller=sellers.get(one.seller_nip, f"NIP {one.seller_nip}"),
            text=one.text,
            printed=one.shown,
            units=one.units,
            product_unit=unit_word(one.product_unit, say),
            confirmed_by=names.get(one.confirmed_by, system),
            confirmed_at=one.confirmed_at,
            second_by=names.get(one.second_by or "", system) if one.second_by else "",
            second_at=one.second_at,
            withdrawn_by=names.get(one.withdrawn_by or "", system),
            withdrawn_at=one.withdrawn_at,
        )
        for one in found
    ]


def alias_rows(session: Session, found: Sequence[ProductAlias], *, say: Say) -> list[AliasRow]:
    sellers = _sellers(session, {alias.seller_nip for alias in found})
    names = person_names(session, [a.confirmed_by for a in found] + [a.withdrawn_by for a in found])
    return [
        AliasRow(
            alias_id=alias.id,
            seller=sellers.get(alias.seller_nip, f"NIP {alias.seller_nip}"),
            kind=say(ALIAS_KINDS[alias.kind]),
            text=alias.text,
            units=alias.units,
            confirmed_by=names.get(alias.confirmed_by, say(N_("system"))),
            confirmed_at=alias.confirmed_at,
            withdrawn_by=names.get(alias.withdrawn_by or "", say(N_("system"))),
            withdrawn_at=alias.withdrawn_at,
        )
        for alias in found
    ]


def changes(found: Sequence[Change], *, say: Say, language: str) -> list[str]:
    """`Jednostka: m → szt.`, a line for each fact that a row would change."""
    none, formats = say(N_("brak")), Formats(language)

    def shown(field: str, text: str) -> str:
        if text and field in ("eligible_from", "eligible_to"):
            return formats.short_date(date.fromisoformat(text))
        return (unit_word(text, say) if field == "unit" else text) or none

    return [
        f"{say(CHANGED[one.field])}: {shown(one.field, one.old)} → {shown(one.field, one.new)}"
        for one in found
    ]


def faults(found: Sequence[ImportRow], *, say: Say) -> list[FaultRow]:
    return [
        FaultRow(
            row.number,
            row.sku,
            row.name,
            say(FAULTS[row.fault]) if row.fault in FAULTS else say(N_("nieprawidłowe dane")),
            row.value,
        )
        for row in found
    ]
