"""A person judges again what the system paid, without knowing it; what differs is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from claims import queries, service
from claims.states import ClaimStatus, ReasonCode, Verdict
from core import audit
from core.errors import IllegalTransition
from programs import queries as program_queries
from programs import service as program_service
from verification import decisions, sampling, undoing
from verification.automatic_tables import SecondLook
from verification.judging import LineVerdict
from verification.queue import Decider, require_workable
from verification.tables import Cause, Decision, Review, ReviewStatus

_STANDS = (ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED)


class _Same(Exception):
    """The person judged as the system did: what was tried is rolled back."""


def look_again(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict] = (),
    reason: ReasonCode | None = None,
    note: str = "",
    at: datetime,
) -> Decision:
    """Judge a drawn claim as if it were new; returns the decision that stands afterwards.

    What agrees leaves everything as it is. What differs undoes the system's decision and puts the
    person's in its place; points that were spent stay with the participant, and are counted.
    Raises what `decisions.decide` and `decisions.reject` raise.
    """
    claim = service.lock(session, review.claim_id)
    session.refresh(review)
    require_workable(review, clerk)
    if review.cause is not Cause.AUDIT:
        raise IllegalTransition(f"A review for {review.cause} is no second look.")
    participant = program_queries.get_participant(session, claim.participant_id)
    decisions.refuse_self_dealing(session, clerk, participant, claim)
    look = sampling.find_look(session, review.id)
    if look is None or look.decision_id is None:
        raise IllegalTransition("No decision was drawn for this review.")
    decision = session.get_one(Decision, look.decision_id)
    if look.void or decision.undone_at is not None or claim.status not in _STANDS:
        look.void = look.checked_at is None
        _close(session, review, look, at=at)
        return decision
    look.checked_by, look.checked_at, look.wrong_points = clerk.person_id, at, 0
    session.add(look)
    session.flush()
    # As the lines stand: what a correction took back since was no mistake of the decision.
    before = [decisions.line_facts(line) for line in queries.list_lines(session, claim.id)]
    try:
        with session.begin_nested():
            now = _judge_anew(session, review, clerk, decision, verdicts, reason, note, at)
            if _same(before, now.lines):
                raise _Same
            look.wrong_points = _wrong(before, now.lines)
            look.taken_back = True
            decision = now
    except _Same:
        pass
    except undoing.AlreadySpent:
        look.wrong_points = _doubted(session, review, before, verdicts, reason)
        look.taken_back = False
    _close(session, review, look, at=at)
    audit.record(
        session,
        chain=program_service.chain(claim.program_id),
        actor=decisions.actor_name(clerk.person_id),
        action="claim.second_look",
        subject=f"claim:{claim.id}",
        at=at,
        decision=str(look.decision_id),
        wrong_points=look.wrong_points,
    )
    return decision


def _judge_anew(
    session: Session,
    review: Review,
    clerk: Decider,
    decision: Decision,
    verdicts: Sequence[LineVerdict],
    reason: ReasonCode | None,
    note: str,
    at: datetime,
) -> Decision:
    paid = decision.points
    status, escalated_at, due_at = review.status, review.escalated_at, review.due_at
    undoing.undo(session, decision_id=decision.id, clerk=clerk, checked=True, at=at)
    # The open review of the second look was taken for it: it stays what it is.
    review.cause, review.status = Cause.AUDIT, status
    review.escalated_at, review.due_at = escalated_at, due_at
    session.add(review)
    session.flush()
    if reason is not None:
        now = decisions.reject(session, review=review, clerk=clerk, reason=reason, note=note, at=at)
    else:
        # The system was the first of two: only more than it paid needs another person.
        now = decisions.decide(
            session,
            review=review,
            clerk=clerk,
            verdicts=verdicts,
            note=note,
            paid_before=paid,
            at=at,
        )
    claim = service.lock(session, decision.claim_id)
    actor = decisions.actor_name(clerk.person_id)
    undoing.take_targets_back(session, decision, claim, actor=actor, at=at)
    return now


def _close(session: Session, review: Review, look: SecondLook, *, at: datetime) -> None:
    review.status, review.done_at = ReviewStatus.DONE, at
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    review.draft = {}
    session.add_all([review, look])
    session.flush()


def _same(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> bool:
    return _paid(before) == _paid(after)


def _paid(lines: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, Decimal, int]]:
    """What was paid, by line: product, units, points."""
    return {
        line["position"]: (line["product_id"], Decimal(line["quantity_accepted"]), line["points"])
        for line in lines
        if line["verdict"] == Verdict.APPROVE
    }


def _wrong(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> int:
    """Points that the system paid and the person would not have, line by line."""
    right = {line["position"]: int(line["points"]) for line in after}
    return sum(max(0, int(line["points"]) - right.get(int(line["position"]), 0)) for line in before)


def _doubted(
    session: Session,
    review: Review,
    before: Sequence[Mapping[str, Any]],
    verdicts: Sequence[LineVerdict],
    reason: ReasonCode | None,
) -> int:
    """The points of every line that the person judged otherwise, where none can be judged anew."""
    paid = {int(line["position"]): int(line["points"]) for line in before}
    if reason is not None:
        return sum(paid.values())
    given = {verdict.line_id: verdict for verdict in verdicts}
    doubted = 0
    for line in queries.list_lines(session, review.claim_id):
        verdict = given.get(line.id)
        if verdict is not None and (
            verdict.verdict is not Verdict.APPROVE
            or verdict.product_id not in (None, line.product_id)
            or verdict.quantity not in (None, line.quantity)
            or verdict.units not in (None, line.units_per_quantity)
        ):
            doubted += paid.get(line.position, 0)
    return doubted
