"""The queue and its decisions for programs of wholesalers and of the programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi.encoders import jsonable_encoder
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from claims import line_units
from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.errors import Invalid
from verification import asking, correcting, deciding, handing, preview, queue, undoing
from verification.caution_tables import FirstOpinion
from verification.facts import PaperFact, find_decision
from verification.judging import LineVerdict
from verification.queue import Clerk, Decider, Organiser
from verification.tables import Cause, Decision, Review
from web import pages
from web.access import CLERK, OPERATOR, PROGRAM_MANAGER, ApiRouter
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.api.posting import MAY_REPEAT
from web.api.review_models import (
    DecisionIn,
    DecisionOut,
    DoubtOut,
    EscalationIn,
    FirstOpinionOut,
    LeaseOut,
    LineIn,
    PostponementIn,
    QuestionIn,
    RejectionIn,
    ReviewDetailOut,
    ReviewLineOut,
    ReviewOut,
    StatusOut,
    UndoIn,
    decision_out,
    review_out,
)
from web.clerks import CurrentDesk, Desk
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.masked_pages import hides_others
from web.views import queue as queue_views
from web.views import reviews as views
from web.views.queue import Filters

router = ApiRouter(area="reviews", access=CLERK | PROGRAM_MANAGER | OPERATOR)


def _rows(
    session: Session, desk: Desk, found: list[tuple[Review, Claim]], now: Now, language: str
) -> list[ReviewOut]:
    rows = queue_views.rows(
        session,
        found,
        person_id=desk.decider.person_id,
        now=now,
        language=language,
        of_manufacturer=desk.of_manufacturer,
    )
    return [
        review_out(row, cause=review.cause, status=review.status)
        for row, (review, _) in zip(rows, found, strict=True)
    ]


@router.get("/reviews")
def list_reviews(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    now: Now,
    cause: Cause | None = None,
    branch: UUID | None = None,
    due: Literal["today"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[ReviewOut]:
    """What waits for a decision, what is due first comes first."""
    filters = Filters(cause, branch, due == "today")
    found = queue.list_open(
        session,
        clerk=desk.decider,
        at=now,
        chosen=filters.chosen(now),
        after=since(cursor),
        limit=limit + 1,
    )
    items = _rows(session, desk, found[:limit], now, pages.viewer_of(request).language)
    return timed_page(found, items, limit=limit, place_of=lambda row: (row[0].due_at, row[0].id))


@router.get("/reviews/{review_id}")
def get_review(
    request: Request, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now
) -> ReviewDetailOut:
    """One review: facts, questions with likely answers, lines."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    material = views.gather(session, review)
    language = pages.viewer_of(request).language
    [row] = _rows(session, desk, [(review, material.claim)], now, language)
    facts = material.facts
    points = preview.points_of(
        session,
        review=review,
        claim=material.claim,
        wishes={line.position: preview.wish_of(line) for line in material.lines},
    )
    foreign = hides_others(review, desk)
    return ReviewDetailOut(
        **row.model_dump(),
        paper=facts.paper,
        seller=facts.seller,
        buyer=facts.buyer,
        day=facts.day,
        purchased_on=facts.purchased_on,
        approved_claims=facts.standing.approved,
        refused_claims=facts.standing.refused,
        earlier_claim_number=facts.earlier.number if facts.earlier else None,
        doubts=[
            DoubtOut(
                about=doubt.about,
                why=doubt.why,
                position=doubt.position,
                products=list(doubt.products),
                quantities=list(doubt.quantities),
            )
            for doubt in facts.doubts
        ],
        review_lines=[
            _line(line, points[line.position])
            for line in material.lines
            # Goods of others are the wholesaler's business.
            if line.product_id is not None or not foreign
        ],
    )


def _line(line: ClaimLine, points: int) -> ReviewLineOut:
    return ReviewLineOut(
        position=line.position,
        description=line.description,
        seller_index=line.seller_index,
        quantity=line.quantity,
        unit=line.unit,
        units_per_quantity=None if line_units.asked(line) is not None else line.units_per_quantity,
        product_id=line.product_id,
        match_score=line.match_score,
        match_reason=line.match_reason,
        points=points,
    )


@router.post("/reviews/{review_id}/lease")
def take(session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now) -> LeaseOut:
    """Take the review for five minutes, or lengthen the own lease."""
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    return LeaseOut(taken_until=review.taken_until)


@router.post(
    "/reviews/{review_id}/decision",
    response_model=DecisionOut,
    responses={202: {"model": FirstOpinionOut}},
    openapi_extra=MAY_REPEAT,
)
@idempotent
def decide(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    given: DecisionIn,
) -> Response:
    """Judge every line and pay what is approved: all of it or nothing."""
    del request  # The idempotency around this asks for it.
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    material = views.gather(session, review)
    if material.facts.earlier is not None:
        raise Invalid(
            "the document looks like an earlier claim: a person compares them", field="lines"
        )
    verdicts = _verdicts(given.lines, material.lines)
    pays = any(verdict.verdict is Verdict.APPROVE for verdict in verdicts)
    if pays and material.facts.paper is not PaperFact.SALE and not given.sold:
        raise Invalid("the document proves no sale: say that the goods were sold", field="sold")
    correcting.record(session, review=review, clerk=desk.decider, verdicts=verdicts, at=now)
    decision = deciding.judge(
        session, review=review, clerk=desk.decider, verdicts=verdicts, note=given.note, at=now
    )
    return _json(decision)


