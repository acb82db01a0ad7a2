"""The queue of reviews: what is open for whom, who has taken what, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.tables import Person
from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim
from core.errors import DomainError, IllegalTransition, Kind, NotFound
from programs.tables import Participant
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.entries import is_own
from verification.tables import Cause, Decision, Review, ReviewStatus

LEASE = timedelta(minutes=5)
SOON = timedelta(hours=2)
# A claim that its participant withdrew, or left unanswered, needs nobody any more.
ABANDONED = (ClaimStatus.CANCELLED, ClaimStatus.EXPIRED)


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


@dataclass(frozen=True, slots=True)
class Organiser:
    """A person of the programme's own side: decides what was escalated; None: all programmes."""

    person_id: UUID
    program_ids: frozenset[UUID] | None


Decider = Clerk | Organiser


@dataclass(frozen=True, slots=True)
class Chosen:
    """The part of a queue that somebody looks at; empty means all of it."""

    causes: Sequence[Cause] = ()
    branch_id: UUID | None = None
    due_before: datetime | None = None
    text: str = ""  # in the claim's or document's number, the firm's or the person's name


ALL = Chosen()


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits in a queue. `causes` counts what can be worked on now."""

    causes: dict[Cause, int] = field(default_factory=dict)
    due_today: int = 0
    due_soon: int = 0
    overdue: int = 0
    asked: int = 0  # the participant was asked and has not answered
    postponed: int = 0

    @property
    def open(self) -> int:
        return sum(self.causes.values())


def scope(decider: Decider) -> Any:
    """Every query of a queue goes through this: own place, and never one's own claims."""
    own = sa.select(col(Participant.id)).where(col(Participant.person_id) == decider.person_id)
    conditions: list[Any] = [col(Claim.participant_id).not_in(own)]
    if isinstance(decider, Clerk):
        conditions.append(col(Review.partner_id) == decider.partner_id)
        if decider.branch_id is not None:
            conditions.append(
                sa.or_(col(Review.branch_id) == decider.branch_id, col(Review.branch_id).is_(None))
            )
    else:
        conditions.append(col(Review.escalated_at).is_not(None))
        if decider.program_ids is not None:
            conditions.append(col(Review.program_id).in_(decider.program_ids))
    return sa.and_(*conditions)


def statuses(decider: Decider) -> tuple[ReviewStatus, ...]:
    """In which statuses this side may work on a review."""
    if isinstance(decider, Clerk):
        return (ReviewStatus.OPEN, ReviewStatus.POSTPONED)
    return (ReviewStatus.ESCALATED,)


def require_workable(review: Review, decider: Decider) -> None:
    """Raise `IllegalTransition` when it is no longer, or not, this side's turn."""
    if review.status not in statuses(decider):
        raise IllegalTransition(f"A review that is {review.status} is not worked on here.")


def get_for_clerk(session: Session, *, review_id: UUID, clerk: Decider) -> Review:
    """A review of the decider's queue, in any state. Raises `ReviewNotFound`."""
    review = session.exec(
        select(Review)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(Review.id == review_id, scope(clerk))
    ).one_or_none()
    if review is None:
        raise ReviewNotFound
    return review


def needs_another(person_id: UUID) -> Any:
    """Reviews that this very person may not finish: their own entry or first word is judged.

    For queries that join `Claim`."""
    own_opinion = sa.exists().where(
        col(FirstOpinion.review_id) == col(Review.id),
        col(FirstOpinion.status) == OpinionStatus.WAITING,
        col(FirstOpinion.given_by) == person_id,
    )
    own_decision = sa.exists().where(
        col(Decision.claim_id) == col(Review.claim_id),
        col(Decision.undone_at).is_(None),
        sa.or_(col(Decision.decided_by) == person_id, col(Decision.first_by) == person_id),
    )
    return sa.or_(
        own_opinion, is_own(person_id), sa.and_(col(Review.cause) == Cause.APPEAL, own_decision)
    )


def is_for_another(session: Session, review: Review, decider: Decider) -> bool:
    """Whether somebody else has to judge this one."""
    found = (
        sa.select(col(Review.id))
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(col(Review.id) == review.id, needs_another(decider.person_id))
    )
    return session.execute(found).first() is not None


def _workable(decider: Decider, at: datetime) -> Any:
    """Open, or put aside until a time that came."""
    return sa.and_(
        sa.not_(needs_another(decider.person_id)),
        col(Review.status).in_(statuses(decider)),
        col(Claim.status).not_in(ABANDONED),
        sa.or_(col(Review.postponed_until).is_(None), col(Review.postponed_until) <= at),
    )


def _among(chosen: Chosen) -> list[Any]:
    conditions: list[Any] = []
    if chosen.causes:
        conditions.append(col(Review.cause).in_(list(chosen.causes)))
    if chosen.branch_id is not None:
        conditions.append(col(Review.branch_id) == chosen.branch_id)
    if chosen.due_before is not None:
        conditions.append(col(Review.due_at) < chosen.due_before)
    if chosen.text:
        conditions.append(_says(chosen.text))
    return conditions


def _says(text: str) -> Any:
    """Whether the text stands in what a person would search a claim by; letters of any size."""
    wanted = text.lower()

    def within(column: Any) -> Any:
        return sa.func.strpos(sa.func.lower(column), wanted) > 0

    sender = (
        sa.select(sa.literal(1))
        .select_from(Participant)
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(
            col(Participant.id) == col(Claim.participant_id),
            sa.or_(within(col(Participant.company_name)), within(col(Person.name))),
        )
    )
    paper = sa.select(sa.literal(1)).where(
        col(Purchase.id) == col(Claim.purchase_id), within(col(Purchase.number))
    )
    return sa.or_(within(col(Claim.number)), sender.exists(), paper.exists())


