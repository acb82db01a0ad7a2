"""Appeals of participants: sent within the programme's days, decided by another person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from claims import queries, service, states
from claims.brought import corrections_among
from claims.correction_tables import CorrectionStatus
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core import audit
from core.errors import DomainError, IllegalTransition, Invalid, Kind
from messages import service as messages
from messages.kinds import APPEAL_DECIDED
from partners import places
from programs import queries as program_queries
from programs import service as program_service
from programs.settings import ProgramSettings
from verification import (
    correcting,
    correction_desk,
    corrections,
    cuts,
    decisions,
    entries,
    intake,
    sampling,
)
from verification.appeal_tables import Appeal, AppealStatus
from verification.appealed_units import keep_payable, units_more, value_of, was_paid
from verification.calendar import add_working_hours
from verification.judging import LineVerdict, judge_line, open_case, pay_lines
from verification.queue import Decider, is_for_another, require_workable
from verification.tables import Cause, Decision, Review, ReviewStatus

LONGEST = 1000
HOURS_A_DAY = 8


class TooLateToAppeal(DomainError):
    """The programme's days to appeal have passed."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "too-late-to-appeal"


class NothingToAppeal(DomainError):
    """All that was read as the programme's was accepted, or it was a correction: it asks none."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "nothing-to-appeal"


class OwnDecisionAppealed(DomainError):
    """Who decided first does not decide on the appeal."""

    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "own-decision-appealed"


def may_appeal(claim: Claim, settings: ProgramSettings, *, at: datetime) -> bool:
    """Whether the participant can still appeal: against what was refused or cut."""
    return (
        ClaimStatus.APPEALED in states.TRANSITIONS[claim.status]
        and claim.decided_at is not None
        and at <= claim.decided_at + timedelta(days=settings.appeal_days)
        and _took_something(claim)
    )


def _took_something(claim: Claim) -> bool:
    """Whether the decision refused or cut what was claimed."""
    session = object_session(claim)
    assert isinstance(session, Session), "claims are asked about where they were loaded"
    if claim.status is ClaimStatus.APPROVED:
        return bool(cuts.cuts_of(session, claim.id))
    if claim.id not in corrections_among(session, [claim.id]):
        return True
    # A correction asks for no points, so none were refused. Of one that a person called without
    # effect the sender may say that it is none: an invoice that was taken for one.
    made = correction_desk.brought_by(session, claim.id)
    return made is not None and made.status is CorrectionStatus.DISMISSED


def appeal(
    session: Session, *, claim_id: UUID, participant_id: UUID, text: str = "", at: datetime
) -> Appeal:
    """Appeal against the decision on an own claim; who answers is promised a time at once.

    Raises `ClaimNotFound`, `IllegalTransition`, `NothingToAppeal`, `TooLateToAppeal`.
    """
    claim = service.lock(session, claim_id)
    if claim.participant_id != participant_id:
        raise service.ClaimNotFound
    states.check(claim.status, ClaimStatus.APPEALED)
    program = program_queries.get_program(session, claim.program_id)
    settings = program_queries.settings_of(program)
    if not _took_something(claim):
        raise NothingToAppeal
    if not may_appeal(claim, settings, at=at):
        raise TooLateToAppeal(days=settings.appeal_days)
    decision = session.exec(
        select(Decision).where(Decision.claim_id == claim_id, col(Decision.undone_at).is_(None))
    ).one()
    participant = program_queries.get_participant(session, participant_id)
    due_at = add_working_hours(at, settings.appeal_working_days * HOURS_A_DAY)
    review = _open_review(session, claim, decision, due_at=due_at, at=at)
    made = Appeal(
        claim_id=claim_id,
        decision_id=decision.id,
        review_id=review.id,
        first_decided_by=decision.decided_by,
        text=text.strip()[:LONGEST],
        made_at=at,
        due_at=due_at,
    )
    session.add(made)
    claim.due_at = due_at
    service.advance(
        session, claim, to=ClaimStatus.APPEALED, actor=f"person:{participant.person_id}", at=at
    )
    session.flush()
    # What waited while nothing of the claim counted is seen by whoever answers.
    corrections.settle_waiting(session, claim, at=at)
    return made


def _open_review(
    session: Session, claim: Claim, decision: Decision, *, due_at: datetime, at: datetime
) -> Review:
    review = intake.find_open_review(session, claim.id)
    if review is not None:
        # A second look that nobody took: the appeal is the better one.
        sampling.void_open(session, decision_id=decision.id)
    earlier = session.get(Review, decision.review_id) if decision.review_id else None
    if review is None:
        review = Review(
            claim_id=claim.id,
            program_id=claim.program_id,
            partner_id=earlier.partner_id if earlier else None,
            branch_id=places.standing(session, claim.branch_id).id if claim.branch_id else None,
            cause=Cause.APPEAL,
            due_at=due_at,
            created_at=at,
        )
    review.cause, review.due_at, review.draft = Cause.APPEAL, due_at, {}
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    of_program = earlier is None or earlier.escalated_at is not None
    if of_program or not _another_at(session, claim, review, decision):
        review.status, review.escalated_at = ReviewStatus.ESCALATED, at
    else:
        review.status, review.escalated_at = ReviewStatus.OPEN, None
    session.add(review)
    session.flush()
    return review


def _another_at(session: Session, claim: Claim, review: Review, decision: Decision) -> bool:
    """Whether somebody of the wholesaler who neither decided first nor entered it sees this."""
    if review.partner_id is None:
        return False
    involved = (decision.decided_by, decision.first_by, entries.entered_by(session, claim))
    return entries.sees_another(
        session,
        partner_id=review.partner_id,
        branch_id=review.branch_id,
        but=[person for person in involved if person],
    )


def decide(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict] = (),
    reason: ReasonCode | None = None,
    note: str = "",
    at: datetime,
) -> Decision:
    """Answer an appeal: pay lines and units that were not paid, or let the decision stand.

    What was paid stays paid; more units of a paid line become a line of their own, with their own
    award. Raises `OwnDecisionAppealed`, `SelfDealing`, `NotTheSeller`, `NeedsSecondPerson`,
    `IllegalTransition`, `TooFewUnits`, `Invalid`. Returns the first decision, which stays history.
    """
    if reason is ReasonCode.OTHER and not note.strip():
        raise Invalid("say why", field="note")
    corrections.settle_waiting(session, queries.get_claim(session, review.claim_id), at=at)
    claim = service.lock(session, review.claim_id)
    session.refresh(review)
    require_workable(review, clerk)
    made = session.exec(
        select(Appeal)
        .where(Appeal.claim_id == claim.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if made is None or made.status is not AppealStatus.OPEN:
        raise IllegalTransition("This claim has no open appeal.")
    if is_for_another(session, review, clerk):
        raise OwnDecisionAppealed
    participant = program_queries.get_participant(session, claim.participant_id)
    decisions.refuse_self_dealing(session, clerk, participant, claim)
    before = claim.points
    if reason is None:
        reason, made.first_by = _pay(session, claim, review, clerk, verdicts, at)
        session.flush()  # The database compares the answer with what the claim has now.
    made.points = claim.points - before
    made.status = AppealStatus.UPHELD if reason else AppealStatus.OVERTURNED
    made.reason, made.note = reason, note.strip()[:LONGEST]
    made.decided_by, made.decided_at = clerk.person_id, at
    review.status, review.done_at, review.draft = ReviewStatus.DONE, at, {}
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    session.add_all([made, review])
    decisions.close_opinions(session, review, first_by=made.first_by, by=clerk.person_id, at=at)
    to = ClaimStatus.UPHELD if reason else ClaimStatus.OVERTURNED
    actor = decisions.actor_name(clerk.person_id)
    service.advance(session, claim, to=to, actor=actor, at=at, note=note, points=made.points)
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(claim.program_id),
        actor=actor,
        action="claim.appeal",
        subject=f"claim:{claim.id}",
        at=at,
        outcome=to,
        points=made.points,
    )
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=APPEAL_DECIDED.name,
        event_key=f"appeal:{made.id}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
        points=made.points,
    )
    return session.get_one(Decision, made.decision_id)


def _pay(
    session: Session,
    claim: Claim,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict],
    at: datetime,
) -> tuple[ReasonCode | None, UUID | None]:
    """Pay what is newly approved; the reason of the first refusal when that is nothing.

    With it, who said the same before where so many points need two people. Raises as a decision
    does: `NotTheSeller`, `NeedsSecondPerson`.
    """
    given = {verdict.line_id: verdict for verdict in verdicts}
    lines = queries.list_lines(session, claim.id)
    if given.keys() - {line.id for line in lines}:
        raise Invalid("a verdict names a line of another claim", field="lines")
    unpaid = [line for line in lines if not line.quantity_accepted]
    case = open_case(session, claim, review, actor=decisions.actor_name(clerk.person_id), at=at)
    for line in lines:
        verdict = given.get(line.id)
        if verdict is None:
            continue
        if not was_paid(session, line):
            judge_line(session, case, line, verdict)
            continue
        more = None
        if verdict.verdict is Verdict.APPROVE:
            more = units_more(
                session, line, quantity=verdict.quantity, product_id=verdict.product_id
            )
        if more is not None and line.product_id is not None:
            added = correcting.add_line(
                session,
                review=review,
                clerk=clerk,
                product_id=line.product_id,
                quantity=more.shown,
                description=line.description,
                units=line.units_per_quantity,
                at=at,
            )
            judge_line(
                session,
                case,
                added,
                LineVerdict(
                    added.id,
                    Verdict.APPROVE,
                    product_id=verdict.product_id,
                    value=value_of(line, more.shown),
                ),
            )
            keep_payable(session, added, more)
            unpaid.append(added)
    paid = [line for line in unpaid if line.verdict is Verdict.APPROVE and line.quantity_accepted]
    if not paid:
        refused = [v.reason for v in verdicts if v.verdict is not Verdict.APPROVE]
        kept = [line.reason for line in unpaid if line.reason is not None]
        return next(iter((*refused, *kept)), ReasonCode.OTHER), None
    pay_lines(session, case, paid)
    first_by = decisions.first_of_two(session, case, review, clerk, paid_before=claim.points)
    claim.points += sum(line.points for line in paid)
    session.add(claim)
    return None, first_by


def find_appeal(session: Session, claim_id: UUID) -> Appeal | None:
    return session.exec(select(Appeal).where(Appeal.claim_id == claim_id)).one_or_none()
