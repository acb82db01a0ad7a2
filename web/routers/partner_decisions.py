"""What can be done with a review: decide, refuse, ask, put aside, hand over, take back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from claims.states import ReasonCode, Verdict
from core.errors import Invalid
from ocr.reading import Box
from verification import asking, correcting, deciding, handing, queue, seen, undoing
from verification.asking import Question
from verification.caution_tables import FirstOpinion
from verification.facts import PaperFact, find_decision
from verification.judging import LineVerdict, TooFewUnits, UnitsUnknown, ValueUnknown
from verification.queue import Clerk, Organiser
from verification.seen import ChangedSince
from verification.tables import Decision, Review
from web import pages, review_boxes, review_form, review_next, review_page
from web.access import CLERK, OPERATOR, PROGRAM_MANAGER, Router
from web.clerks import CurrentDesk, Desk
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.masked_pages import hides_prices
from web.review_form import Fields
from web.review_page import filters_of
from web.views import reviews as views
from web.views.review_words import QUESTIONS, REASONS

router = Router(access=CLERK | PROGRAM_MANAGER | OPERATOR)
REASON_BY_VALUE = {reason.value: reason for reason, _ in REASONS}
QUESTION_BY_VALUE: dict[str, Question] = {question.value: question for question, _ in QUESTIONS}
PUT_ASIDE = timedelta(hours=1)


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
    try:
        seen.refuse_stale(session, review, fields.get("seen", ""))
    except ChangedSince:
        return review_next.look_again(request, review, fields)
    material = views.gather(session, review)
    form = review_form.read(fields, material.lines, material.facts.doubts)
    refused = _refused_whole(form, material.facts.paper)
    if refused is not None:
        decision = deciding.judge(
            session, review=review, clerk=desk.decider, reason=refused, at=now
        )
        return review_next.go_on(request, session, desk, fields, now, decision=decision)
    verdicts, wrong = review_form.verdicts(form, material.lines, material.products)
    new, wrong_new = review_form.added(form, material.products)
    wrong |= wrong_new
    boxes: dict[UUID, Box] = {}
    if not desk.of_manufacturer:  # Where a line stands also says what they may see of the page.
        shown = [page.number for page in claim_queries.list_pages(session, review.claim_id)]
        drawn, wrong_boxes = review_boxes.drawn(form, material.lines, shown)
        boxes = review_boxes.by_line(drawn, material.lines)
        wrong |= {f"box-{n}": (review_form.WRONG_BOX, n) for n in wrong_boxes}
    head = None
    if material.claim.purchase_id is None:
        own_nip = desk.partner.nip if desk.partner else ""
        head, wrong_head = review_form.document(form.header, own_nip=own_nip)
        wrong = wrong_head | wrong
    if material.facts.earlier is not None and form.same != "no":
        wrong = {"same": (review_form.UNANSWERED, 0)} | wrong
    if material.facts.paper is not PaperFact.SALE and form.sold != "yes":
        wrong = {"sold": (review_form.SOLD_UNANSWERED, 0)} | wrong
    if not wrong and not verdicts and not new:
        wrong["add"] = (review_form.NOTHING, 0)
    if wrong:
        raise _refused(request, session, material, form, desk, now, wrong)
    if head is not None:
        number, issued_on, nip = head
        collision = correcting.identify(
            session, review=review, number=number, issued_on=issued_on, seller_nip=nip, at=now
        )
        if collision is not None:
            return _ask_whether_same(request, session, review, fields)
    for product, quantity in new:
        line = correcting.add_line(
            session,
            review=review,
            clerk=desk.decider,
            product_id=product,
            quantity=quantity,
            at=now,
        )
        verdicts.append(LineVerdict(line.id, Verdict.APPROVE, quantity=quantity))
    correcting.place_lines(session, review=review, clerk=desk.decider, boxes=boxes, at=now)
    correcting.record(
        session,
        review=review,
        clerk=desk.decider,
        verdicts=verdicts,
        ms_spent=_milliseconds(fields.get("ms_spent", "")),
        at=now,
    )
    try:
        decision = _decide(session, review, desk, verdicts, form.note, now)
    except TooFewUnits as error:
        position = int(str(error.facts["position"]))
        wrong = {f"line-{position}": (review_form.TAKEN, position)}
        raise _refused(request, session, material, form, desk, now, wrong) from error
    except UnitsUnknown as error:
        position = int(str(error.facts["position"]))
        wrong = {error.field: (review_form.MISSING_UNITS, position)}
        raise _refused(request, session, material, form, desk, now, wrong) from error
    except ValueUnknown as error:
        position = int(str(error.facts["position"]))
        form = review_form.ask_value(form, position)
        sealed = hides_prices(session, review, desk)
        text = review_form.SEALED_VALUE if sealed else review_form.CHANGED_VALUE
        wrong = {f"line-{position}" if sealed else error.field: (text, position)}
        raise _refused(request, session, material, form, desk, now, wrong) from error
    if isinstance(decision, FirstOpinion):
        review.draft = review_form.draft_of(fields)  # The second person sees the same answers.
        session.add(review)
        _ = pages.say(request)
        flash = _("Tyle punktów zatwierdzają dwie osoby. Zgłoszenie czeka na drugą.")
        return review_next.go_on(request, session, desk, fields, now, flash=flash)
    return review_next.go_on(request, session, desk, fields, now, decision=decision)


def _refused_whole(form: review_form.ReviewForm, paper: PaperFact) -> ReasonCode | None:
    """The reason when an answer about the document refuses all of it."""
    if form.same == "yes":
        return ReasonCode.DUPLICATE
    if form.sold == "no" and paper is not PaperFact.SALE:
        return ReasonCode.ADVANCE if paper is PaperFact.ADVANCE else ReasonCode.NO_SALE
    return None


def _decide(
    session: Session,
    review: Review,
    desk: Desk,
    verdicts: list[LineVerdict],
    note: str,
    now: datetime,
) -> Decision | FirstOpinion:
    if all(verdict.reason is ReasonCode.NOT_IN_PROGRAM for verdict in verdicts):
        reason = ReasonCode.NOT_IN_PROGRAM
        return deciding.judge(
            session, review=review, clerk=desk.decider, reason=reason, note=note, at=now
        )
    return deciding.judge(
        session, review=review, clerk=desk.decider, verdicts=verdicts, note=note, at=now
    )


def _ask_whether_same(
    request: Request, session: Session, review: Review, fields: Mapping[str, str]
) -> Response:
    """The typed number is known already: the same page now asks about the earlier claim."""
    review.draft = review_form.draft_of(fields)
    session.add(review)
    _ = pages.say(request)
    return pages.redirect(
        request,
        f"/reviews/{review.id}{filters_of(fields).query}",
        flash=_("Ten numer jest już w programie. Porównaj dokumenty."),
        kind="warn",
    )


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
    context = review_page.context(request, session, material, form, desk=desk, now=now)
    texts = {field: _(text) % {"n": position} for field, (text, position) in wrong.items()}
    return pages.wrong(review_page.TEMPLATE, context, texts)


def _ask_again(
    request: Request,
    session: Session,
    review: Review,
    fields: Mapping[str, str],
    desk: Desk,
    now: datetime,
    wrong: tuple[str, str],
) -> pages.FormRefused:
    material = views.gather(session, review)
    form = review_form.read(fields, material.lines, material.facts.doubts)
    field, text = wrong
    return _refused(request, session, material, form, desk, now, {field: (text, 0)})


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
    try:
        seen.refuse_stale(session, review, fields.get("seen", ""))
    except ChangedSince:
        return review_next.look_again(request, review, fields)
    reason = REASON_BY_VALUE.get(fields.get("reason", ""), ReasonCode.OTHER)
    if reason is ReasonCode.SUSPECTED_FORGERY and isinstance(desk.decider, Clerk):
        # A suspicion is judged by the programme; the participant hears nothing of it yet.
        handing.escalate(session, review_id=review_id, clerk=desk.decider, note=reason, at=now)
        return review_next.go_on(request, session, desk, fields, now, aside=review_id)
    try:
        decision = deciding.judge(
            session,
            review=review,
            clerk=desk.decider,
            reason=reason,
            note=fields.get("why", "")[:1000],
            at=now,
        )
    except Invalid as error:
        wrong = ("why", review_form.NO_WORDS)
        raise _ask_again(request, session, review, fields, desk, now, wrong) from error
    return review_next.go_on(request, session, desk, fields, now, decision=decision)


@router.post("/reviews/{review_id}/question")
@idempotent
def ask(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Ask the participant with one of the numbered questions or with own words."""
    question = QUESTION_BY_VALUE.get(fields.get("question", ""))
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    text = "" if question else fields.get("asked", "")
    try:
        asking.ask(
            session, review_id=review_id, clerk=desk.decider, question=question, text=text, at=now
        )
    except Invalid as error:
        wrong = ("asked", review_form.NO_QUESTION)
        raise _ask_again(request, session, review, fields, desk, now, wrong) from error
    _ = pages.say(request)
    flash = _("Pytanie wysłane. Termin stoi, aż uczestnik odpowie.")
    return review_next.go_on(request, session, desk, fields, now, flash=flash)


