"""The laws of the ledger: nothing is made or lost, nobody owes, everything happens once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, func, select

from core.db import Database
from core.engines import EmbeddedPostgres
from points import addresses, expiry, ledger, proofs, service
from points.ledger import InsufficientPoints, Move, ReferenceReused
from points.tables import LedgerAccount, LotUse, PointLot, Posting, TransactionKind
from tests.conftest import NOON
from tests.races import unguarded

PROGRAM = UUID(int=1)
# Raw postings open no lots, so accounts without lots stand for people here.
PEOPLE = [addresses.held(UUID(int=n)) for n in range(1, 5)]
ACCOUNTS = [addresses.issued(PROGRAM), addresses.spent(PROGRAM), *PEOPLE]


def post(session: Session, reference: str, *moves: Move) -> bool:
    return ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.ADJUSTMENT,
        moves=list(moves),
        posted_at=NOON,
    )


moves = st.builds(
    lambda pair, points: Move(pair[0], pair[1], points),
    st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)).filter(lambda p: p[0] != p[1]),
    st.integers(1, 1_000),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(moves, min_size=1, max_size=4), max_size=8))
def test_points_are_conserved_and_nobody_owes(session: Session, batches: list[list[Move]]) -> None:
    """Whatever is asked, in whatever order: the books agree with a plain model of them."""
    with session.begin_nested() as example:
        model = dict.fromkeys(ACCOUNTS, 0)
        for number, batch in enumerate(batches):
            trial = dict(model)
            possible = True
            for move in batch:
                trial[move.source] -= move.points
                trial[move.destination] += move.points
                # The CHECK looks after every move, not only at the end.
                possible &= trial[move.source] >= 0 or move.source.startswith("issued:")
            try:
                with session.begin_nested():
                    post(session, f"t:{number}", *batch)
                posted = True
            except InsufficientPoints:
                posted = False  # Refused whole: the savepoint took every move back.
            assert posted == possible
            model = trial if possible else model
        found = ledger.balances(session, ACCOUNTS)
        assert {a: found.get(a, 0) for a in ACCOUNTS} == model
        assert session.exec(select(func.coalesce(func.sum(LedgerAccount.balance), 0))).one() == 0
        assert proofs.faults(session) == []
        example.rollback()


def test_a_reference_posts_once_and_other_moves_under_it_are_refused(session: Session) -> None:
    award = Move(addresses.issued(PROGRAM), PEOPLE[0], 100)
    assert post(session, "claim:1:line:1:award", award)
    assert not post(session, "claim:1:line:1:award", award)
    with pytest.raises(ReferenceReused):
        post(session, "claim:1:line:1:award", Move(award.source, award.destination, 101))
    assert ledger.balance(session, PEOPLE[0]) == 100


def test_a_transaction_without_postings_is_refused_at_the_commit(session: Session) -> None:
    session.execute(
        sa.text(
            "INSERT INTO ledger_transaction (reference, kind, posted_at) "
            "VALUES ('empty', 'award', now())"
        )
    )
    with pytest.raises(DBAPIError, match="no postings"), session.begin_nested():
        session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting SET points = points + 1",
        "DELETE FROM posting",
        "TRUNCATE posting",
        "UPDATE ledger_transaction SET reference = 'x'",
        "DELETE FROM ledger_transaction",
        "UPDATE ledger_account SET balance = 1000000",
        "INSERT INTO ledger_account (address, overdraft, balance) VALUES ('p', false, 5)",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET actor = 'somebody else'",
    ],
)
def test_the_application_cannot_change_history(session: Session, statement: str) -> None:
    post(session, "a", Move(addresses.issued(PROGRAM), PEOPLE[0], 10))
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(sa.text(statement))
    assert ledger.balance(session, PEOPLE[0]) == 10


def test_of_fifty_equal_awards_at_once_one_is_posted(real_database: Database) -> None:
    together = threading.Barrier(16)

    def award(_: int) -> bool:
        together.wait()
        with real_database.unit_of_work() as session:
            return post(
                session, "claim:9:line:1:award", Move(addresses.issued(PROGRAM), PEOPLE[0], 7)
            )

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(award, range(16)))
    assert outcomes.count(True) == 1
    with real_database.unit_of_work() as session:
        assert ledger.balance(session, PEOPLE[0]) == 7


def holds(database: Database) -> tuple[int, int]:
    """Sixteen orders of 30 points at once by somebody who has 100: how many win, what is left."""
    participant = UUID(int=77)
    account = addresses.active(participant)
    with database.unit_of_work() as session:
        service.award(
            session,
            reference="start",
            program_id=PROGRAM,
            participant_id=participant,
            points=100,
            expires_on=date(2027, 1, 1),
            at=NOON,
        )
    together = threading.Barrier(16)

    def order(number: int) -> bool:
        together.wait()
        try:
            with database.unit_of_work() as session:
                service.hold(
                    session,
                    participant_id=participant,
                    redemption_id=UUID(int=1000 + number),
                    points=30,
                    at=NOON,
                )
        except InsufficientPoints:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(order, range(16))).count(True)
    with database.unit_of_work() as session:
        return won, ledger.balance(session, account)


def test_points_are_spent_once_however_many_ask_at_once(real_database: Database) -> None:
    assert holds(real_database) == (3, 10)
    with real_database.unit_of_work() as session:
        lots = session.exec(select(func.sum(PointLot.remaining))).one()
        used = session.exec(select(func.sum(LotUse.points))).one()
        assert (lots, used) == (10, 90)
        assert proofs.faults(session) == []


@pytest.fixture
def overdrafts(postgres: EmbeddedPostgres) -> Iterator[None]:
    with unguarded.overdrafts_allowed(postgres):
        yield


def test_without_both_guards_the_same_race_spends_points_that_nobody_has(
    overdrafts: None, real_database: Database
) -> None:
    """The negative control: our own service without the CHECK and without the lots' refusal."""
    with unguarded.lots_never_refuse():
        assert holds(real_database) == (16, 100 - 16 * 30)
    with real_database.unit_of_work() as session:
        assert proofs.faults(session) != []


