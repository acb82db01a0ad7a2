"""Deciding a claim: lines judged, units used up, points posted and history written, or nothing.

Lock order: claim → purchase lines in order → participant → budget → ledger accounts → audit head.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from claims import queries, service, states
from claims.states import ClaimStatus, ReasonCode, Verdict, outcome
from claims.tables import Claim, ClaimLine
from core import audit
from core.errors import Forbidden, Invalid
from messages import service as messages
from messages.kinds import CLAIM_DECIDED
from partners.queries import get_partner
from partners.tables import PartnerUser
from programs import queries as program_queries
from programs import service as program_service
from programs.tables import Participant
from verification import sampling
from verification.judging import SYSTEM, Case, LineVerdict, judge_line, open_case, pay_lines
from verification.queue import Clerk, Decider, require_workable
from verification.tables import Decision, Review, ReviewStatus


class SelfDealing(Forbidden):
    """The decider is the claimant, or of the claimant's firm."""

    code = "self-dealing"


def actor_name(person_id: UUID) -> str:
    return f"person:{person_id}"


def decide(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict],
    note: str = "",
    at: datetime,
) -> Decision:
    """Judge every line of a claim and pay what was approved: all of it or nothing.

    Lines that match nothing are outside the programme unless a verdict says more; a matched line
    must be named. Raises `SelfDealing`, `IllegalTransition`, `TooFewUnits`, `Invalid`.
    """
    claim = service.lock(session, review.claim_id)
    states.check(claim.status, ClaimStatus.REJECTED)  # Decided, withdrawn: nothing is touched.
    session.refresh(review)  # It may have been decided and reopened since the page was loaded.
    require_workable(review, clerk)
    participant = program_queries.get_participant(session, claim.participant_id)
    refuse_self_dealing(session, clerk, participant)
    case = open_case(session, claim, review, actor=actor_name(clerk.person_id), at=at)
    status = judge_all(session, case, verdicts)
    return _conclude(
        session,
        case,
        review,
        decided_by=clerk.person_id,
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
        line.quantity_accepted, line.points = Decimal(0), 0
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
    refuse_self_dealing(session, clerk, participant)
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


def refuse_self_dealing(session: Session, clerk: Decider, participant: Participant) -> None:
    """Nobody decides on a claim of their own, of their firm, or of the firm they work for."""
    user = session.exec(select(PartnerUser).where(PartnerUser.person_id == clerk.person_id)).first()
    own_firms = set(
        session.exec(select(Participant.nip).where(Participant.person_id == clerk.person_id))
    )
    own_firms |= {user.nip} if user and user.nip else set()
    if isinstance(clerk, Clerk):
        own_firms.add(get_partner(session, clerk.partner_id).nip)
    else:
        program = program_queries.get_program(session, participant.program_id)
        own_firms.add(program_queries.get_manufacturer(session, program).nip)
    if participant.person_id == clerk.person_id or participant.nip in own_firms:
        raise SelfDealing


def _conclude(
    session: Session,
    case: Case,
    review: Review,
    *,
    decided_by: UUID | None,
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
        submitted_by=participant.person_id,
        decided_at=at,
        points=claim.points,
        note=note,
        lines=[_line_facts(line) for line in lines],
    )
    review.status, review.done_at = ReviewStatus.DONE, at
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    review.draft = {}
    session.add_all([decision, review])
    session.flush()
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
    return decision


def _line_facts(line: ClaimLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "verdict": line.verdict,
        "reason": line.reason,
        "product_id": str(line.product_id) if line.product_id else None,
        "quantity_accepted": str(line.quantity_accepted),
        "points": line.points,
    }
