"""Work rows: nothing lost, nothing done twice, poison stops."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, select

from core import queue
from core.db import Database
from core.queue import Job, Work, WorkStatus
from tests.conftest import NOON

READ = Job("test.read", queue="ocr", lease_s=30, max_starts=3)


def ask(session: Session, key: str = "a") -> Work:
    queue.later(session, READ, key=key, at=NOON, claim_id="1")
    return session.exec(select(Work).where(Work.key == key)).one()


def rung(session: Session, *, seconds: float = 0) -> list[queue.Ring]:
    return queue.take_due(session, at=NOON + timedelta(seconds=seconds), queue="ocr", room=10)


def test_the_same_key_asks_once(session: Session) -> None:
    ask(session)
    ask(session)
    assert session.exec(select(sa.func.count()).select_from(Work)).one() == 1


def test_work_is_rung_once_until_its_lease_ends(session: Session) -> None:
    ask(session)
    assert [ring.attempt for ring in rung(session)] == [1]
    assert rung(session, seconds=29) == []
    assert [ring.attempt for ring in rung(session, seconds=31)] == [2]


def test_work_that_may_not_start_yet_is_left_alone(session: Session) -> None:
    queue.later(session, READ, key="b", at=NOON, not_before=NOON + timedelta(minutes=5))
    assert rung(session) == []
    assert len(rung(session, seconds=301)) == 1


def test_an_attempt_that_lost_its_lease_can_no_longer_finish(session: Session) -> None:
    work = ask(session)
    assert work.id is not None
    rung(session)
    assert queue.start(session, work_id=work.id, attempt=1, at=NOON) is not None
    rung(session, seconds=31)
    assert not queue.finish(session, work_id=work.id, attempt=1, at=NOON)
    assert not queue.renew(session, work_id=work.id, attempt=1, at=NOON)
    assert queue.start(session, work_id=work.id, attempt=1, at=NOON) is None
    session.refresh(work)
    assert (work.status, work.attempt, work.starts) == (WorkStatus.QUEUED, 2, 1)


def test_a_bell_that_rings_twice_starts_once(session: Session) -> None:
    work = ask(session)
    assert work.id is not None
    rung(session)
    assert queue.start(session, work_id=work.id, attempt=1, at=NOON) is not None
    assert queue.start(session, work_id=work.id, attempt=1, at=NOON) is None


def test_poison_is_given_up_after_three_starts_and_not_before(session: Session) -> None:
    work = ask(session)
    assert work.id is not None
    for attempt in (1, 2, 3):
        moment = NOON + timedelta(minutes=attempt)
        assert queue.take_exhausted(session, at=moment) == []
        [ring] = queue.take_due(session, at=moment, queue="ocr", room=10)
        queue.start(session, work_id=work.id, attempt=ring.attempt, at=moment)
    late = NOON + timedelta(minutes=10)
    assert queue.take_due(session, at=late, queue="ocr", room=10) == []
    [given_up] = queue.take_exhausted(session, at=late)
    assert given_up.id == work.id
    assert given_up.status == WorkStatus.GIVEN_UP


def test_a_backlog_alone_gives_nothing_up(session: Session) -> None:
    ask(session)
    for minute in range(10):
        assert len(rung(session, seconds=60 * minute)) == 1
    assert queue.take_exhausted(session, at=NOON + timedelta(hours=1)) == []


def test_put_back_keeps_the_error_and_waits(session: Session) -> None:
    work = ask(session)
    assert work.id is not None
    rung(session)
    queue.start(session, work_id=work.id, attempt=1, at=NOON)
    assert queue.put_back(
        session, work_id=work.id, attempt=1, at=NOON, error="OSError: away", delay_s=60
    )
    session.refresh(work)
    assert (work.status, work.last_error) == (WorkStatus.WAITING, "OSError: away")
    assert rung(session, seconds=59) == []
    assert len(rung(session, seconds=61)) == 1


def test_what_was_asked_in_a_rolled_back_transaction_never_was(real_database: Database) -> None:
    try:
        with real_database.unit_of_work() as session:
            ask(session)
            raise RuntimeError
    except RuntimeError:
        pass
    with real_database.unit_of_work() as session:
        assert session.exec(select(Work)).all() == []