def test_crossing_posts_of_many_never_deadlock(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        for number, person in enumerate(PEOPLE):
            post(session, f"start:{number}", Move(addresses.issued(PROGRAM), person, 1_000))

    def cross(number: int) -> None:
        first, second = PEOPLE[number % 4], PEOPLE[(number + 1 + number // 4) % 4]
        if first == second:
            second = PEOPLE[(number + 2) % 4]
        with real_database.unit_of_work() as session:
            post(session, f"cross:{number}", Move(first, second, 1), Move(second, first, 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(cross, range(200)))
    with real_database.unit_of_work() as session:
        assert [ledger.balance(session, person) for person in PEOPLE] == [1_000] * 4
        assert session.exec(select(func.count()).select_from(Posting)).one() == 4 + 400
        assert proofs.faults(session) == []


def test_expired_lots_leave_the_account_and_the_rest_stays(session: Session) -> None:
    participant = UUID(int=5)
    for day in (date(2026, 11, 1), date(2027, 1, 1)):
        service.award(
            session,
            reference=f"award:{day}",
            program_id=PROGRAM,
            participant_id=participant,
            points=50,
            expires_on=day,
            at=NOON,
        )
    account = addresses.active(participant)
    today = date(2026, 11, 20)
    assert expiry.list_due(session, on=today) == [(account, PROGRAM)]
    gone = expiry.expire(session, account=account, program_id=PROGRAM, on=today, at=NOON)
    assert (gone, ledger.balance(session, account)) == (50, 50)
    assert expiry.list_due(session, on=today) == []
    assert ledger.balance(session, addresses.expired(PROGRAM)) == 50
    assert service.next_expiry(session, participant_id=participant) == (date(2027, 1, 1), 50)