def _free(decider: Decider, at: datetime) -> Any:
    return sa.or_(
        col(Review.taken_until).is_(None),
        col(Review.taken_until) < at,
        col(Review.taken_by) == decider.person_id,
    )


def list_open(
    session: Session,
    *,
    clerk: Decider,
    at: datetime,
    chosen: Chosen = ALL,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[tuple[Review, Claim]]:
    """The queue: what is due first comes first; postponed ones when their time came."""
    query = (
        select(Review, Claim)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(scope(clerk), _workable(clerk, at), *_among(chosen))
    )
    if after is not None:
        query = query.where(
            sa.tuple_(col(Review.due_at), col(Review.id)) > sa.tuple_(*map(sa.literal, after))
        )
    rows = session.exec(query.order_by(col(Review.due_at), col(Review.id)).limit(limit))
    return [(review, claim) for review, claim in rows]


def find_neighbours(
    session: Session, *, review: Review, clerk: Decider, at: datetime, chosen: Chosen = ALL
) -> tuple[UUID | None, UUID | None]:
    """The reviews before and after this one in the queue, past those that a colleague has."""
    here = sa.tuple_(sa.literal(review.due_at), sa.literal(review.id))
    place = sa.tuple_(col(Review.due_at), col(Review.id))
    query = (
        sa.select(col(Review.id))
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(scope(clerk), _workable(clerk, at), _free(clerk, at), *_among(chosen))
        .limit(1)
    )
    before = query.where(place < here).order_by(col(Review.due_at).desc(), col(Review.id).desc())
    after = query.where(place > here).order_by(col(Review.due_at), col(Review.id))
    return session.execute(before).scalar(), session.execute(after).scalar()


def count_queue(
    session: Session,
    *,
    clerk: Decider,
    at: datetime,
    today_ends: datetime,
    branch_id: UUID | None = None,
) -> Counts:
    """How much waits, by cause and by promise. One query."""
    workable = _workable(clerk, at)

    def number(condition: Any) -> Any:
        return sa.func.count().filter(condition)

    rows = session.execute(
        sa.select(
            col(Review.cause),
            number(workable),
            number(sa.and_(workable, col(Review.due_at) < today_ends)),
            number(sa.and_(workable, col(Review.due_at).between(at, at + SOON))),
            number(sa.and_(workable, col(Review.due_at) < at)),
            number(col(Review.status) == ReviewStatus.WAITING),
            number(
                sa.and_(col(Review.status).in_(statuses(clerk)), col(Review.postponed_until) > at)
            ),
        )
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(
            scope(clerk),
            col(Review.status) != ReviewStatus.DONE,
            col(Claim.status).not_in(ABANDONED),
            *_among(Chosen(branch_id=branch_id)),
        )
        .group_by(col(Review.cause))
    ).all()
    sums = [sum(int(row[place]) for row in rows) for place in range(2, 7)]
    return Counts({row[0]: int(row[1]) for row in rows if row[1]}, *sums)


def take(session: Session, *, review_id: UUID, clerk: Decider, at: datetime) -> Review:
    """Take a review for five minutes, or lengthen the own lease.

    Raises `ReviewNotFound` and `TakenByAnother`. Safe when two take at once: one update wins.
    What is not this side's turn stays untaken; `require_workable` tells.
    """
    get_for_clerk(session, review_id=review_id, clerk=clerk)
    mine = sa.and_(col(Review.taken_by) == clerk.person_id, col(Review.taken_until) >= at)
    taken = session.execute(
        sa.update(Review)
        .where(
            col(Review.id) == review_id,
            col(Review.status).in_(statuses(clerk)),
            _free(clerk, at),
        )
        .values(
            taken_by=clerk.person_id,
            taken_at=sa.case((mine, col(Review.taken_at)), else_=at),
            taken_until=at + LEASE,
        )
        .returning(col(Review.id))
    ).scalar_one_or_none()
    review = session.get_one(Review, review_id, populate_existing=True)
    if taken is None and review.status in statuses(clerk):
        raise TakenByAnother(taken_by=str(review.taken_by))
    return review


def take_next(
    session: Session,
    *,
    clerk: Decider,
    at: datetime,
    chosen: Chosen = ALL,
    skip: UUID | None = None,
) -> Review | None:
    """Take the first review of the queue that nobody has; `None` when all is done."""
    query = _first(clerk, at, chosen, skip).with_for_update(of=Review, skip_locked=True)
    found = session.execute(query).scalar_one_or_none()
    return take(session, review_id=found, clerk=clerk, at=at) if found else None


def find_next(
    session: Session, *, review: Review, clerk: Decider, at: datetime, chosen: Chosen = ALL
) -> UUID | None:
    """What `take_next` would take once this review is decided, as it looks now. Takes nothing."""
    found: UUID | None = session.execute(_first(clerk, at, chosen, review.id)).scalar_one_or_none()
    return found


def _first(clerk: Decider, at: datetime, chosen: Chosen, skip: UUID | None) -> Any:
    query = (
        sa.select(col(Review.id))
        .join_from(Review, Claim, col(Claim.id) == col(Review.claim_id))
        .where(scope(clerk), _workable(clerk, at), _free(clerk, at), *_among(chosen))
        .order_by(col(Review.due_at), col(Review.id))
        .limit(1)
    )
    return query if skip is None else query.where(col(Review.id) != skip)


def release(session: Session, *, review_id: UUID, clerk: Decider) -> None:
    """Give a taken review back at once."""
    session.execute(
        sa.update(Review)
        .where(col(Review.id) == review_id, col(Review.taken_by) == clerk.person_id)
        .values(taken_by=None, taken_at=None, taken_until=None)
    )
