"""Limits count for all processes, per account and per network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from accounts import rates
from accounts.rates import Rate, TooManyAttempts, network_of
from accounts.tables import RateMoments
from core.db import Database
from tests.conftest import NOON

RATE = Rate("test", per_account=3, per_network=5, window_s=3600)


def spend(session: Session, account: str, network: str = "net", *, minutes: int = 0) -> None:
    at = NOON + timedelta(minutes=minutes)
    rates.spend(session, RATE, account=account, network=network, at=at)


def test_an_account_has_so_many_tries_in_a_window(session: Session) -> None:
    for _ in range(3):
        spend(session, "a")
    with pytest.raises(TooManyAttempts) as refused:
        spend(session, "a", minutes=45)
    assert refused.value.facts["retry_after_s"] == 900
    spend(session, "a", minutes=60)


def test_many_accounts_of_one_network_share_its_limit(session: Session) -> None:
    for number in range(5):
        spend(session, f"account {number}")
    with pytest.raises(TooManyAttempts):
        spend(session, "another")
    spend(session, "another", network="elsewhere")


def test_looking_counts_nothing(session: Session) -> None:
    for _ in range(10):
        rates.look(session, RATE, account="a", network="net", at=NOON)
    for _ in range(3):
        spend(session, "a")
    with pytest.raises(TooManyAttempts):
        rates.look(session, RATE, account="a", network="net", at=NOON)


@pytest.mark.parametrize("sliding", [False, True])
def test_two_dozen_tries_at_once_are_counted_one_by_one(
    real_database: Database, sliding: bool
) -> None:
    rate = replace(RATE, sliding=sliding)

    def attempt(_: int) -> bool:
        try:
            with real_database.unit_of_work() as session:
                rates.spend(session, rate, account="a", network="", at=NOON)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 3


def test_keys_hold_no_personal_data() -> None:
    made = rates.keys(RATE, account="ewa@example.com", network="4:c00002")
    assert all("ewa" not in key for key, _ in made)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("::ffff:192.0.2.9", "192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_network_is_what_one_household_or_office_has(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_no_address_is_a_network_of_its_own() -> None:
    assert network_of("testclient") == network_of("") == "unknown"


def test_old_windows_are_forgotten(session: Session) -> None:
    for _ in range(3):
        spend(session, "a")
    rates.forget(session, before=NOON + timedelta(days=1))
    spend(session, "a")


SLIDING = Rate("sliding", per_account=3, per_network=5, window_s=3600, sliding=True)


def slide(session: Session, minutes: int, account: str = "a", network: str = "net") -> None:
    at = NOON + timedelta(minutes=minutes)
    rates.spend(session, SLIDING, account=account, network=network, at=at)


def test_any_stretch_of_a_sliding_window_holds_so_many_and_no_more(session: Session) -> None:
    for minutes in (50, 55, 59):  # The end of one hour,
        slide(session, minutes)
    for minutes in (60, 80, 109):  # and the next: a window of round hours would let these pass.
        with pytest.raises(TooManyAttempts) as refused:
            slide(session, minutes)
        assert refused.value.facts["retry_after_s"] == (110 - minutes) * 60
    slide(session, 110)  # What was refused tried nothing, and did not count.
    with pytest.raises(TooManyAttempts):
        rates.look(session, SLIDING, account="a", network="", at=NOON + timedelta(minutes=114))
    rates.look(session, SLIDING, account="a", network="", at=NOON + timedelta(minutes=115))


def test_a_good_try_is_given_back_and_a_refused_network_costs_the_account_nothing(
    session: Session,
) -> None:
    for minutes in range(5):
        slide(session, minutes, f"account {minutes}")
    with pytest.raises(TooManyAttempts):
        slide(session, 5, "fresh")
    again = NOON + timedelta(minutes=2)
    rates.give_back(session, SLIDING, account="account 2", network="net", at=again)
    slide(session, 6, "fresh")
    for _ in range(2):
        slide(session, 6, "fresh", network="")
    with pytest.raises(TooManyAttempts):
        slide(session, 6, "fresh", network="")
    rates.forget(session, before=NOON + timedelta(minutes=4))
    kept = session.exec(select(RateMoments.moments)).all()
    assert sorted(map(len, kept)) == [1, 3, 5]  # the last account, the fresh one, the network
