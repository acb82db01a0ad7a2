"""Attributed sales: by product, partner, region or month, down to the claims, out to files."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from analytics import overview, pivot
from analytics.disclosure import enough
from analytics.pivot import Dimension
from analytics.selection import Basis
from analytics.sheets import Column, Kind, Sheet, to_csv, to_xlsx
from analytics.sold_lines import sold_lines
from core.errors import Invalid, NotFound
from core.formats import Formats
from web import charts, pages
from web.access import PROGRAM_ANALYST, Router
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.program_filters import CurrentFilters, Filters
from web.program_people import CurrentProgram
from web.views import sales as views
from web.views.figures import period_words
from web.views.filters import filter_bar

router = Router(access=PROGRAM_ANALYST)
PAGE = 25
MOST_MONTHS = 18
MOST_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = Annotated[int, Query(ge=1, le=10_000)]


class TooManyRows(Invalid):
    """The file would have more rows than a spreadsheet is of use for."""

    code = "too-many-rows"


def _dimension(text: str) -> Dimension:
    try:
        return Dimension(text)
    except ValueError as error:
        raise Invalid("no such dimension", field="rows") from error


def _months(filters: Filters, columns: str) -> list[date]:
    if columns != "month":
        return []
    found = views.months_between(filters.period)
    if len(found) > MOST_MONTHS:
        raise Invalid("choose a shorter period for columns by month", field="columns")
    return found


def is_few(session: UnitOfWork, filters: Filters) -> bool:
    """Whether a region was chosen in which too few firms bought to show anything."""
    if not filters.selection.voivodeship:
        return False
    firms = overview.course(session, filters.selection, filters.period).whole.firms
    return bool(firms) and not enough(firms)


@router.get("/sales")
def show_sales(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    rows: str = "product",
    columns: str = "",
    page: Page = 1,
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    dimension, months = _dimension(rows), _months(filters, columns)
    few = is_few(session, filters)
    found = pivot.Pivot((), None, False)
    if not few:
        found = pivot.pivot(
            session,
            filters.selection,
            dimension,
            before=filters.before,
            by_month=bool(months),
            offset=(page - 1) * PAGE,
            limit=PAGE,
        )
    here = {"rows": dimension.value, "columns": columns if months else ""}
    basis = filters.selection.basis
    context = {
        "scope_label": program.name,
        "bar": filter_bar(filters, "/sales", say=say, language=language, kept=here),
        "now": now,
        "few": few,
        "dimension_label": say(views.DIMENSIONS[dimension]),
        "by_participant": dimension is Dimension.PARTICIPANT,
        "dimensions": [
            {
                "label": say(words),
                "href": filters.href("/sales", **(here | {"rows": choice.value})),
                "active": choice is dimension,
            }
            for choice, words in views.DIMENSIONS.items()
        ],
        "month_labels": [views.month_short(month, language) for month in months],
        "columns_href": filters.href("/sales", **(here | {"columns": "" if months else "month"})),
        "by_month": bool(months),
        "by_purchase": basis is Basis.PURCHASED,
        "basis_href": filters.href(
            "/sales", **here, day=None if basis is Basis.PURCHASED else Basis.PURCHASED.value
        ),
        "compared": filters.before is not None and dimension is not Dimension.MONTH,
        "rows": views.rows(filters, found, dimension, months, say=say, language=language),
        "total": views.total_row(filters, found.total, months, say=say, language=language)
        if found.total
        else None,
        "next_href": filters.href("/sales", **here, page=page + 1) if found.more else "",
        "previous_href": filters.href("/sales", **here, page=page - 1) if page > 1 else "",
        "csv_href": filters.href("/sales/table.csv", **here),
        "xlsx_href": filters.href("/sales/table.xlsx", **here),
        "lines_csv_href": filters.href("/sales/lines.csv"),
        "lines_xlsx_href": filters.href("/sales/lines.xlsx"),
    }
    return pages.render(request, "program/sales.html", context)


@router.get("/sales/table.{kind}")
def export_table(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    kind: str,
    rows: str = "product",
    columns: str = "",
) -> Response:
    """The table of the page with all its rows."""
    language, say = pages.viewer_of(request).language, pages.say(request)
    dimension, months = _dimension(rows), _months(filters, columns)
    if is_few(session, filters):
        raise NotFound
    found = pivot.pivot(
        session,
        filters.selection,
        dimension,
        before=filters.before,
        by_month=bool(months),
        limit=MOST_ROWS,
    )
    if found.more:
        raise TooManyRows(field="period", most=MOST_ROWS)
    compared = filters.before is not None
    sheet = Sheet(
        name=say(N_("Sprzedaż przypisana")),
        columns=views.columns(dimension, months, compared=compared, say=say, language=language),
        rows=[
            views.cells(row, dimension, months, compared=compared, say=say, language=language)
            for row in found.rows
        ],
        note=_note(program.name, filters, Formats(language).moment(now), language),
    )
    return as_file(sheet, kind, f"sprzedaz-{dimension.value}", language)


@router.get("/sales/lines.{kind}")
def export_lines(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    kind: str,
) -> Response:
    """Every attributed line with its claim."""
    language, say = pages.viewer_of(request).language, pages.say(request)
    if is_few(session, filters):
        raise NotFound
    found = list(sold_lines(session, filters.selection, limit=MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise TooManyRows(field="period", most=MOST_ROWS)
    sheet = Sheet(
        name=say(N_("Pozycje")),
        columns=[
            Column(say(N_("Zgłoszenie"))),
            Column(say(N_("Wysłane")), Kind.MOMENT),
            Column(say(N_("Rozpatrzone")), Kind.MOMENT),
            Column(say(N_("Zakup")), Kind.DAY, 12),
            Column(say(N_("Hurtownia"))),
            Column(say(N_("Oddział"))),
            Column(say(N_("Miejscowość"))),
            Column(say(N_("Województwo"))),
            Column(say(N_("Uczestnik")), width=30),
            Column(say(N_("Kod produktu"))),
            Column(say(N_("Produkt")), width=44),
            Column(say(N_("Rodzina"))),
            Column(say(N_("Jednostka")), width=10),
            Column(say(N_("Sztuki")), Kind.QUANTITY, 12),
            Column(say(N_("Punkty")), Kind.WHOLE, 12),
            Column(say(N_("Wersja zasad")), Kind.WHOLE, 12),
        ],
        rows=[
            [
                line.claim_number,
                line.submitted_at,
                line.decided_at,
                line.purchased_on,
                line.partner,
                line.branch,
                line.city,
                charts.VOIVODESHIPS[line.voivodeship].name if line.voivodeship else "",
                line.firm,
                line.sku,
                line.product,
                line.family,
                line.unit,
                line.units,
                line.points,
                line.rule_number,
            ]
            for line in found
        ],
        note=_note(program.name, filters, Formats(language).moment(now), language),
    )
    return as_file(sheet, kind, "pozycje", language)


def _note(program: str, filters: Filters, moment: str, language: str) -> str:
    """What the file is of, for whoever opens it later."""
    chosen = filters.selection
    place = next((p for p in filters.places if p.branch_id == chosen.branch_id), None)
    partner = next((p for p in filters.places if p.partner_id == chosen.partner_id), None)
    facts = [
        program,
        period_words(filters.period, language),
        partner.partner_name if partner else "",
        f"{place.partner_name}, {place.name}" if place else "",
        chosen.family,
        filters.product_name,
        charts.VOIVODESHIPS[chosen.voivodeship].name if chosen.voivodeship else "",
        moment,
    ]
    return "\n".join(fact for fact in facts if fact)


def as_file(sheet: Sheet, kind: str, name: str, language: str) -> Response:
    """A table as a download. Raises `NotFound` for a kind that we do not write."""
    if kind == "csv":
        data, media_type = to_csv(sheet, language=language), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        data, media_type = to_xlsx(sheet), XLSX
    else:
        raise NotFound
    return Response(
        data,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
