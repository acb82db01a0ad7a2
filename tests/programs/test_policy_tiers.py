"""Levels rise when they may, sink only on their days, and rest on a sliding period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.policy import Every, Ladder, Level
from programs.policy_tiers import Standing, level_for, level_on, progress, review, standings

SILVER, GOLD = (
    Level(name="Srebrny", at_least=Decimal(1000)),
    Level(name="Złoty", at_least=Decimal(5000)),
)
LADDER = Ladder(levels=(SILVER, GOLD), window_days=90, sink=Every.QUARTER)
MONTHLY = LADDER.model_copy(update={"rise": "month"})


@pytest.mark.parametrize(
    ("measured", "level"),
    [(0, ""), (999, ""), (1000, "Srebrny"), (4999, "Srebrny"), (5000, "Złoty")],
)
def test_the_highest_level_that_is_reached(measured: int, level: str) -> None:
    assert level_for(LADDER, Decimal(measured)) == level


@pytest.mark.parametrize(
    ("ladder", "current", "measured", "last", "today", "expected"),
    [
        (LADDER, "", 1000, date(2026, 11, 17), date(2026, 11, 18), "Srebrny"),
        (MONTHLY, "", 1000, date(2026, 11, 17), date(2026, 11, 18), ""),
        (MONTHLY, "", 1000, date(2026, 11, 30), date(2026, 12, 1), "Srebrny"),
        (LADDER, "Złoty", 0, date(2026, 11, 17), date(2026, 11, 18), "Złoty"),
        (LADDER, "Złoty", 1500, date(2026, 12, 31), date(2027, 1, 1), "Srebrny"),
        # The server slept over New Year: the day that passed counts on the next review.
        (LADDER, "Złoty", 0, date(2026, 12, 30), date(2027, 1, 4), ""),
        (LADDER, "Złoty", 0, None, date(2027, 1, 4), "Złoty"),
        (LADDER, "Platynowy", 0, date(2026, 11, 17), date(2026, 11, 18), ""),
    ],
)
def test_rising_and_sinking_have_their_days(
    ladder: Ladder, current: str, measured: int, last: date | None, today: date, expected: str
) -> None:
    found = review(ladder, current=current, measured=Decimal(measured), last=last, today=today)
    assert found == expected


def test_progress_names_the_next_level_and_what_is_missing() -> None:
    half_way = progress(LADDER, level="Srebrny", measured=Decimal(3200))
    assert (half_way.next_level, half_way.missing) == (GOLD, Decimal(1800))
    assert progress(LADDER, level="Złoty", measured=Decimal(9000)).next_level is None
    # A level that is kept until its day though less was credited lately.
    assert progress(LADDER, level="Złoty", measured=Decimal(10)).next_level is None


def test_a_replay_holds_the_levels_that_reviews_would_have_given() -> None:
    credited = [(date(2026, 1, 10), Decimal(1200)), (date(2026, 2, 1), Decimal(4000))]
    found = standings(LADDER, credited, until=date(2026, 12, 31))
    assert found == [
        Standing(date(2026, 1, 11), "Srebrny"),
        Standing(date(2026, 2, 2), "Złoty"),
        Standing(date(2026, 7, 1), ""),
    ]
    assert level_on(found, date(2026, 1, 10)) == ""
    assert level_on(found, date(2026, 6, 30)) == "Złoty"


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 3000)), max_size=12),
    st.sampled_from([LADDER, MONTHLY]),
)
def test_the_replay_is_what_a_review_on_every_single_day_gives(
    credits: list[tuple[int, int]], ladder: Ladder
) -> None:
    start = date(2026, 1, 1)
    credited = sorted((start + timedelta(days=d), Decimal(n)) for d, n in credits)
    until = start + timedelta(days=560)
    current, last, daily = "", None, []
    for number in range(561):
        today = start + timedelta(days=number)
        since = today - timedelta(days=ladder.window_days)
        measured = sum((n for day, n in credited if since <= day < today), Decimal(0))
        level = review(ladder, current=current, measured=measured, last=last, today=today)
        if level != current:
            daily.append(Standing(today, level))
            current = level
        last = today
    assert standings(ladder, credited, until=until) == daily