def _verdicts(given: Sequence[LineIn], lines: Sequence[ClaimLine]) -> list[LineVerdict]:
    by_position = {line.position: line.id for line in lines}
    found = []
    for line in given:
        if line.position not in by_position:
            raise Invalid("no such line", field=f"line-{line.position}")
        if line.verdict == "reject" and line.reason in (None, ReasonCode.COUNTED):
            raise Invalid("a rejected line needs a reason", field=f"line-{line.position}")
        approve = line.verdict == "approve"
        found.append(
            LineVerdict(
                by_position[line.position],
                Verdict.APPROVE if approve else Verdict.REJECT,
                ReasonCode.COUNTED if approve else line.reason or ReasonCode.OTHER,
                line.product_id if approve else None,
                line.quantity if approve else None,
                line.value if approve else None,
                line.units if approve else None,
            )
        )
    return found


def _json(decision: Decision | FirstOpinion) -> Response:
    if isinstance(decision, FirstOpinion):
        waiting = FirstOpinionOut(review_id=decision.review_id, points=decision.points)
        return JSONResponse(jsonable_encoder(waiting), status_code=202)
    return JSONResponse(jsonable_encoder(decision_out(decision)))


@router.post("/reviews/{review_id}/rejection", response_model=DecisionOut, openapi_extra=MAY_REPEAT)
@idempotent
def reject(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    given: RejectionIn,
) -> Response:
    """Refuse the claim as a whole."""
    del request  # The idempotency around this asks for it.
    if given.reason is ReasonCode.COUNTED:
        raise Invalid("that is no reason to refuse", field="reason")
    if given.reason is ReasonCode.SUSPECTED_FORGERY and isinstance(desk.decider, Clerk):
        raise Invalid("a suspicion is escalated, the programme judges it", field="reason")
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    decision = deciding.judge(
        session,
        review=review,
        clerk=desk.decider,
        reason=given.reason,
        note=given.note,
        at=now,
    )
    return _json(decision)


@router.post("/reviews/{review_id}/question")
def ask(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, given: QuestionIn
) -> StatusOut:
    """Ask the participant; the promised time stands still until the answer."""
    asking.ask(
        session,
        review_id=review_id,
        clerk=desk.decider,
        question=given.question,
        text=given.text,
        at=now,
    )
    return _status(session, desk.decider, review_id)


@router.post("/reviews/{review_id}/postponement")
def postpone(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, given: PostponementIn
) -> StatusOut:
    """Put the review aside until a time; the promise stays."""
    if given.until.tzinfo is None:
        raise Invalid("a time needs its zone", field="until")
    handing.postpone(session, review_id=review_id, clerk=desk.decider, until=given.until, at=now)
    return _status(session, desk.decider, review_id)


@router.post("/reviews/{review_id}/escalation")
def escalate(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, given: EscalationIn
) -> StatusOut:
    """Hand the review to the programme's own people."""
    if not isinstance(desk.decider, Clerk):
        raise queue.ReviewNotFound
    handing.escalate(session, review_id=review_id, clerk=desk.decider, note=given.note, at=now)
    return _status(session, desk.decider, review_id)


@router.post("/reviews/{review_id}/return")
def return_to_seller(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, given: EscalationIn
) -> StatusOut:
    """Give an escalated review back to the wholesaler, whose people see the prices."""
    if not isinstance(desk.decider, Organiser):
        raise queue.ReviewNotFound
    handing.return_to_seller(
        session, review_id=review_id, organiser=desk.decider, note=given.note, at=now
    )
    review = session.get_one(Review, review_id)
    return StatusOut(id=review.id, status=review.status, due_at=review.due_at)


def _status(session: Session, clerk: Decider, review_id: UUID) -> StatusOut:
    review = queue.get_for_clerk(session, review_id=review_id, clerk=clerk)
    return StatusOut(id=review.id, status=review.status, due_at=review.due_at)


@router.post("/decisions/{decision_id}/undo")
def undo(
    session: UnitOfWork, desk: CurrentDesk, decision_id: UUID, now: Now, given: UndoIn
) -> StatusOut:
    """Take a decision back until its points are spent; answers with the review that is open now."""
    decision = find_decision(session, decision_id=decision_id, clerk=desk.decider)
    if decision is None:
        raise queue.ReviewNotFound
    reopened = undoing.undo(
        session, decision_id=decision.id, clerk=desk.decider, note=given.note, at=now
    )
    return StatusOut(id=reopened.id, status=reopened.status, due_at=reopened.due_at)
