"""Two people for large sums: the first opinion waits, the second person's decision pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from core import audit
from core.errors import DomainError, Kind
from programs import service as program_service
from verification import appeals, decisions
from verification.appeal_tables import Appeal
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.entries import sees_another
from verification.judging import LineVerdict
from verification.queue import Clerk, Decider
from verification.tables import Cause, Decision, Review, ReviewStatus


class OwnFirstOpinion(DomainError):
    """Nobody confirms what they said themselves: another person has to."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "own-first-opinion"


def decide(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict],
    note: str = "",
    at: datetime,
) -> Decision | FirstOpinion:
    """Decide, or answer an appeal, or keep a first opinion where so many points need two people.

    A second person who says the same decides; one who says something else gives a new first
    opinion. Raises `OwnFirstOpinion` and what `decisions.decide` and `appeals.decide` raise.
    """
    how = appeals.decide if review.cause is Cause.APPEAL else decisions.decide
    try:
        with session.begin_nested():
            return how(session, review=review, clerk=clerk, verdicts=verdicts, note=note, at=at)
    except decisions.NeedsSecondPerson as error:
        points = int(str(error.facts["points"]))
        return _keep(session, review, clerk, error.lines, points=points, note=note, at=at)


def _keep(
    session: Session,
    review: Review,
    clerk: Decider,
    lines: list[dict[str, object]],
    *,
    points: int,
    note: str,
    at: datetime,
) -> FirstOpinion:
    session.refresh(review)
    earlier = find_waiting(session, review.id)
    if earlier is not None:
        if earlier.given_by == clerk.person_id:
            raise OwnFirstOpinion
        earlier.status, earlier.second_at = OpinionStatus.REPLACED, at
        session.add(earlier)
        session.flush()
    opinion = FirstOpinion(
        review_id=review.id,
        given_by=clerk.person_id,
        given_at=at,
        points=points,
        lines=lines,
        note=note,
    )
    review.postponed_until = None
    if review.cause is not Cause.APPEAL:  # An appeal stays one: its answer is another one.
        review.cause = Cause.SECOND
    if isinstance(clerk, Clerk):
        review.status = ReviewStatus.OPEN
        if not sees_another(
            session,
            partner_id=clerk.partner_id,
            branch_id=review.branch_id,
            but=[clerk.person_id, *_first_deciders(session, review)],
        ):
            review.status, review.escalated_at = ReviewStatus.ESCALATED, at
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    session.add_all([opinion, review])
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(review.program_id),
        actor=decisions.actor_name(clerk.person_id),
        action="claim.first_opinion",
        subject=f"claim:{review.claim_id}",
        at=at,
        points=points,
    )
    return opinion


def _first_deciders(session: Session, review: Review) -> list[UUID]:
    """Who may not answer an appeal either: whoever decided before."""
    if review.cause is not Cause.APPEAL:
        return []
    decision = session.exec(
        select(Decision)
        .join(Appeal, col(Appeal.decision_id) == col(Decision.id))
        .where(Appeal.review_id == review.id)
    ).one()
    return [person for person in (decision.decided_by, decision.first_by) if person is not None]


def find_waiting(session: Session, review_id: UUID) -> FirstOpinion | None:
    """The first opinion that waits for a second person."""
    return session.exec(
        select(FirstOpinion).where(
            FirstOpinion.review_id == review_id, FirstOpinion.status == OpinionStatus.WAITING
        )
    ).one_or_none()
