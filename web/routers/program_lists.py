"""Who takes part, how wholesalers decide, and what the rewards cost: the manufacturer's lists."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from analytics import overview, participants, partner_quality, rewards_shelf
from analytics.disclosure import FEWEST_FIRMS, enough
from core.clock import local_date
from core.formats import Formats
from programs import tax_modes
from programs.queries import settings_of
from web import charts, pages
from web.access import PROGRAM_ANALYST, Router
from web.charts.tile_map import shade
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.program_filters import CurrentFilters, Filters
from web.program_people import CurrentProgram
from web.views.figures import duration
from web.views.filters import filter_bar
from web.views.sales import month_words

router = Router(access=PROGRAM_ANALYST)
PAGE = 50
Page = Annotated[int, Query(ge=1, le=10_000)]


def _pager(filters: Filters, path: str, page: int, more: bool) -> dict[str, str]:
    return {
        "next_href": filters.href(path, page=page + 1) if more else "",
        "previous_href": filters.href(path, page=page - 1) if page > 1 else "",
    }


@router.get("/participants")
def list_participants(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    page: Page = 1,
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    found = participants.list_participants(
        session, filters.selection, offset=(page - 1) * PAGE, limit=PAGE + 1
    )
    formats = Formats(language)
    cohorts = [
        (
            month_words(cohort.month, language),
            formats.number(cohort.size) if enough(cohort.firms) else f"<\u00a0{FEWEST_FIRMS}",
            [
                (formats.percent(active / cohort.size, 0), shade(active, cohort.size))
                for active in cohort.active
            ],
        )
        for cohort in participants.cohorts(session, program.id, today=local_date(now))
    ]
    context = {
        "scope_label": program.name,
        "bar": filter_bar(filters, "/participants", say=say, language=language, compares=False),
        "now": now,
        "counts": participants.counts(session, filters.selection, now=now),
        "fewest": FEWEST_FIRMS,
        "participants": [
            (
                row,
                charts.VOIVODESHIPS[row.voivodeship].name
                if row.voivodeship in charts.VOIVODESHIPS
                else "",
            )
            for row in found[:PAGE]
        ],
        "cohorts": cohorts,
        "cohort_months": max((len(cells) for _, _, cells in cohorts), default=0),
        **_pager(filters, "/participants", page, len(found) > PAGE),
    }
    return pages.render(request, "program/participants.html", context)


@router.get("/partners")
def list_partners(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    formats = Formats(language)
    found = partner_quality.branch_quality(session, filters.selection, now=now)
    whole = overview.course(session, filters.selection, filters.period).whole
    late_points = settings_of(program).late_points
    promised, kept = sum(b.promised for b in found), sum(b.kept for b in found)
    rows = [
        {
            "branch": f"{branch.partner}, {branch.branch}",
            "city": "" if branch.city == branch.branch else branch.city,
            "decided": formats.number(branch.decided),
            "claims_href": filters.href(
                "/program/claims",
                partner=None,
                branch=branch.branch_id,
                show="decided",
                moment="decided",
            ),
            "median": duration(branch.median_s, say) if branch.median_s is not None else "–",
            "p95": duration(branch.p95_s, say) if branch.p95_s is not None else "–",
            "kept": formats.percent(branch.kept_share) if branch.kept_share is not None else "–",
            "late": formats.number(branch.promised - branch.kept),
            "charge": formats.number((branch.promised - branch.kept) * late_points)
            if late_points
            else "–",
            "kept_low": branch.kept_share is not None and branch.kept_share < 0.9,
            "approval": formats.percent(branch.approval) if branch.approval is not None else "–",
            "outlying": partner_quality.outlying(branch, approval=whole.approval),
            "undone": formats.number(branch.undone),
            "corrected": formats.number(branch.corrected),
            "waiting": formats.number(branch.waiting),
            "overdue": branch.overdue,
        }
        for branch in found
    ]
    context = {
        "scope_label": program.name,
        "bar": filter_bar(filters, "/partners", say=say, language=language, compares=False),
        "now": now,
        "rows": rows,
        "median": duration(whole.median_s, say) if whole.median_s is not None else "–",
        "approval": formats.percent(whole.approval) if whole.approval is not None else "–",
        "kept": formats.percent(kept / promised) if promised else "–",
        "kept_note": f"{formats.number(kept)} / {formats.number(promised)}",
        "waiting": formats.number(sum(b.waiting for b in found)),
        "overdue": sum(b.overdue for b in found),
        "late": formats.number(promised - kept),
        "charge": say(N_("obciążenie: %(points)s pkt"))
        % {"points": formats.number((promised - kept) * late_points)},
    }
    return pages.render(request, "program/partners.html", context)


@router.get("/rewards-admin")
def list_rewards(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    page: Page = 1,
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    found = rewards_shelf.shelf(
        session,
        program_id=program.id,
        period=filters.period,
        on=local_date(now),
        offset=(page - 1) * PAGE,
        limit=PAGE + 1,
    )
    context = {
        "scope_label": program.name,
        "bar": filter_bar(
            filters, "/rewards-admin", say=say, language=language, compares=False, narrows=False
        ),
        "now": now,
        "rewards": found[:PAGE],
        "tax_mode": tax_modes.mode_on(session, program_id=program.id, on=local_date(now)),
        **_pager(filters, "/rewards-admin", page, len(found) > PAGE),
    }
    return pages.render(request, "program/rewards.html", context)
