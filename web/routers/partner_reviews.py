"""One review: its page, its document, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from claims import queries as claim_queries
from claims.service import ClaimNotFound
from claims.states import ReasonCode
from core.errors import DomainError
from core.formats import Formats
from verification import correcting, decisions, handing, preview, queue, undoing
from verification.facts import count_decided, find_decision
from verification.judging import TooFewUnits
from verification.queue import Clerk
from verification.tables import Decision, Review
from web import pages, review_form
from web.access import CLERK, OPERATOR, PROGRAM_MANAGER, Router
from web.clerks import CurrentDesk, Desk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.review_form import Fields
from web.routers.claims import page_of, picture
from web.views import queue as queue_views
from web.views import reviews as views
from web.views.queue import Filters
from web.views.review_words import REASONS

router = Router(access=CLERK | PROGRAM_MANAGER | OPERATOR)
REASON_BY_VALUE = {reason.value: reason for reason, _ in REASONS}
PUT_ASIDE = timedelta(hours=1)


def filters_of(source: Mapping[str, str]) -> Filters:
    return Filters.read(source.get("cause", ""), source.get("branch", ""), source.get("due", ""))


@router.get("/reviews/{review_id}")
def show_review(
    request: Request, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now
) -> Response:
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    material = views.gather(session, review)
    form = review_form.read(review.draft, material.lines, material.facts.doubts)
    context = page_context(request, session, material, form, desk=desk, now=now)
    return pages.render(request, "partner/review.html", context)


def page_context(
    request: Request,
    session: Session,
    material: views.Material,
    form: review_form.ReviewForm,
    *,
    desk: Desk,
    now: datetime,
) -> dict[str, Any]:
    review, filters = material.review, filters_of(request.query_params)
    language = pages.viewer_of(request).language
    formats = Formats(language)
    chosen = filters.chosen(now)
    before, after = queue.find_neighbours(
        session, review=review, clerk=desk.decider, at=now, chosen=chosen
    )
    counts = queue.count_queue(
        session, clerk=desk.decider, at=now, today_ends=queue_views.day_ends(now)
    )
    return {
        "scope_label": desk.scope_label or material.program.name,
        "desk": desk,
        "partner_side": isinstance(desk.decider, Clerk),
        "review": views.view(
            session,
            material,
            form,
            desk=desk,
            now=now,
            gettext=pages.say(request),
            formats=formats,
        ),
        "reasons": REASONS,
        "filters": filters,
        "before": before,
        "after": after,
        "after_pages": _page_addresses(session, after),
        "counts": counts,
        "decided_today": count_decided(
            session, clerk=desk.decider, since=queue_views.day_begins(now)
        ),
        "due_text": lambda at: queue_views.due_text(at, now, formats.day),
        "undo": _undo_offer(request, session, desk, now),
        "show_earlier": request.query_params.get("earlier") == "1",
        "now": now,
    }


def _page_addresses(session: Session, review_id: UUID | None) -> list[str]:
    """The pictures of the review that comes next, for the browser to have them already."""
    if review_id is None:
        return []
    review = session.get_one(Review, review_id)
    shown = claim_queries.list_pages(session, review.claim_id)
    return [f"/reviews/{review_id}/pages/{page.number}" for page in shown[:2]]


def _undo_offer(
    request: Request, session: Session, desk: Desk, now: datetime
) -> dict[str, str] | None:
    """The decision that was just made, while it can be taken back without words."""
    given = request.query_params.get("done", "")
    try:
        decision = find_decision(session, decision_id=UUID(given), clerk=desk.decider)
    except ValueError:
        return None
    if decision is None or decision.undone_at or decision.decided_by != desk.decider.person_id:
        return None
    if now > decision.decided_at + timedelta(seconds=10):
        return None
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


@router.post("/reviews/{review_id}/decision")
@idempotent
def decide(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Approve what is on the form, line by line, and go on to the next review."""
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    material = views.gather(session, review)
    form = review_form.read(fields, material.lines, material.facts.doubts)
    verdicts, wrong = review_form.verdicts(form, material.lines, material.products)
    if material.facts.earlier is not None and form.same not in ("yes", "no"):
        wrong = {"same": (review_form.UNANSWERED, 0), **wrong}
    if form.same == "yes":
        decision = decisions.reject(
            session, review=review, clerk=desk.decider, reason=ReasonCode.DUPLICATE, at=now
        )
        return _next(request, session, desk, fields, now, decision)
    if wrong:
        raise _refused(request, session, material, form, desk, now, wrong)
    correcting.record(
        session,
        review=review,
        clerk=desk.decider,
        verdicts=verdicts,
        ms_spent=_milliseconds(fields.get("ms_spent", "")),
        at=now,
    )
    try:
        decision = decisions.decide(
            session, review=review, clerk=desk.decider, verdicts=verdicts, note=form.note, at=now
        )
    except TooFewUnits as error:
        position = int(str(error.facts["position"]))
        wrong = {f"line-{position}": (review_form.TAKEN, position)}
        raise _refused(request, session, material, form, desk, now, wrong) from error
    return _next(request, session, desk, fields, now, decision)


