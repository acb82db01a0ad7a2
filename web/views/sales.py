"""The pivot of attributed sales as a table of words, numbers and ways further."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale, dates
from markupsafe import Markup

from analytics.periods import Period
from analytics.pivot import Amounts, Dimension, Pivot, PivotRow
from analytics.selection import Basis
from analytics.sheets import Cell, Column, Kind
from core.formats import Formats
from web import charts
from web.error_texts import N_
from web.program_filters import Filters
from web.views.figures import Change, relative

Say = Callable[[str], str]

DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.PRODUCT: N_("Produkt"),
    Dimension.FAMILY: N_("Rodzina"),
    Dimension.PARTNER: N_("Hurtownia"),
    Dimension.BRANCH: N_("Oddział"),
    Dimension.VOIVODESHIP: N_("Województwo"),
    Dimension.MONTH: N_("Miesiąc"),
    Dimension.PARTICIPANT: N_("Uczestnik"),
}
# Filter of a row's key, and the finer dimension that its name leads to.
_FILTERS: Mapping[Dimension, tuple[str, Dimension]] = {
    Dimension.FAMILY: ("family", Dimension.PRODUCT),
    Dimension.PRODUCT: ("product", Dimension.BRANCH),
    Dimension.PARTNER: ("partner", Dimension.BRANCH),
    Dimension.BRANCH: ("branch", Dimension.PRODUCT),
    Dimension.VOIVODESHIP: ("voivodeship", Dimension.BRANCH),
}


@dataclass(frozen=True, slots=True)
class SalesRow:
    """A row of the table; hrefs are empty where nothing finer can be shown."""

    label: str
    detail: str
    deeper_href: str
    claims_href: str
    units: str
    bar: Markup
    before: str
    change: Change
    points: str
    claims: str
    months: tuple[str, ...]


def months_between(period: Period) -> list[date]:
    found, month = [], period.first.replace(day=1)
    while month <= period.last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def month_words(month: date, language: str) -> str:
    """`listopad 2026`."""
    locale = Locale.parse("en_GB" if language == "en" else language)
    return dates.format_date(month, format="LLLL y", locale=locale)


def month_short(month: date, language: str) -> str:
    """`lis 26`: a column's heading."""
    locale = Locale.parse("en_GB" if language == "en" else language)
    return dates.format_date(month, format="LLL yy", locale=locale)


def label_of(row: PivotRow, dimension: Dimension, *, say: Say, language: str) -> tuple[str, str]:
    """The words of a row and what stands below them."""
    if row.together:
        return say(N_("Pozostałe razem")), say(N_("regiony poniżej 5 firm"))
    if dimension is Dimension.MONTH and isinstance(row.key, date):
        return month_words(row.key, language), ""
    if dimension is Dimension.VOIVODESHIP and isinstance(row.key, str) and row.key:
        return charts.VOIVODESHIPS[row.key].name, ""
    if row.key is None:
        return say(N_("bez oddziału")), ""
    if dimension is Dimension.PARTICIPANT and row.detail in charts.VOIVODESHIPS:
        return row.label, charts.VOIVODESHIPS[row.detail].name
    return row.label, row.detail


def rows(
    filters: Filters,
    found: Pivot,
    dimension: Dimension,
    months: Sequence[date],
    *,
    say: Say,
    language: str,
) -> list[SalesRow]:
    largest = max((float(row.now.units) for row in found.rows), default=0)
    return [
        _row(filters, row, dimension, months, largest, say=say, language=language)
        for row in found.rows
    ]


def total_row(
    filters: Filters, row: PivotRow, months: Sequence[date], *, say: Say, language: str
) -> SalesRow:
    return _row(filters, row, None, months, 0, say=say, language=language)


def _row(
    filters: Filters,
    row: PivotRow,
    dimension: Dimension | None,
    months: Sequence[date],
    largest: float,
    *,
    say: Say,
    language: str,
) -> SalesRow:
    formats = Formats(language)
    label, detail = (
        label_of(row, dimension, say=say, language=language)
        if dimension
        else (say(N_("Razem")), "")
    )
    deeper, behind = _ways(filters, row, dimension)

    def cell(month: date) -> str:
        amounts = row.months.get(month, Amounts())
        return say(N_("< 5 firm")) if amounts is None else formats.quantity(amounts.units)

    return SalesRow(
        label=label,
        detail=detail,
        deeper_href=deeper,
        claims_href=behind,
        units=formats.quantity(row.now.units),
        bar=charts.share(float(row.now.units), largest) if largest else Markup(""),
        before=formats.quantity(row.before.units) if row.before else "",
        change=relative(
            float(row.now.units),
            float(row.before.units) if row.before else None,
            formats=formats,
            rising=True,
        ),
        points=formats.number(row.now.points),
        claims=formats.number(row.now.claims),
        months=tuple(cell(month) for month in months),
    )


def _ways(filters: Filters, row: PivotRow, dimension: Dimension | None) -> tuple[str, str]:
    """To a finer table and to the claims behind the row."""
    moment = "purchased" if filters.selection.basis is Basis.PURCHASED else "decided"
    behind = {"show": "paid", "moment": moment, "day": None}
    if dimension is None:
        return "", filters.href("/program/claims", **behind)
    if row.together or row.key is None:
        return "", ""
    if dimension is Dimension.MONTH and isinstance(row.key, date):
        last = (row.key + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        days: dict[str, object] = {
            "period": "own",
            "from_": max(row.key, filters.period.first),
            "to": min(last, filters.period.last),
        }
        return (
            filters.href("/sales", **days, rows="product"),
            filters.href("/program/claims", **days, **behind),
        )
    if dimension not in _FILTERS:
        return "", ""
    name, finer = _FILTERS[dimension]
    return (
        filters.href("/sales", **{name: row.key, "rows": finer.value}),
        filters.href("/program/claims", **{name: row.key}, **behind),
    )


def columns(
    dimension: Dimension, months: Sequence[date], *, compared: bool, say: Say, language: str
) -> list[Column]:
    """The columns of the file: the same as on the page, the units of every month beside."""
    found = [Column(say(DIMENSIONS[dimension]), width=44), Column(say(N_("Opis")), width=22)]
    found += [Column(month_short(month, language), Kind.QUANTITY, 12) for month in months]
    found.append(Column(say(N_("Sztuki")), Kind.QUANTITY, 12))
    if compared:
        found.append(Column(say(N_("Sztuki poprzednio")), Kind.QUANTITY, 12))
    return [
        *found,
        Column(say(N_("Punkty")), Kind.WHOLE, 12),
        Column(say(N_("Zgłoszenia")), Kind.WHOLE, 12),
    ]


def cells(
    row: PivotRow,
    dimension: Dimension,
    months: Sequence[date],
    *,
    compared: bool,
    say: Say,
    language: str,
) -> list[Cell]:
    label, detail = label_of(row, dimension, say=say, language=language)
    made: list[Cell] = [label, detail]
    for month in months:
        amounts = row.months.get(month, Amounts())
        made.append(None if amounts is None else amounts.units)
    made.append(row.now.units)
    if compared:
        made.append(row.before.units if row.before else None)
    return [*made, row.now.points, row.now.claims]
