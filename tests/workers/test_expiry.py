"""The clock tells people 60, 30 and 7 days before, once each, and then takes what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.queue import Job, later, start, take_due
from core.runtime import App
from messages.tables import Notice
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from workers import expiry
from workers.runtime import Task

CLOCK = Job("test.expiry")


def run(app: App, at: datetime, *, warn: bool) -> None:
    """One turn of the clock, as a worker carries it out."""
    with app.database.unit_of_work() as session:
        later(session, CLOCK, key=f"expiry:{warn}:{at}", at=at)
    with app.database.unit_of_work() as session:
        [ring] = take_due(session, at=at, queue="default", room=1)
        start(session, work_id=ring.work_id, attempt=ring.attempt, at=at)
    task = Task(app, ring.work_id, ring.attempt, at)
    (expiry.warn if warn else expiry.expire)(app, task)
    assert task.finished


def told(session: Session, of: make.World) -> list[tuple[int, str]]:
    rows = session.exec(
        select(Notice)
        .where(Notice.kind == "points-expiring", Notice.person_id == of.participant.person_id)
        .order_by(Notice.created_at)
    )
    return [(row.context["points"], row.event_key.rsplit(":", 1)[1]) for row in rows]


def test_each_notice_comes_once_and_then_the_points_go(app: App) -> None:
    last = date(2027, 3, 31)
    with app.database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 100, expires_on=last)
        make.give_points(session, of, 50, expires_on=last)
        make.give_points(session, of, 70, expires_on=date(2028, 3, 31))
    account = addresses.active(of.participant.id)
    for days in range(70, -3, -1):
        at = datetime.combine(last, NOON.timetz()) - timedelta(days=days)
        run(app, at, warn=True)
        run(app, at, warn=False)
        with app.database.unit_of_work() as session:
            # The last day still counts; on the day after it the points are gone.
            assert ledger.balance(session, account) == (220 if days >= 0 else 70)
    with app.database.unit_of_work() as session:
        assert told(session, of) == [(150, "60"), (150, "30"), (150, "7")]
        assert proofs.faults(session) == []


def test_a_clock_that_stood_still_for_two_days_tells_late_not_never(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 100, expires_on=NOON.date() + timedelta(days=28))
    run(app, NOON, warn=True)
    run(app, NOON + timedelta(hours=6), warn=True)
    with app.database.unit_of_work() as session:
        assert told(session, of) == [(100, "30")]


def test_one_turn_expires_more_accounts_than_it_lists_at_once(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "ACCOUNTS", 1)
    with app.database.unit_of_work() as session:
        three = [make.world(session) for _ in range(3)]
        for of in three:
            make.give_points(session, of, 100, expires_on=NOON.date() - timedelta(days=1))
    run(app, NOON, warn=False)
    with app.database.unit_of_work() as session:
        held = [ledger.balance(session, addresses.active(of.participant.id)) for of in three]
        assert held == [0, 0, 0]


def test_points_expire_to_the_account_of_their_own_programme(app: App) -> None:
    with app.database.unit_of_work() as session:
        first, second = make.world(session), make.world(session)
        for of in (first, second):
            make.give_points(session, of, 100, expires_on=NOON.date() - timedelta(days=1))
    run(app, NOON, warn=False)
    with app.database.unit_of_work() as session:
        for of in (first, second):
            assert ledger.balance(session, addresses.active(of.participant.id)) == 0
            assert ledger.balance(session, addresses.expired(of.program.id)) == 100
        assert proofs.faults(session) == []
