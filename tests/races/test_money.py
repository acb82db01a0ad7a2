"""Races of the money path: exactly as many win as there is something to win, and not fewer.

Each has its negative control: without the guard the same race fails, so the race is real.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.db import Database
from core.engines import EmbeddedPostgres
from tests.races import scenes, unguarded


def test_each_claim_is_paid_once_however_often_it_is_approved_at_once(
    real_database: Database,
) -> None:
    found, awards = scenes.approvals(real_database, claims=10, times=8, threads=12)
    assert (found.won, found.refused, found.errors) == (10, 70, ())
    assert awards == 20  # two lines of each claim
    assert found.faults == ()


def test_without_row_locks_only_the_database_stops_a_second_payment(
    real_database: Database,
) -> None:
    """Two constraints lie behind the locks: approvals end in an error, not in a kind answer."""
    with scenes.unlocked():
        found, awards = scenes.approvals(real_database, claims=1, times=8, threads=8)
    assert found.errors != ()
    assert awards == 2


def test_the_last_reward_goes_to_one_person(real_database: Database) -> None:
    for _ in range(3):
        found = scenes.last_rewards(real_database, units=1, people=16, threads=16)
        assert (found.won, found.refused, found.errors, found.faults) == (1, 15, (), ())


def test_of_seven_rewards_seven_are_ordered_and_not_fewer(real_database: Database) -> None:
    found = scenes.last_rewards(real_database, units=7, people=24, threads=16)
    assert (found.won, found.refused, found.errors, found.faults) == (7, 17, (), ())


def test_without_the_lock_more_rewards_are_promised_than_there_are(
    real_database: Database,
) -> None:
    with scenes.unlocked():
        found = scenes.last_rewards(real_database, units=1, people=8, threads=8)
    assert found.won > 1


def test_points_are_spent_once(real_database: Database) -> None:
    found, left = scenes.spending(real_database, points=100, price=30, orders=24, threads=16)
    assert (found.won, found.refused, found.errors, found.faults) == (3, 21, (), ())
    assert left == 10


@pytest.fixture
def overdrafts(postgres: EmbeddedPostgres) -> Iterator[None]:
    with unguarded.overdrafts_allowed(postgres):
        yield


def test_without_the_databases_check_the_lots_still_spend_points_once(
    overdrafts: None, real_database: Database
) -> None:
    found, left = scenes.spending(real_database, points=100, price=30, orders=8, threads=8)
    assert (found.won, found.refused, found.errors, found.faults) == (3, 5, (), ())
    assert left == 10


def test_without_the_check_and_the_lots_points_that_nobody_has_are_spent(
    overdrafts: None, real_database: Database
) -> None:
    """Either alone stops it; without both every order is taken, and `verify` names the account."""
    with unguarded.lots_never_refuse():
        found, left = scenes.spending(real_database, points=100, price=30, orders=8, threads=8)
    assert (found.won, left) == (8, 100 - 8 * 30)
    assert any("balance -140" in fault for fault in found.faults)


def test_of_approving_rejecting_and_cancelling_at_once_one_wins(real_database: Database) -> None:
    winners, found = scenes.one_decision(real_database, rounds=8)
    assert winners == [1] * 8
    assert (found.refused, found.errors, found.faults) == (16, (), ())


def test_without_the_lock_several_decisions_win(real_database: Database) -> None:
    with scenes.unlocked():
        winners, _ = scenes.one_decision(real_database, rounds=3)
    assert max(winners) > 1
