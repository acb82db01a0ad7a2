"""The manufacturer's first page: what the programme brought, and where it loses."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from analytics import breakdown, funnel, liability, overview
from analytics.disclosure import enough
from core.clock import local_date
from programs.tables import Program
from web import pages
from web.access import PROGRAM_ANALYST, Router
from web.deps import Now, UnitOfWork
from web.program_filters import CurrentFilters, Filters
from web.program_people import CurrentProgram
from web.views import overview as views
from web.views.figures import period_words
from web.views.filters import filter_bar

router = Router(access=PROGRAM_ANALYST)


@router.get("/overview")
def show_overview(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    chosen = filters.selection
    current = overview.course(session, chosen, filters.period)
    context: dict[str, object] = {
        "scope_label": program.name,
        "program_name": program.name,
        "bar": filter_bar(filters, "/overview", say=say, language=language),
        "now": now,
        "still_open": filters.period.is_open(filters.today),
        "export_href": filters.href("/sales"),
    }
    # A region with few firms is a group of few firms, whatever is counted in it.
    few = bool(chosen.voivodeship and current.whole.firms and not enough(current.whole.firms))
    nothing = not current.whole.submitted and not current.whole.decided
    nearest = overview.nearest_day(session, chosen) if nothing else None
    context |= {
        "few": few,
        "nothing": nothing,
        "nearest_href": filters.href(
            "/overview", period="own", from_=nearest.replace(day=1), to=nearest
        )
        if nearest
        else "",
    }
    if not few and not nothing:
        before = overview.course(session, chosen, filters.before) if filters.before else None
        shown, others = breakdown.shown_regions(breakdown.regions(session, chosen))
        chart, table, legend = views.daily_chart(
            filters, current, before, say=say, language=language
        )
        region_map, region_table, region_note = views.region_map(
            filters, shown, others, say=say, language=language
        )
        money = _money(session, program, filters, now)
        context |= {
            "tiles": views.tiles(
                filters,
                current,
                before,
                money,
                enrolled=overview.enrolled(session, chosen),
                say=say,
                language=language,
            ),
            "chart": chart,
            "chart_table": table,
            "legend": legend,
            "products": views.top_products(
                filters,
                breakdown.top_products(session, chosen, before=filters.before),
                language=language,
            ),
            "products_href": filters.href("/sales"),
            "region_map": region_map,
            "region_table": region_table,
            "region_note": region_note,
            "funnel": views.funnel_chart(
                filters, funnel.funnel(session, chosen), say=say, language=language
            ),
            "cost_per_point": money.cost_per_point,
            "narrowed": filters.narrowed,
            "period_words": period_words(filters.period, language),
        }
    return pages.render(request, "program/overview.html", context)


def _money(session: Session, program: Program, filters: Filters, now: datetime) -> views.Money:
    until = liability.quarter_end(now)
    before = filters.before
    return views.Money(
        liability=liability.liability(session, program_id=program.id, period=filters.period),
        cost_per_point=liability.cost_per_point(session, program_id=program.id),
        spent=liability.rewards_cost(session, program_id=program.id, period=filters.period),
        spent_before=sum(
            liability.rewards_cost(session, program_id=program.id, period=before).values()
        )
        if before
        else None,
        expiring=liability.expiring(
            session, program_id=program.id, on=local_date(now), until=until
        ),
        expiring_until=until,
    )
