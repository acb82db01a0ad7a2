"""Periods: presets end today, comparisons keep the weekday and never overlap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.periods import Compare, Period, Preset, compared, of_preset, steps

TODAY = date(2026, 11, 20)
OPENED = date(2026, 1, 1)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
lengths = st.integers(1, 800)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.LAST_7_DAYS, date(2026, 11, 14), TODAY),
        (Preset.LAST_30_DAYS, date(2026, 10, 22), TODAY),
        (Preset.THIS_MONTH, date(2026, 11, 1), TODAY),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Preset.THIS_QUARTER, date(2026, 10, 1), TODAY),
        (Preset.THIS_YEAR, date(2026, 1, 1), TODAY),
        (Preset.ALL, OPENED, TODAY),
    ],
)
def test_a_preset_has_its_days_and_never_the_future(
    preset: Preset, first: date, last: date
) -> None:
    assert of_preset(preset, today=TODAY, opened_on=OPENED) == Period(first, last)


def test_an_own_period_needs_its_days() -> None:
    with pytest.raises(ValueError, match="not known"):
        of_preset(Preset.OWN, today=TODAY, opened_on=OPENED)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(TODAY, TODAY - timedelta(days=1))


@given(first=days, length=lengths, compare=st.sampled_from([Compare.PREVIOUS, Compare.YEAR]))
def test_a_comparison_has_the_same_weekdays_and_does_not_overlap(
    first: date, length: int, compare: Compare
) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    earlier = compared(period, compare)
    assert earlier is not None
    assert earlier.length == period.length
    assert earlier.first.weekday() == period.first.weekday()
    assert earlier.last < period.first
    nearest = (period.first - earlier.last).days <= 7
    assert nearest or compare is Compare.YEAR


def test_a_year_ago_is_fifty_two_weeks_ago() -> None:
    earlier = compared(Period(date(2026, 11, 2), date(2026, 11, 8)), Compare.YEAR)
    assert earlier == Period(date(2025, 11, 3), date(2025, 11, 9))


def test_nothing_is_compared_when_nobody_asks() -> None:
    assert compared(Period(OPENED, TODAY), Compare.NONE) is None


@given(first=days, length=lengths)
def test_the_points_of_a_chart_cover_every_day_once(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    points = steps(period)
    assert [day for point in points for day in point.days()] == period.days()
    assert len(points) == length if length <= 92 else len(points) <= length / 7 + 1


def test_a_day_begins_and_ends_at_midnight_in_poland() -> None:
    summer = Period(date(2026, 7, 1), date(2026, 7, 1))
    assert summer.starts_at.isoformat() == "2026-07-01T00:00:00+02:00"
    assert (summer.ends_at - summer.starts_at) == timedelta(days=1)
    clocks_back = Period(date(2026, 10, 25), date(2026, 10, 25))
    assert clocks_back.ends_at.timestamp() - clocks_back.starts_at.timestamp() == 25 * 3600
