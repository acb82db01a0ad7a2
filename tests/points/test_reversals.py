"""Points taken back by corrections: exactly so many, once, and never below zero."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from points import addresses, expiry, ledger, proofs, reversals, service
from points.ledger import InsufficientPoints, ReferenceReused
from points.reversals import AwardNotFound, MoreThanAwarded, Reversed
from points.tables import PointLot, PointReversal
from tests.conftest import NOON

PROGRAM = UUID(int=1)
PERSON = UUID(int=71)
LATE = date(2027, 11, 20)


def award(session: Session, reference: str, points: int, *, expires_on: date = LATE) -> None:
    service.award(
        session,
        reference=reference,
        program_id=PROGRAM,
        participant_id=PERSON,
        points=points,
        expires_on=expires_on,
        at=NOON,
    )


def hold(session: Session, number: int, points: int, *, days: int = 0) -> None:
    service.hold(
        session,
        participant_id=PERSON,
        redemption_id=UUID(int=number),
        points=points,
        at=NOON + timedelta(days=days),
    )


def release(
    session: Session, number: int, points: int, *, days: int = 0, grace: bool = False
) -> None:
    service.release(
        session,
        participant_id=PERSON,
        redemption_id=UUID(int=number),
        points=points,
        reference=f"redemption:{UUID(int=number)}:release",
        at=NOON + timedelta(days=days),
        grace=grace,
    )


def balance(session: Session) -> int:
    return ledger.balance(session, addresses.active(PERSON))


def taken(
    session: Session, of: str, points: int, reference: str = "correction:1:line:1"
) -> Reversed:
    return reversals.reverse(session, of=of, reference=reference, points=points, at=NOON)


def test_a_correction_takes_its_points_once_however_often_it_is_asked(session: Session) -> None:
    award(session, "claim:1:line:1:award", 100)
    first = taken(session, "claim:1:line:1:award", 30)
    again = taken(session, "claim:1:line:1:award", 30)
    assert first == Reversed(30, 30, 0, 0, True)
    assert again == Reversed(30, 30, 0, 0, False)
    assert balance(session) == 70
    assert ledger.balance(session, addresses.reversed_(PROGRAM)) == 30
    assert len(session.exec(select(PointReversal)).all()) == 1
    assert proofs.faults(session) == []


def test_the_same_correction_with_other_points_is_our_mistake_and_takes_nothing(
    session: Session,
) -> None:
    award(session, "a", 100)
    taken(session, "a", 30)
    with pytest.raises(ReferenceReused):
        taken(session, "a", 31)
    assert balance(session) == 70


def test_corrections_never_take_more_than_the_award_gave(session: Session) -> None:
    award(session, "a", 100)
    award(session, "b", 500)
    taken(session, "a", 80)
    with pytest.raises(MoreThanAwarded):
        taken(session, "a", 21, "correction:2:line:1")
    assert balance(session) == 520
    assert taken(session, "a", 20, "correction:2:line:1").from_active == 20
    with pytest.raises(AwardNotFound):
        taken(session, "never", 1, "correction:3:line:1")
    assert proofs.faults(session) == []


def test_spent_points_become_a_debt_and_the_next_award_pays_it(session: Session) -> None:
    award(session, "a", 100)
    hold(session, 9, 90)
    found = taken(session, "a", 100)
    assert (found.from_active, found.to_debt) == (10, 90)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (0, 90)
    award(session, "b", 60)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (0, 30)
    award(session, "c", 50)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (20, 0)
    assert proofs.faults(session) == []


def test_a_cancelled_order_pays_the_debt_before_its_points_return(session: Session) -> None:
    award(session, "a", 100)
    hold(session, 9, 80)
    taken(session, "a", 50)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (0, 30)
    release(session, 9, 80)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (50, 0)
    assert proofs.faults(session) == []


def test_points_that_expired_unused_are_not_asked_for_again(session: Session) -> None:
    award(session, "a", 100, expires_on=date(2026, 11, 1))
    award(session, "b", 40)
    account = addresses.active(PERSON)
    expiry.expire(session, account=account, program_id=PROGRAM, on=date(2026, 11, 20), at=NOON)
    found = taken(session, "a", 70)
    assert (found.from_expired, found.from_active, found.to_debt) == (70, 0, 0)
    assert balance(session) == 40
    assert ledger.balance(session, addresses.expired(PROGRAM)) == 30
    assert proofs.faults(session) == []


def test_an_undone_award_of_a_debtor_brings_the_debt_back_and_nothing_else(
    session: Session,
) -> None:
    award(session, "a", 100)
    hold(session, 9, 100)
    taken(session, "a", 100)
    award(session, "b", 130)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (30, 0)
    assert reversals.take_back(session, of="b", reference="b:undo", at=NOON)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (0, 100)
    assert not reversals.take_back(session, of="b", reference="b:undo", at=NOON)
    assert proofs.faults(session) == []


def test_an_award_whose_points_are_spent_cannot_be_undone(session: Session) -> None:
    award(session, "a", 100)
    hold(session, 9, 60)
    with pytest.raises(InsufficientPoints), session.begin_nested():
        reversals.take_back(session, of="a", reference="a:undo", at=NOON)
    assert (balance(session), service.debt(session, participant_id=PERSON)) == (40, 0)
    assert proofs.faults(session) == []


def test_undoing_after_a_correction_takes_only_the_rest(session: Session) -> None:
    award(session, "a", 100)
    taken(session, "a", 30)
    assert reversals.take_back(session, of="a", reference="a:undo", at=NOON)
    assert balance(session) == 0
    assert ledger.balance(session, addresses.issued(PROGRAM)) == -30
    assert proofs.faults(session) == []


def test_only_the_house_puts_the_last_day_off_and_once(session: Session) -> None:
    """An order cancelled after the lot partly expired must not stop the clock for everybody."""
    award(session, "a", 100, expires_on=date(2026, 11, 20))
    hold(session, 9, 30)
    account = addresses.active(PERSON)

    def expire(on: date) -> int:
        return expiry.expire(session, account=account, program_id=PROGRAM, on=on, at=NOON)

    assert expire(date(2026, 11, 21)) == 70
    release(session, 9, 30, days=1, grace=True)
    assert session.exec(select(PointLot.expires_on)).one() == date(2026, 12, 21)
    assert expire(date(2026, 12, 21)) == 0
    hold(session, 10, 30, days=31)
    release(session, 10, 30, days=31)  # By the participant: the lot keeps its day.
    hold(session, 11, 20, days=31)
    release(session, 11, 20, days=32, grace=True)  # By the house again.
    assert balance(session) == 30
    with pytest.raises(InsufficientPoints), session.begin_nested():
        hold(session, 12, 1, days=32)
    assert session.exec(select(PointLot.expires_on)).one() == date(2026, 12, 21)
    assert expire(date(2026, 12, 22)) == 30
    assert balance(session) == 0
    assert proofs.faults(session) == []
