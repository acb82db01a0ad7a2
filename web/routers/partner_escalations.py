"""What wholesalers handed up, or nobody claims: the programme's own people decide it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from core.formats import Formats
from verification import queue
from web import pages
from web.access import OPERATOR, PROGRAM_MANAGER, Router
from web.clerks import CurrentOrganiser
from web.cursors import cursor_of, read_cursor
from web.deps import Now, UnitOfWork
from web.views import queue as views
from web.views.queue import Filters

router = Router(access=PROGRAM_MANAGER | OPERATOR)
PAGE = 50


@router.get("/escalations")
def show_escalations(
    request: Request, session: UnitOfWork, desk: CurrentOrganiser, now: Now, after: str = ""
) -> Response:
    found = queue.list_open(
        session,
        clerk=desk.decider,
        at=now,
        after=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    counts = queue.count_queue(session, clerk=desk.decider, at=now, today_ends=views.day_ends(now))
    language = pages.viewer_of(request).language
    formats = Formats(language)
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    context = {
        "scope_label": desk.scope_label,
        "rows": views.rows(
            session,
            found[:PAGE],
            person_id=desk.decider.person_id,
            now=now,
            language=language,
            of_manufacturer=desk.of_manufacturer,
        ),
        "counts": counts,
        "filters": Filters(),
        "branches": (),
        "due_text": lambda at: views.due_text(at, now, formats.day),
        "next_href": f"/escalations?after={cursor_of(last.due_at, last.id)}" if last else "",
        "first_href": "/escalations" if after else "",
    }
    return pages.render(request, "partner/escalations.html", context)


@router.post("/escalations/next")
def start(request: Request, session: UnitOfWork, desk: CurrentOrganiser, now: Now) -> Response:
    """Take the first escalated review that nobody has."""
    taken = queue.take_next(session, clerk=desk.decider, at=now)
    if taken is None:
        _ = pages.say(request)
        return pages.redirect(request, "/escalations", flash=_("Nic nie czeka."), kind="info")
    return pages.redirect(request, f"/reviews/{taken.id}")
