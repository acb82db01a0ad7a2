"""The partner's queue: what is open for whom, who has taken what, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.tables import Claim
from core.errors import DomainError, Kind, NotFound
from programs.tables import Participant
from verification.tables import Cause, Review, ReviewStatus

LEASE = timedelta(minutes=5)
IN_QUEUE = (ReviewStatus.OPEN, ReviewStatus.POSTPONED)


class ReviewNotFound(NotFound):
    code = "review-not-found"


class TakenByAnother(DomainError):
    """A colleague works on this review; the facts say who and until when."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "review-taken"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Whose queue it is: a person of a partner, of one branch or (None) of all."""

    person_id: UUID
    partner_id: UUID
    branch_id: UUID | None


def _scope(clerk: Clerk) -> Any:
    """Every query of the queue goes through this: own partner, own branch, no own claims."""
    own = sa.select(col(Participant.id)).where(col(Participant.person_id) == clerk.person_id)
    conditions = [
        col(Review.partner_id) == clerk.partner_id,
        col(Claim.participant_id).not_in(own),
    ]
    if clerk.branch_id is not None:
        conditions.append(
            sa.or_(col(Review.branch_id) == clerk.branch_id, col(Review.branch_id).is_(None))
        )
    return sa.and_(*conditions)


def get_for_clerk(session: Session, *, review_id: UUID, clerk: Clerk) -> Review:
    """A review of the clerk's queue, in any state. Raises `ReviewNotFound`."""
    review = session.exec(
        select(Review)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(Review.id == review_id, _scope(clerk))
    ).one_or_none()
    if review is None:
        raise ReviewNotFound
    return review


def list_open(
    session: Session,
    *,
    clerk: Clerk,
    at: datetime,
    causes: Sequence[Cause] = (),
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[tuple[Review, Claim]]:
    """The queue: what is due first comes first; postponed ones when their time came."""
    chosen = (
        select(Review, Claim)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(_scope(clerk), _workable(at))
    )
    if causes:
        chosen = chosen.where(col(Review.cause).in_(list(causes)))
    if after is not None:
        chosen = chosen.where(
            sa.tuple_(col(Review.due_at), col(Review.id)) > sa.tuple_(*map(sa.literal, after))
        )
    rows = session.exec(chosen.order_by(col(Review.due_at), col(Review.id)).limit(limit))
    return [(review, claim) for review, claim in rows]


def _workable(at: datetime) -> Any:
    return sa.or_(
        col(Review.status) == ReviewStatus.OPEN,
        sa.and_(col(Review.status) == ReviewStatus.POSTPONED, col(Review.postponed_until) <= at),
    )


def count_open(session: Session, *, clerk: Clerk, at: datetime) -> dict[Cause, int]:
    rows = session.execute(
        sa.select(col(Review.cause), sa.func.count())
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(_scope(clerk), _workable(at))
        .group_by(col(Review.cause))
    )
    return {cause: int(number) for cause, number in rows}


def take(session: Session, *, review_id: UUID, clerk: Clerk, at: datetime) -> Review:
    """Take a review for five minutes, or lengthen the own lease.

    Raises `ReviewNotFound` and `TakenByAnother`. Safe when two take at once: one update wins.
    """
    get_for_clerk(session, review_id=review_id, clerk=clerk)
    taken = session.execute(
        sa.update(Review)
        .where(
            col(Review.id) == review_id,
            col(Review.status).in_(IN_QUEUE),
            sa.or_(
                col(Review.taken_until).is_(None),
                col(Review.taken_until) < at,
                col(Review.taken_by) == clerk.person_id,
            ),
        )
        .values(taken_by=clerk.person_id, taken_until=at + LEASE)
        .returning(col(Review.id))
    ).scalar_one_or_none()
    review = session.get_one(Review, review_id, populate_existing=True)
    if taken is None and review.status in IN_QUEUE:
        raise TakenByAnother(taken_by=str(review.taken_by))
    return review


def take_next(
    session: Session, *, clerk: Clerk, at: datetime, skip: UUID | None = None
) -> Review | None:
    """Take the first review of the queue that nobody has; `None` when all is done."""
    chosen = (
        sa.select(col(Review.id))
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(
            _scope(clerk),
            _workable(at),
            sa.or_(
                col(Review.taken_until).is_(None),
                col(Review.taken_until) < at,
                col(Review.taken_by) == clerk.person_id,
            ),
        )
        .order_by(col(Review.due_at), col(Review.id))
        .limit(1)
        .with_for_update(of=Review, skip_locked=True)
    )
    if skip is not None:
        chosen = chosen.where(col(Review.id) != skip)
    found = session.execute(chosen).scalar_one_or_none()
    return take(session, review_id=found, clerk=clerk, at=at) if found else None


def release(session: Session, *, review_id: UUID, clerk: Clerk) -> None:
    """Give a taken review back at once."""
    session.execute(
        sa.update(Review)
        .where(col(Review.id) == review_id, col(Review.taken_by) == clerk.person_id)
        .values(taken_by=None, taken_until=None)
    )


def postpone(
    session: Session, *, review_id: UUID, clerk: Clerk, until: datetime, at: datetime
) -> Review:
    """Put a review aside until a time; its promise to the participant stays."""
    review = take(session, review_id=review_id, clerk=clerk, at=at)
    review.status = ReviewStatus.POSTPONED
    review.postponed_until = until
    review.taken_by, review.taken_until = None, None
    session.add(review)
    session.flush()
    return review


def escalate(session: Session, *, review_id: UUID, clerk: Clerk, at: datetime) -> Review:
    """Hand a review to the programme's own people."""
    review = take(session, review_id=review_id, clerk=clerk, at=at)
    review.status = ReviewStatus.ESCALATED
    review.taken_by, review.taken_until = None, None
    session.add(review)
    session.flush()
    return review