def _milliseconds(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _refused(
    request: Request,
    session: Session,
    material: views.Material,
    form: review_form.ReviewForm,
    desk: Desk,
    now: datetime,
    wrong: Mapping[str, tuple[str, int]],
) -> pages.FormRefused:
    _ = pages.say(request)
    context = page_context(request, session, material, form, desk=desk, now=now)
    return pages.wrong(
        "partner/review.html",
        context,
        {field: _(text) % {"n": position} for field, (text, position) in wrong.items()},
    )


def _next(
    request: Request,
    session: Session,
    desk: Desk,
    fields: Mapping[str, str],
    now: datetime,
    decision: Decision | None = None,
    flash: str = "",
) -> Response:
    """On to the next review of the queue that the decider came from, or back to the queue."""
    filters = filters_of(fields)
    taken = queue.take_next(session, clerk=desk.decider, at=now, chosen=filters.chosen(now))
    path = f"/reviews/{taken.id}{filters.query}" if taken else f"{desk.home}{filters.query}"
    if decision is not None:
        path += f"{'&' if filters.query else '?'}done={decision.id}"
    return pages.redirect(request, path, flash=flash)


@router.post("/reviews/{review_id}/rejection")
@idempotent
def reject(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Refuse the claim as a whole with one of the numbered reasons."""
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    reason = REASON_BY_VALUE.get(fields.get("reason", ""), ReasonCode.OTHER)
    note = fields.get("why", "")[:1000]
    _ = pages.say(request)
    if reason is ReasonCode.SUSPECTED_FORGERY and isinstance(desk.decider, Clerk):
        # A suspicion is judged by the programme; the participant hears nothing of it yet.
        words = "suspected_forgery"
        handing.escalate(session, review_id=review_id, clerk=desk.decider, note=words, at=now)
        return _next(
            request, session, desk, fields, now, flash=_("Przekazane organizatorowi do oceny.")
        )
    try:
        decision = decisions.reject(
            session, review=review, clerk=desk.decider, reason=reason, note=note, at=now
        )
    except DomainError as error:
        if error.kind != "invalid":
            raise
        material = views.gather(session, review)
        form = review_form.read(fields, material.lines, material.facts.doubts)
        context = page_context(request, session, material, form, desk=desk, now=now)
        text = {"why": _("Napisz, dlaczego odrzucasz. Uczestnik to przeczyta.")}
        raise pages.wrong("partner/review.html", context, text) from error
    return _next(request, session, desk, fields, now, decision)


@router.post("/reviews/{review_id}/postponement")
def postpone(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    handing.postpone(
        session, review_id=review_id, clerk=desk.decider, until=now + PUT_ASIDE, at=now
    )
    _ = pages.say(request)
    return _next(request, session, desk, fields, now, flash=_("Odłożone na godzinę."))


@router.post("/reviews/{review_id}/escalation")
def escalate(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    if not isinstance(desk.decider, Clerk):
        raise queue.ReviewNotFound
    handing.escalate(
        session, review_id=review_id, clerk=desk.decider, note=fields.get("why", ""), at=now
    )
    _ = pages.say(request)
    return _next(request, session, desk, fields, now, flash=_("Przekazane organizatorowi."))


@router.post("/decisions/{decision_id}/undo")
def undo(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    decision_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Take a decision back: at once without words, later with a reason."""
    decision = find_decision(session, decision_id=decision_id, clerk=desk.decider)
    if decision is None:
        raise queue.ReviewNotFound
    reopened = undoing.undo(
        session,
        decision_id=decision.id,
        clerk=desk.decider,
        note=fields.get("note", "")[:500],
        at=now,
    )
    queue.take(session, review_id=reopened.id, clerk=desk.decider, at=now)
    _ = pages.say(request)
    return pages.redirect(request, f"/reviews/{reopened.id}", flash=_("Decyzja cofnięta."))


@router.post("/reviews/{review_id}/lease")
def renew(
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Take the review or lengthen the lease while somebody works on it; `give_back` ends it."""
    if fields.get("give_back"):
        queue.release(session, review_id=review_id, clerk=desk.decider)
        return JSONResponse({"until": None})
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    until = review.taken_until
    return JSONResponse({"until": until.isoformat() if until else None})


@router.post("/reviews/{review_id}/draft")
def keep_draft(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, fields: Fields
) -> Response:
    """Keep what is on the form, and say what it would bring."""
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    queue.require_workable(review, desk.decider)
    material = views.gather(session, review)
    names = {name for line in material.lines for name in review_form.names_of(line.position)}
    review.draft = {
        name: value[:200] for name, value in fields.items() if name in names | {"same", "note"}
    }
    session.add(review)
    form = review_form.read(fields, material.lines, material.facts.doubts)
    points = preview.points_of(
        session,
        review=review,
        claim=material.claim,
        wishes=review_form.wishes(form, material.lines, material.products),
    )
    formats = Formats("pl")
    return JSONResponse(
        {
            "total": formats.number(sum(points.values())),
            "lines": {str(position): formats.number(each) for position, each in points.items()},
            "until": review.taken_until.isoformat() if review.taken_until else None,
        }
    )


@router.get("/reviews/{review_id}/pages/{number}")
def show_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, number: int
) -> Response:
    """A page as re-rendered by the reader."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    page = page_of(session, review.claim_id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


@router.get("/reviews/{review_id}/earlier/{number}")
def show_earlier_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, number: int
) -> Response:
    """A page of the document that this one looks like."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    claim = claim_queries.get_claim(session, review.claim_id)
    if claim.held_by_claim_id is None:
        raise ClaimNotFound
    page = page_of(session, claim.held_by_claim_id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)