@router.post("/reviews/{review_id}/postponement")
@idempotent
def postpone(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Put the review aside for an hour; the promise stays."""
    until = now + PUT_ASIDE
    handing.postpone(session, review_id=review_id, clerk=desk.decider, until=until, at=now)
    return review_next.go_on(request, session, desk, fields, now, aside=review_id)


@router.post("/reviews/{review_id}/escalation")
@idempotent
def escalate(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Hand the review to the programme's own people."""
    if not isinstance(desk.decider, Clerk):
        raise queue.ReviewNotFound
    note = fields.get("why", "")
    handing.escalate(session, review_id=review_id, clerk=desk.decider, note=note, at=now)
    return review_next.go_on(request, session, desk, fields, now, aside=review_id)


@router.post("/reviews/{review_id}/return")
@idempotent
def return_to_seller(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Give the review back to the wholesaler, whose people see what is asked about."""
    if not isinstance(desk.decider, Organiser):
        raise queue.ReviewNotFound
    handing.return_to_seller(session, review_id=review_id, organiser=desk.decider, at=now)
    _ = pages.say(request)
    return review_next.go_on(request, session, desk, fields, now, flash=_("Zapytana hurtownia."))


@router.post("/reviews/{review_id}/call-back")
def call_back(
    request: Request, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now
) -> Response:
    """Undo a postponement or an escalation that nobody has acted on."""
    if not isinstance(desk.decider, Clerk):
        raise queue.ReviewNotFound
    handing.call_back(session, review_id=review_id, clerk=desk.decider, at=now)
    return pages.redirect(request, f"/reviews/{review_id}")


@router.post("/reviews/{review_id}/branch")
@idempotent
def hand_to_branch(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Send the review to the branch whose sale it is."""
    try:
        branch_id = UUID(fields.get("to_branch", ""))
    except ValueError as error:
        raise Invalid("choose a branch", field="to_branch") from error
    handing.hand_to_branch(
        session, review_id=review_id, clerk=desk.decider, branch_id=branch_id, at=now
    )
    _ = pages.say(request)
    return review_next.go_on(
        request, session, desk, fields, now, flash=_("Przekazane do oddziału.")
    )


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
    note = fields.get("note", "")[:500]
    reopened = undoing.undo(session, decision_id=decision.id, clerk=desk.decider, note=note, at=now)
    queue.take(session, review_id=reopened.id, clerk=desk.decider, at=now)
    _ = pages.say(request)
    return pages.redirect(request, f"/reviews/{reopened.id}", flash=_("Decyzja cofnięta."))
