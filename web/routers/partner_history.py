"""What a desk decided and asked: history with later reversals, and open questions."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from core.errors import DomainError
from verification import asking, history, queue, undoing
from verification.facts import find_decision
from verification.tables import Decision
from web import pages
from web.access import CLERK, OPERATOR, PROGRAM_MANAGER, Router
from web.clerks import CurrentDesk, Desk
from web.cursors import cursor_of, read_cursor
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.views import conversation
from web.views import decisions as views
from web.views import queue as queue_views

router = Router(access=CLERK | PROGRAM_MANAGER | OPERATOR)
PAGE = 50


@router.get("/history")
def show_history(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    now: Now,
    whose: str = "",
    q: str = "",
    after: str = "",
) -> Response:
    """The decisions of this desk, newest first."""
    text, mine = q.strip()[:80], whose == "mine"
    found = history.list_decisions(
        session,
        clerk=desk.decider,
        mine=mine,
        text=text,
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    kept = {
        name: value for name, value in (("whose", "mine" if mine else ""), ("q", text)) if value
    }
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    more = {**kept, "after": cursor_of(last.decided_at, last.id)} if last else {}
    context = {
        "scope_label": desk.scope_label,
        "desk": desk,
        "rows": views.rows(
            session,
            found[:PAGE],
            gettext=pages.say(request),
            of_manufacturer=desk.of_manufacturer,
        ),
        "mine": mine,
        "q": text,
        "next_href": f"/history?{urlencode(more)}" if more else "",
        "first_href": f"/history?{urlencode(kept)}" if after else "",
        "now": now,
    }
    return pages.render(request, "partner/history.html", context)


@router.get("/history/{decision_id}")
def show_decision(
    request: Request, session: UnitOfWork, desk: CurrentDesk, decision_id: UUID
) -> Response:
    """One decision with its lines, and the form that takes it back."""
    decision = _decision(session, desk, decision_id)
    context = _context(request, session, desk, decision)
    return pages.render(request, "partner/decision.html", context)


def _decision(session: Session, desk: Desk, decision_id: UUID) -> Decision:
    decision = find_decision(session, decision_id=decision_id, clerk=desk.decider)
    if decision is None:
        raise queue.ReviewNotFound
    return decision


def _context(
    request: Request, session: Session, desk: Desk, decision: Decision
) -> dict[str, object]:
    claim = claim_queries.get_claim(session, decision.claim_id)
    gettext = pages.say(request)
    [row] = views.rows(
        session, [(decision, claim)], gettext=gettext, of_manufacturer=desk.of_manufacturer
    )
    return {
        "scope_label": desk.scope_label,
        "row": row,
        "lines": views.line_rows(session, decision, gettext),
        "said": conversation.said(session, asking.list_messages(session, claim.id), gettext),
        "note": "",
    }


@router.post("/history/{decision_id}/reversal")
@idempotent
def reverse(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    decision_id: UUID,
    now: Now,
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take a decision back with a reason; the claim is decided anew."""
    decision = _decision(session, desk, decision_id)
    context = _context(request, session, desk, decision)
    _ = pages.say(request)
    if not note.strip():
        text = {"note": _("Napisz, dlaczego cofasz tę decyzję.")}
        raise pages.wrong("partner/decision.html", context, text)
    try:
        reopened = undoing.undo(
            session, decision_id=decision.id, clerk=desk.decider, note=note, at=now
        )
    except DomainError as error:
        raise pages.refused(
            request, "partner/decision.html", {**context, "note": note}, error
        ) from error
    flash = _("Decyzja cofnięta. Zgłoszenie czeka na nową.")
    return pages.redirect(request, f"/reviews/{reopened.id}", flash=flash)


@router.get("/questions")
def show_questions(request: Request, session: UnitOfWork, desk: CurrentDesk, now: Now) -> Response:
    """Who was asked what, and since when the clock stands."""
    language, gettext = pages.viewer_of(request).language, pages.say(request)
    found = history.list_asked(session, clerk=desk.decider)
    rows = queue_views.rows(
        session,
        found,
        person_id=desk.decider.person_id,
        now=now,
        language=language,
        of_manufacturer=desk.of_manufacturer,
    )
    threads = []
    for row, (review, claim) in zip(rows, found, strict=True):
        said = conversation.said(session, asking.list_messages(session, claim.id), gettext)
        since = (now - (review.waiting_since or now)).total_seconds()
        threads.append((row, said[-1] if said else None, queue_views.span(since, language)))
    context = {"scope_label": desk.scope_label, "threads": threads, "desk": desk, "now": now}
    return pages.render(request, "partner/questions.html", context)
