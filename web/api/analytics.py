"""The figures of a programme for other systems: the same numbers as the pages, never a price."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from analytics import overview, pivot
from analytics.disclosure import enough
from analytics.overview import Figures
from analytics.pivot import Dimension, PivotRow
from analytics.sold_lines import Place, SoldLine, place_of, sold_lines
from core.clock import local_date
from core.errors import Invalid
from web.access import PROGRAM_ANALYST, ApiRouter
from web.api.paging import Cursor, Limit, Page
from web.deps import Now, UnitOfWork
from web.program_filters import Filters, read_filters
from web.program_people import CurrentProgram
from web.routers.analytics_sales import MOST_MONTHS, is_few
from web.views.sales import months_between

router = ApiRouter(area="analytics", access=PROGRAM_ANALYST, prefix="/analytics")

Text = Annotated[str, Query(max_length=200)]


def _filters(
    session: UnitOfWork,
    program: CurrentProgram,
    now: Now,
    period: Annotated[
        str,
        Query(
            description="last_7_days, last_30_days, this_month, last_month, this_quarter, "
            "this_year, all, or own with `from` and `to`."
        ),
    ] = "",
    first: Annotated[str, Query(alias="from", description="First day, ISO 8601.")] = "",
    last: Annotated[str, Query(alias="to", description="Last day, ISO 8601.")] = "",
    compare: Annotated[str, Query(description="previous, year or none.")] = "",
    partner: Annotated[str, Query(description="Id of a wholesaler.")] = "",
    branch: Annotated[str, Query(description="Id of a branch.")] = "",
    family: Text = "",
    product: Annotated[str, Query(description="Id of a product.")] = "",
    voivodeship: Annotated[str, Query(description="Two digits of TERYT.")] = "",
    day: Annotated[str, Query(description="decided or purchased.")] = "",
) -> Filters:
    given = {
        "period": period,
        "from": first,
        "to": last,
        "compare": compare,
        "partner": partner,
        "branch": branch,
        "family": family,
        "product": product,
        "voivodeship": voivodeship,
        "day": day,
    }
    return read_filters(session, program, local_date(now), given)


ApiFilters = Annotated[Filters, Depends(_filters)]


class FiguresOut(BaseModel):
    """What happened in a stretch of days. `participants` is null below five firms."""

    first_day: date
    last_day: date
    units: Decimal
    points: int
    claims_submitted: int
    claims_decided: int
    claims_paid: int
    claims_automatic: int
    median_seconds_to_decision: float | None
    participants: int | None


class OverviewOut(BaseModel):
    """The figures now and in the compared period; both null when too few firms stand behind."""

    as_of: datetime
    still_open: bool
    current: FiguresOut | None
    compared: FiguresOut | None


class SalesRowOut(BaseModel):
    """One row: its key (null: unknown, or small regions together), its sums, its months."""

    key: str | None
    label: str
    units: Decimal
    units_before: Decimal | None
    points: int
    claims: int
    months: dict[date, Decimal | None]
    together: bool


class SalesOut(BaseModel):
    """Attributed sales by one dimension; `more` says that a next page exists."""

    as_of: datetime
    rows: list[SalesRowOut]
    total_units: Decimal | None
    total_points: int | None
    more: bool


class LineOut(BaseModel):
    """An attributed line. `firm` is empty where its owner did not agree to be named."""

    claim_id: UUID
    position: int
    claim_number: str
    submitted_at: datetime
    decided_at: datetime
    purchased_on: date | None
    partner: str
    branch: str
    city: str
    voivodeship: str
    firm: str
    sku: str
    product: str
    family: str
    unit: str
    units: Decimal
    points: int
    rule_version: int | None


def _figures(found: Figures, filters: Filters, *, before: bool) -> FiguresOut:
    period = filters.before if before and filters.before else filters.period
    return FiguresOut(
        first_day=period.first,
        last_day=period.last,
        units=found.units,
        points=found.points,
        claims_submitted=found.submitted,
        claims_decided=found.decided,
        claims_paid=found.paid,
        claims_automatic=found.automatic,
        median_seconds_to_decision=found.median_s,
        participants=found.participants if enough(found.firms) or not found.firms else None,
    )


@router.get("/overview")
def get_overview(session: UnitOfWork, filters: ApiFilters, now: Now) -> OverviewOut:
    """The figures of the first page."""
    few = is_few(session, filters)
    current = compared = None
    if not few:
        found = overview.course(session, filters.selection, filters.period).whole
        current = _figures(found, filters, before=False)
        if filters.before is not None:
            earlier = overview.course(session, filters.selection, filters.before).whole
            if not filters.selection.voivodeship or enough(earlier.firms) or not earlier.firms:
                compared = _figures(earlier, filters, before=True)
    return OverviewOut(
        as_of=now,
        still_open=filters.period.is_open(filters.today),
        current=current,
        compared=compared,
    )


@router.get("/sales")
def get_sales(
    session: UnitOfWork,
    filters: ApiFilters,
    now: Now,
    rows: Dimension = Dimension.PRODUCT,
    by_month: bool = False,
    limit: Limit = 50,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> SalesOut:
    """Attributed units and points by one dimension."""
    if by_month and len(months_between(filters.period)) > MOST_MONTHS:
        raise Invalid("choose a shorter period for months", field="by_month")
    if is_few(session, filters):
        return SalesOut(as_of=now, rows=[], total_units=None, total_points=None, more=False)
    found = pivot.pivot(
        session,
        filters.selection,
        rows,
        before=filters.before,
        by_month=by_month,
        offset=(page - 1) * limit,
        limit=limit,
    )
    return SalesOut(
        as_of=now,
        rows=[_row(row) for row in found.rows],
        total_units=found.total.now.units if found.total else None,
        total_points=found.total.now.points if found.total else None,
        more=found.more,
    )


def _row(row: PivotRow) -> SalesRowOut:
    return SalesRowOut(
        key=None if row.key is None else str(row.key),
        label=row.label,
        units=row.now.units,
        units_before=row.before.units if row.before else None,
        points=row.now.points,
        claims=row.now.claims,
        months={month: amounts.units if amounts else None for month, amounts in row.months.items()},
        together=row.together,
    )


@router.get("/lines")
def get_lines(
    session: UnitOfWork, filters: ApiFilters, limit: Limit = 100, cursor: Cursor = ""
) -> Page[LineOut]:
    """Every attributed line, oldest decision first."""
    if is_few(session, filters):
        return Page(items=[], next_cursor=None)
    found = list(sold_lines(session, filters.selection, limit=limit + 1, after=_read(cursor)))
    shown = found[:limit]
    return Page(
        items=[_line(line) for line in shown],
        next_cursor=_cursor(place_of(shown[-1])) if len(found) > limit else None,
    )


def _line(line: SoldLine) -> LineOut:
    return LineOut(
        claim_id=line.claim_id,
        position=line.position,
        claim_number=line.claim_number,
        submitted_at=line.submitted_at,
        decided_at=line.decided_at,
        purchased_on=line.purchased_on,
        partner=line.partner,
        branch=line.branch,
        city=line.city,
        voivodeship=line.voivodeship,
        firm=line.firm,
        sku=line.sku,
        product=line.product,
        family=line.family,
        unit=line.unit,
        units=line.units,
        points=line.points,
        rule_version=line.rule_number,
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _cursor(place: Place) -> str:
    microseconds = (place[0] - _EPOCH) // timedelta(microseconds=1)
    text = f"{microseconds}|{place[1]}|{place[2]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, claim_id, position = text.split("|")
        moment = _EPOCH + timedelta(microseconds=int(at))
        return moment, UUID(claim_id), int(position)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise Invalid("no cursor of ours", field="cursor") from error
