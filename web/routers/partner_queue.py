"""The wholesaler's queue: what waits, what is due, and the way into the next review."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from core.formats import Formats
from verification import queue
from verification.facts import count_decided
from verification.tables import Cause
from web import pages
from web.access import CLERK, Router
from web.clerks import CurrentClerk
from web.cursors import cursor_of, read_cursor
from web.deps import Now, UnitOfWork
from web.views import queue as views
from web.views.queue import Filters
from web.views.review_words import CAUSES

router = Router(access=CLERK)
PAGE = 50


@router.get("/queue")
def show_queue(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    cause: str = "",
    branch: str = "",
    due: str = "",
    q: str = "",
    after: str = "",
) -> Response:
    filters = Filters.read(cause, branch, due, q)
    found = queue.list_open(
        session,
        clerk=counter.clerk,
        at=now,
        chosen=filters.chosen(now),
        after=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    counts = queue.count_queue(
        session,
        clerk=counter.clerk,
        at=now,
        today_ends=views.day_ends(now),
        branch_id=filters.branch,
    )
    language = pages.viewer_of(request).language
    formats = Formats(language)
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    joint = "&" if filters.query else "?"
    context = {
        "scope_label": counter.desk.scope_label,
        "rows": views.rows(
            session, found[:PAGE], person_id=counter.clerk.person_id, now=now, language=language
        ),
        "counts": counts,
        "causes": [
            (member, CAUSES[member], counts.causes.get(member, 0))
            for member in Cause
            if member in counts.causes or filters.cause is member
        ],
        "filters": filters,
        "branches": counter.desk.branches if counter.desk.sees_all_branches else (),
        "decided_today": count_decided(session, clerk=counter.clerk, since=views.day_begins(now)),
        "due_text": lambda at: views.due_text(at, now, formats.day),
        "next_href": f"/queue{filters.query}{joint}after={cursor_of(last.due_at, last.id)}"
        if last
        else "",
        "first_href": f"/queue{filters.query}" if after else "",
        "now": now,
    }
    return pages.render(request, "partner/queue.html", context)


@router.post("/queue/next")
def start(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    cause: Annotated[str, Form()] = "",
    branch: Annotated[str, Form()] = "",
    due: Annotated[str, Form()] = "",
    q: Annotated[str, Form()] = "",
) -> Response:
    """Take the first review that nobody has."""
    filters = Filters.read(cause, branch, due, q)
    taken = queue.take_next(session, clerk=counter.clerk, at=now, chosen=filters.chosen(now))
    if taken is None:
        _ = pages.say(request)
        return pages.redirect(
            request, f"/queue{filters.query}", flash=_("Nic nie czeka."), kind="info"
        )
    return pages.redirect(request, f"/reviews/{taken.id}{filters.query}")
