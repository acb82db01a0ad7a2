"""Deciding a claim: lines judged, units used up, points posted and history written, or nothing.

Lock order: claim → purchase lines in order → participant → budget → ledger accounts → audit head.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import queries, service, states
from claims.states import ClaimStatus, ReasonCode, Verdict, outcome
from claims.tables import Claim, ClaimLine
from core import audit
from core.errors import DomainError, Invalid, Kind
from messages import service as messages
from messages.kinds import CLAIM_DECIDED
from programs import limits
from programs import queries as program_queries
from programs import service as program_service
from programs.tables import Participant
from verification import corrections, entries, sampling, self_dealing
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.judging import (
    SYSTEM,
    Case,
    LineVerdict,
    judge_line,
    open_case,
    pay_lines,
    require_something_new,
)
from verification.queue import Clerk, Decider, require_workable
from verification.self_dealing import NotTheSeller
from verification.self_dealing import SelfDealing as SelfDealing
from verification.tables import Decision, Review, ReviewStatus


class NeedsSecondPerson(DomainError):
    """So many points are paid only when two people say the same; `lines` is what this one said."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "needs-second-person"

    def __init__(self, lines: list[dict[str, Any]], *, points: int, limit: int) -> None:
        super().__init__(points=points, limit=limit)
        self.lines = lines


def actor_name(person_id: UUID) -> str:
    return f"person:{person_id}"


def decide(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict],
    note: str = "",
    paid_before: int = 0,
    at: datetime,
) -> Decision:
    """Judge every line of a claim and pay what was approved: all of it or nothing.

    Lines that match nothing are outside the programme unless a verdict says more; a matched line
    must be named. `paid_before` are points that a decision paid which this one replaces: so many
    need no second person again. Raises `SelfDealing`, `NotTheSeller`, `NeedsSecondPerson`,
    `IllegalTransition`, `TooFewUnits`, `Invalid`.
    """
    claim = service.lock(session, review.claim_id)
    states.check(claim.status, ClaimStatus.REJECTED)  # Decided, withdrawn: nothing is touched.
    session.refresh(review)  # It may have been decided and reopened since the page was loaded.
    require_workable(review, clerk)
    participant = program_queries.get_participant(session, claim.participant_id)
    refuse_self_dealing(session, clerk, participant, claim)
    case = open_case(session, claim, review, actor=actor_name(clerk.person_id), at=at)
    status = judge_all(session, case, verdicts)
    first_by = first_of_two(session, case, review, clerk, paid_before=paid_before)
    return _conclude(
        session,
        case,
        review,
        decided_by=clerk.person_id,
        first_by=first_by,
        participant=participant,
        status=status,
        reason=None,
        note=note,
    )


def decide_automatically(
    session: Session,
    *,
    claim: Claim,
    review: Review,
    verdicts: Sequence[LineVerdict],
    reason: ReasonCode | None = None,
    at: datetime,
) -> Decision:
    """Carry out what the rules proved: pay the approved lines, or refuse all with one reason.

    The claim is locked. Raises `IllegalTransition`, `TooFewUnits`, `Invalid`.
    """
    states.check(claim.status, ClaimStatus.REJECTED)
    participant = program_queries.get_participant(session, claim.participant_id)
    case = open_case(session, claim, review, actor=SYSTEM, refusing=reason is not None, at=at)
    if reason is None:
        status = judge_all(session, case, verdicts)
    else:
        status = refuse_all(session, case, reason)
    return _conclude(
        session,
        case,
        review,
        decided_by=None,
        participant=participant,
        status=status,
        reason=reason,
        note="",
    )


def judge_all(session: Session, case: Case, verdicts: Sequence[LineVerdict]) -> ClaimStatus:
    """Judge and pay every line; what the claim becomes by it. Raises `Invalid`, `TooFewUnits`."""
    given = {verdict.line_id: verdict for verdict in verdicts}
    lines = queries.list_lines(session, case.claim.id)
    unknown = given.keys() - {line.id for line in lines}
    if unknown:
        raise Invalid("a verdict names a line of another claim", field="lines")
    for line in lines:
        verdict = given.get(line.id)
        if verdict is None:
            if line.product_id is not None:
                raise Invalid("every matched line needs a verdict", field=f"line-{line.position}")
            verdict = LineVerdict(line.id, Verdict.REJECT, ReasonCode.NOT_IN_PROGRAM)
        judge_line(session, case, line, verdict)
    require_something_new(
        lines, {one.line_id for one in verdicts if one.verdict is Verdict.APPROVE}
    )
    pay_lines(session, case, lines)
    judged = [line.verdict for line in lines if line.verdict is not None]
    paid_or_refused = [
        line.verdict
        for line in lines
        if line.verdict is not None and line.reason is not ReasonCode.NOT_IN_PROGRAM
    ]
    return outcome(paid_or_refused or judged or [Verdict.REJECT])


def refuse_all(session: Session, case: Case, reason: ReasonCode) -> ClaimStatus:
    """Refuse every line with one reason."""
    for line in queries.list_lines(session, case.claim.id):
        line.verdict, line.reason = Verdict.REJECT, reason
        line.quantity_accepted, line.points, line.granted = Decimal(0), 0, {}
        session.add(line)
    return ClaimStatus.REJECTED


