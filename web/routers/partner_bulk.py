"""Approving sure claims together: the list, the sum, one confirmation."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from core.formats import Formats
from verification import bulk
from web import pages
from web.access import CLERK, Router
from web.clerks import CurrentClerk
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.views import queue as views

router = Router(access=CLERK)


@router.get("/queue/sure")
def show_sure(request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now) -> Response:
    found = bulk.list_sure(session, clerk=counter.clerk, at=now)
    language = pages.viewer_of(request).language
    formats = Formats(language)
    context = {
        "scope_label": counter.desk.scope_label,
        "rows": views.rows(
            session, found, person_id=counter.clerk.person_id, now=now, language=language
        ),
        "total": sum(claim.estimate_points for _, claim in found),
        "due_text": lambda at: views.due_text(at, now, formats.day),
    }
    return pages.render(request, "partner/sure.html", context)


@router.post("/queue/sure")
@idempotent
def approve_sure(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    review: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Approve what was on the list; what changed since stays in the queue."""
    made = bulk.approve_sure(
        session, clerk=counter.clerk, review_ids=(review or [])[: bulk.MOST], at=now
    )
    _ = pages.say(request)
    points = Formats(pages.viewer_of(request).language).number(sum(d.points for d in made))
    flash = _("Zatwierdzone: %(n)s, razem %(points)s pkt.") % {"n": len(made), "points": points}
    return pages.redirect(request, "/queue", flash=flash)
