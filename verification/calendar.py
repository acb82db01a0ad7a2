"""Working time in Poland: a promise counts the hours in which the branch is open. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from core.clock import WARSAW

OPENS, CLOSES = time(8, 0), time(16, 0)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PL", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_hours(start: datetime, hours: float) -> datetime:
    """The moment when so many working hours have passed; aware, in the zone of `start`."""
    left = timedelta(hours=hours)
    moment = start.astimezone(WARSAW)
    while True:
        day = moment.date()
        opens = datetime.combine(day, OPENS, WARSAW)
        closes = datetime.combine(day, CLOSES, WARSAW)
        if is_working_day(day) and moment < closes:
            moment = max(moment, opens)
            if closes - moment >= left:
                return (moment + left).astimezone(start.tzinfo)
            left -= closes - moment
        moment = datetime.combine(day + timedelta(days=1), time(0), WARSAW)


def add_working_days(start: date, days: int) -> date:
    """The working day that many working days after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """How much of the branch's open hours lies between two moments; zero when `end` is earlier."""
    total = timedelta(0)
    day, last = start.astimezone(WARSAW).date(), end.astimezone(WARSAW).date()
    while day <= last:
        if is_working_day(day):
            opens = max(datetime.combine(day, OPENS, WARSAW), start)
            closes = min(datetime.combine(day, CLOSES, WARSAW), end)
            total += max(closes - opens, timedelta(0))
        day += timedelta(days=1)
    return total


SHORTEST = timedelta(hours=1)


def resumed(due_at: datetime, *, since: datetime, at: datetime) -> datetime:
    """The promised moment after the clock stood still from `since` to `at`; one hour at least."""
    left = max(working_time_between(since, due_at), SHORTEST)
    return add_working_hours(at, left / timedelta(hours=1))