def reject(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    reason: ReasonCode,
    note: str = "",
    at: datetime,
) -> Decision:
    """Refuse a claim as a whole. `OTHER` needs words."""
    if reason is ReasonCode.OTHER and not note.strip():
        raise Invalid("say why", field="note")
    claim = service.lock(session, review.claim_id)
    states.check(claim.status, ClaimStatus.REJECTED)  # Decided, withdrawn: nothing is touched.
    session.refresh(review)  # It may have been decided and reopened since the page was loaded.
    require_workable(review, clerk)
    participant = program_queries.get_participant(session, claim.participant_id)
    refuse_self_dealing(session, clerk, participant, claim)
    case = open_case(
        session, claim, review, actor=actor_name(clerk.person_id), refusing=True, at=at
    )
    return _conclude(
        session,
        case,
        review,
        decided_by=clerk.person_id,
        participant=participant,
        status=refuse_all(session, case, reason),
        reason=reason,
        note=note,
    )


def refuse_self_dealing(
    session: Session, clerk: Decider, participant: Participant, claim: Claim
) -> None:
    """Nobody decides on a claim of their own, of their firm, of the firm they work for, or one
    that they entered at the counter. Raises `SelfDealing`, `OwnEntry`."""
    self_dealing.refuse(
        session,
        person_id=clerk.person_id,
        participant=participant,
        for_program=not isinstance(clerk, Clerk),
    )
    entries.refuse_own(session, person_id=clerk.person_id, claim=claim)


def first_of_two(
    session: Session, case: Case, review: Review, clerk: Decider, *, paid_before: int
) -> UUID | None:
    """Who said the same before, where that is needed. Raises `NotTheSeller`, `NeedsSecondPerson`.

    A document pays only through its seller; above the programme's points two people decide.
    """
    lines = queries.list_lines(session, case.claim.id)
    points = sum(line.points for line in lines)
    seller = case.purchase.seller_nip if case.purchase else None
    selling = case.partner.nip if case.partner else None
    if points and seller is not None and review.escalated_at is None and seller != selling:
        raise NotTheSeller
    limit = limits.two_people_above(session, case.program.id, case.settings, case.at)
    if not limit or points <= max(limit, paid_before):
        return None
    facts = [line_facts(line) for line in lines]
    first = session.exec(
        select(FirstOpinion).where(
            FirstOpinion.review_id == review.id, FirstOpinion.status == OpinionStatus.WAITING
        )
    ).one_or_none()
    if first is None or first.given_by == clerk.person_id or first.lines != facts:
        raise NeedsSecondPerson(facts, points=points, limit=limit)
    return first.given_by


def _conclude(
    session: Session,
    case: Case,
    review: Review,
    *,
    decided_by: UUID | None,
    first_by: UUID | None = None,
    participant: Participant,
    status: ClaimStatus,
    reason: ReasonCode | None,
    note: str,
) -> Decision:
    claim, at = case.claim, case.at
    lines = queries.list_lines(session, claim.id)
    claim.points = sum(line.points for line in lines)
    claim.decided_at = at
    service.advance(
        session,
        claim,
        to=status,
        actor=case.actor,
        at=at,
        note=note,
        points=claim.points,
        reason=reason,
    )
    decision = Decision(
        claim_id=claim.id,
        review_id=review.id,
        outcome=status,
        reason=reason,
        automatic=decided_by is None,
        decided_by=decided_by,
        first_by=first_by,
        submitted_by=participant.person_id,
        decided_at=at,
        points=claim.points,
        note=note,
        lines=[line_facts(line) for line in lines],
    )
    review.status, review.done_at = ReviewStatus.DONE, at
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    review.draft = {}
    session.add_all([decision, review])
    session.flush()
    close_opinions(session, review, first_by=first_by, by=decided_by, at=at)
    if decided_by is not None:
        sampling.close_trials(
            session, claim_id=claim.id, paid=claim.points, checked_by=decided_by, at=at
        )
    audit.record(
        session,
        chain=program_service.chain(claim.program_id),
        actor=case.actor,
        action="claim.decide",
        subject=f"claim:{claim.id}",
        at=at,
        outcome=status,
        points=claim.points,
        rule_version=str(case.version.id),
    )
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CLAIM_DECIDED.name,
        event_key=f"decision:{decision.id}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
        points=claim.points,
        outcome=status,
    )
    # What this very decision made a row of the paper: a correction may have looked for it.
    corrections.settle_waiting(session, claim, at=at)
    return decision


def close_opinions(
    session: Session, review: Review, *, first_by: UUID | None, by: UUID | None, at: datetime
) -> None:
    """No first opinion waits on a review that is done: it was confirmed, or replaced."""
    session.execute(
        sa.update(FirstOpinion)
        .where(
            col(FirstOpinion.review_id) == review.id,
            col(FirstOpinion.status) == OpinionStatus.WAITING,
        )
        .values(
            status=OpinionStatus.CONFIRMED if first_by else OpinionStatus.REPLACED,
            second_by=by if first_by else None,
            second_at=at,
        )
    )


def line_facts(line: ClaimLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "verdict": line.verdict,
        "reason": line.reason,
        "product_id": str(line.product_id) if line.product_id else None,
        "quantity_accepted": str(line.quantity_accepted),
        "points": line.points,
    }
