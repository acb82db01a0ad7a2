"""A month of a wholesaler: what its people decided, whom it enrolled, what its points did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.tables import Claim
from core.clock import WARSAW
from partners.tables import Branch
from points import addresses
from points.tables import LedgerTransaction, Posting
from programs import queries as program_queries
from programs.tables import Participant, Program
from verification.tables import Decision, Review


@dataclass(frozen=True, slots=True)
class Booking:
    """What one kind of operation did to an account in the month; `points` is signed."""

    reason: str  # decision, enrolment, reversed, other
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class BranchMonth:
    """One branch in one programme. `opening` + bookings = `closing`, which is the ledger's own."""

    branch_name: str
    program_name: str
    decided: int
    median_s: int | None
    enrolled: int
    late: int  # of `decided`, after the promised time
    charge: int  # what the programme's settings ask for them, in points: a figure, never a booking
    opening: int
    bookings: tuple[Booking, ...]
    closing: int
    ledger_closing: int

    @property
    def ties(self) -> bool:
        """Whether the sum of the bookings is the balance that the ledger wrote itself."""
        return self.closing == self.ledger_closing


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """From midnight of the first day to midnight after the last, in Poland."""
    first = month.replace(day=1)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return (
        datetime.combine(first, time(0), WARSAW),
        datetime.combine(following, time(0), WARSAW),
    )


def of_month(
    session: Session, *, branches: Sequence[Branch], programs: Sequence[Program], month: date
) -> list[BranchMonth]:
    """The month of each of these branches in each of these programmes."""
    begin, end = month_bounds(month)
    return [
        _branch_month(session, branch, program, begin, end)
        for program in programs
        for branch in branches
    ]


def _branch_month(
    session: Session, branch: Branch, program: Program, begin: datetime, end: datetime
) -> BranchMonth:
    account = addresses.branch(branch.id, program.id)
    signed = sa.case(
        (col(Posting.destination) == account, col(Posting.points)), else_=-col(Posting.points)
    )
    reason = sa.case(
        (col(LedgerTransaction.reference).like("partner-reward:%:back"), "reversed"),
        (col(LedgerTransaction.reference).like("partner-reward:decision:%"), "decision"),
        (col(LedgerTransaction.reference).like("partner-reward:enrolment:%"), "enrolment"),
        else_="other",
    )
    touches = sa.or_(col(Posting.source) == account, col(Posting.destination) == account)
    posted = col(LedgerTransaction.posted_at)
    opening = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(signed), 0))
        .join_from(Posting, LedgerTransaction)
        .where(touches, posted < begin)
    ).scalar_one()
    bookings = tuple(
        Booking(str(name), int(count), int(points))
        for name, count, points in session.execute(
            sa.select(reason.label("reason"), sa.func.count(), sa.func.sum(signed))
            .join_from(Posting, LedgerTransaction)
            .where(touches, posted >= begin, posted < end)
            .group_by(reason)
            .order_by(reason)
        )
    )
    late = _late(session, branch.id, program.id, begin, end)
    decided, median = _decided(session, branch.id, program.id, begin, end)
    return BranchMonth(
        branch_name=branch.name,
        program_name=program.name,
        decided=decided,
        median_s=median,
        enrolled=_enrolled(session, branch.id, program.id, begin, end),
        late=late,
        charge=late * program_queries.settings_of(program).late_points,
        opening=int(opening),
        bookings=bookings,
        closing=int(opening) + sum(one.points for one in bookings),
        ledger_closing=_ledger_closing(session, account, end),
    )


def _ledger_closing(session: Session, account: str, end: datetime) -> int:
    """The balance that the database's trigger wrote beside the account's last posting."""
    balance = sa.case(
        (col(Posting.destination) == account, col(Posting.destination_balance)),
        else_=col(Posting.source_balance),
    )
    found = session.execute(
        sa.select(balance)
        .join_from(Posting, LedgerTransaction)
        .where(
            sa.or_(col(Posting.source) == account, col(Posting.destination) == account),
            col(LedgerTransaction.posted_at) < end,
        )
        .order_by(col(Posting.id).desc())
        .limit(1)
    ).scalar_one_or_none()
    return int(found or 0)


def _decided(
    session: Session, branch_id: UUID, program_id: UUID, begin: datetime, end: datetime
) -> tuple[int, int | None]:
    seconds = sa.extract("epoch", col(Decision.decided_at) - col(Review.created_at))
    count, median = session.execute(
        sa.select(sa.func.count(), sa.func.percentile_cont(0.5).within_group(seconds))
        .select_from(Decision)
        .join(Review, col(Review.id) == col(Decision.review_id))
        .where(
            col(Review.branch_id) == branch_id,
            col(Review.program_id) == program_id,
            col(Decision.automatic).is_(False),
            col(Decision.undone_at).is_(None),
            col(Decision.decided_at) >= begin,
            col(Decision.decided_at) < end,
        )
    ).one()
    return int(count), int(median) if median is not None else None


def _late(
    session: Session, branch_id: UUID, program_id: UUID, begin: datetime, end: datetime
) -> int:
    """People's decisions on what the branch sold that came after their promised time."""
    number: int = session.execute(
        sa.select(sa.func.count())
        .select_from(Decision)
        .join(Review, col(Review.id) == col(Decision.review_id))
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .where(
            col(Claim.branch_id) == branch_id,
            col(Claim.program_id) == program_id,
            col(Decision.automatic).is_(False),
            col(Decision.undone_at).is_(None),
            col(Decision.decided_at) > col(Review.due_at),
            col(Decision.decided_at) >= begin,
            col(Decision.decided_at) < end,
        )
    ).scalar_one()
    return number


def _enrolled(
    session: Session, branch_id: UUID, program_id: UUID, begin: datetime, end: datetime
) -> int:
    return int(
        session.execute(
            sa.select(sa.func.count())
            .select_from(Participant)
            .where(
                col(Participant.enrolled_by_branch_id) == branch_id,
                col(Participant.program_id) == program_id,
                col(Participant.enrolled_at) >= begin,
                col(Participant.enrolled_at) < end,
            )
        ).scalar_one()
    )
