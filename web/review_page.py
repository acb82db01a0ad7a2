"""What the page of a review is drawn from, whether it is opened, drafted, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request

from claims import queries as claim_queries
from core.formats import Formats
from verification import asking, handing, preview, queue, seen
from verification.facts import count_decided, find_decision
from verification.queue import Clerk
from verification.tables import Decision, Review
from web import pages
from web.clerks import Desk
from web.review_form import ReviewForm
from web.views import conversation, feeds, sightings
from web.views import queue as queue_views
from web.views import reviews as views
from web.views.queue import Filters
from web.views.review_words import QUESTIONS, REASONS, VALUE_REASON

TEMPLATE = "partner/review.html"
QUICK = timedelta(seconds=10)  # an undo without words is offered as long


def filters_of(source: Mapping[str, str]) -> Filters:
    """The part of the queue that somebody came from, as the address or a form carries it."""
    return Filters.read(*(source.get(name, "") for name in ("cause", "branch", "due", "q")))


def context(
    request: Request,
    session: Session,
    material: views.Material,
    form: ReviewForm,
    *,
    desk: Desk,
    now: datetime,
) -> dict[str, Any]:
    """Frozen views only: a refused form is drawn after its transaction has ended."""
    review, filters = material.review, filters_of(request.query_params)
    formats = Formats(pages.viewer_of(request).language)
    gettext = pages.say(request)
    return {
        **around(session, review, filters, desk=desk, now=now),
        "scope_label": desk.scope_label if desk.partner else material.program.name,
        "partner_side": isinstance(desk.decider, Clerk),
        "review": views.view(
            session, material, form, desk=desk, now=now, gettext=gettext, formats=formats
        ),
        "said": conversation.said(session, asking.list_messages(session, review.claim_id), gettext),
        "sales": (
            feeds.of_claim(session, review.claim_id, gettext) if not desk.of_manufacturer else ()
        ),
        "ksef": sightings.page_of(session, review, gettext),
        "reasons": REASONS,
        "line_reasons": (*REASONS, VALUE_REASON)
        if preview.pays_by_value(session, material.claim)
        else REASONS,
        "places": handing.places_for(session, review, desk.decider),
        "questions": QUESTIONS,
        "seen": seen.state_of(session, review),
        "page_mark": seen.page_of(session, review),
        "due_text": lambda at: queue_views.due_text(at, now, formats.day),
        "undo": undo_offer(request, session, desk, now),
        "show_earlier": request.query_params.get("earlier") == "1",
        "now": now,
    }


def around(
    session: Session, review: Review, filters: Filters, *, desk: Desk, now: datetime
) -> dict[str, Any]:
    """The queue around a review: counts, the ways back and on, what comes once it is decided."""
    chosen = filters.chosen(now)
    before, after = queue.find_neighbours(
        session, review=review, clerk=desk.decider, at=now, chosen=chosen
    )
    return {
        "desk": desk,
        "filters": filters,
        "before": before,
        "after": after,
        "next": queue.find_next(session, review=review, clerk=desk.decider, at=now, chosen=chosen),
        "counts": queue.count_queue(
            session, clerk=desk.decider, at=now, today_ends=queue_views.day_ends(now)
        ),
        "decided_today": count_decided(
            session, clerk=desk.decider, since=queue_views.day_begins(now)
        ),
    }


def offer_of(request: Request, session: Session, decision: Decision) -> dict[str, str]:
    """The undo of a decision, worded."""
    _ = pages.say(request)
    claim = claim_queries.get_claim(session, decision.claim_id)
    text = (
        _("%(number)s: zaliczone %(points)s pkt") if decision.points else _("%(number)s: odrzucone")
    )
    points = Formats(pages.viewer_of(request).language).number(decision.points)
    return {
        "action": f"/decisions/{decision.id}/undo",
        "text": text % {"number": claim.number, "points": points},
    }


def undo_offer(
    request: Request, session: Session, desk: Desk, now: datetime
) -> dict[str, str] | None:
    """What was just done and can be taken back without words: a decision, or a hand-over."""
    _ = pages.say(request)
    given = request.query_params
    try:
        if given.get("aside"):
            return aside_offer(session, desk, UUID(given["aside"]), _)
        decision = find_decision(
            session, decision_id=UUID(given.get("done", "")), clerk=desk.decider
        )
    except ValueError:
        return None
    if decision is None or decision.undone_at or decision.decided_by != desk.decider.person_id:
        return None
    if now > decision.decided_at + QUICK:
        return None
    return offer_of(request, session, decision)


def aside_offer(
    session: Session, desk: Desk, review_id: UUID, gettext: Any
) -> dict[str, str] | None:
    if not isinstance(desk.decider, Clerk):
        return None
    try:
        review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    except queue.ReviewNotFound:
        return None
    words = {
        "postponed": gettext("%(number)s: odłożone na godzinę"),
        "escalated": gettext("%(number)s: przekazane organizatorowi"),
    }.get(review.status)
    if words is None:
        return None
    claim = claim_queries.get_claim(session, review.claim_id)
    return {
        "action": f"/reviews/{review.id}/call-back",
        "text": words % {"number": claim.number},
    }
