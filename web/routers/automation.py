"""What the system decides by itself, and the arithmetic that allows it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from core.formats import Formats
from programs import queries
from verification import automation_figures as figures
from web import pages
from web.access import PROGRAM_ANALYST, Router
from web.deps import Now, UnitOfWork
from web.program_people import CurrentProgram
from web.views import automation as views

router = Router(access=PROGRAM_ANALYST)


@router.get("/automation")
def show_automation(
    request: Request, session: UnitOfWork, program: CurrentProgram, now: Now
) -> Response:
    say, formats = pages.say(request), Formats(pages.viewer_of(request).language)
    settings = queries.settings_of(program)
    found = figures.routes(session, program, at=now)
    missing = views.missing_words(figures.waiting_for(session, program, at=now), say)
    context = {
        "scope_label": program.name,
        "now": now,
        "settings": settings,
        "ceiling": float(settings.error_ceiling),
        "share": float(settings.sample_share),
        "routes": views.route_views(found, float(settings.error_ceiling), say, formats),
        "claims": sum(row.claims for row in found),
        "paid": sum(row.paid for row in found),
        "wrongly": sum(row.wrongly for row in found),
        "waiting": sum(row.evidence.waiting for row in found),
        "missing": missing,
        "drawn": views.drawn_views(figures.list_drawn(session, program), say, formats),
    }
    return pages.render(request, "program/automation.html", context)
