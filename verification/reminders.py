"""Keeping promises: clerks are reminded before the promised time, and silence has an end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.states import ClaimStatus
from claims.tables import Claim
from core import audit
from core.clock import local_date
from messages import service as messages
from messages.kinds import REVIEWS_DUE
from programs import queries as program_queries
from programs import service as program_service
from programs.settings import OnSilence
from programs.tables import Program
from verification import automatic, deputies
from verification.calendar import add_working_hours
from verification.tables import Cause, Review, ReviewStatus

_WITH_PARTNER = (ReviewStatus.OPEN, ReviewStatus.POSTPONED)
_WAITING = (ClaimStatus.AWAITING_PARTNER, ClaimStatus.APPEALED)


def remind(session: Session, *, at: datetime, limit: int = 500) -> int:
    """Tell the people on duty about reviews that fall due soon, one notice each; how many.

    Who is away is spared, the deputy hears instead. A review is told of once.
    """
    told: dict[UUID, list[Review]] = defaultdict(list)
    for program in session.exec(select(Program)):
        hours = program_queries.settings_of(program).remind_working_hours
        for review in _due(
            session,
            limit,
            Review.program_id == program.id,
            col(Review.due_at) <= add_working_hours(at, hours),
            col(Review.due_at) > at,
            col(Review.reminded_at).is_(None),
        ):
            assert review.partner_id is not None
            review.reminded_at = at
            session.add(review)
            for user in deputies.on_duty(
                session,
                partner_id=review.partner_id,
                branch_id=review.branch_id,
                on=local_date(at),
            ):
                told[user.person_id].append(review)
    session.flush()
    for person_id, reviews in sorted(told.items()):
        messages.notify(
            session,
            person_id=person_id,
            kind=REVIEWS_DUE.name,
            event_key=f"reviews-due:{at.isoformat()}",
            at=at,
            number=len(reviews),
        )
    return len(told)


def end_silence(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Act on reviews whose promised time has passed: pay on trust, or hand to the programme.

    What somebody works on this minute is left to them until the lease ends. How many.
    """
    late = _due(
        session,
        limit,
        col(Review.due_at) < at,
        col(Review.lapsed_at).is_(None),
        sa.or_(col(Review.taken_until).is_(None), col(Review.taken_until) < at),
    )
    for review in late:
        review.lapsed_at = at
        program = program_queries.get_program(session, review.program_id)
        paid = None
        if program_queries.settings_of(program).on_silence is OnSilence.PAY_ON_TRUST:
            paid = automatic.pay_on_silence(session, review=review, at=at)
        if paid is None:
            review.status, review.escalated_at = ReviewStatus.ESCALATED, at
            review.postponed_until = None
            review.taken_by, review.taken_at, review.taken_until = None, None, None
        session.add(review)
        session.flush()
        audit.record(
            session,
            chain=program_service.chain(review.program_id),
            actor="clock",
            action="review.lapse",
            subject=f"claim:{review.claim_id}",
            at=at,
            paid=paid is not None,
        )
    return len(late)


def _due(session: Session, limit: int, *conditions: object) -> Sequence[Review]:
    """Reviews that wait at a wholesaler, first due first, each locked for this run alone.

    Nobody was promised a second look: those are never late.
    """
    return session.exec(
        select(Review)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(
            col(Review.status).in_(_WITH_PARTNER),
            col(Review.partner_id).is_not(None),
            col(Review.cause) != Cause.AUDIT,
            col(Claim.status).in_(_WAITING),
            *conditions,  # type: ignore[arg-type]
        )
        .order_by(col(Review.due_at), col(Review.id))
        .limit(limit)
        .with_for_update(of=Review, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
