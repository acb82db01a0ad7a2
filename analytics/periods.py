"""Stretches of days that people ask about, and what each is compared with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.clock import WARSAW


class Preset(StrEnum):
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    ALL = "all"
    OWN = "own"


class Compare(StrEnum):
    """What a period is laid beside; always the same weekdays, so whole weeks earlier."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Poland, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("A period ends before it begins.")

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> datetime:
        """The first moment of the first day."""
        return datetime.combine(self.first, time(0), WARSAW)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is no longer in the period."""
        return datetime.combine(self.last + timedelta(days=1), time(0), WARSAW)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.length)]

    def is_open(self, today: date) -> bool:
        """Whether figures of the period still grow."""
        return self.last >= today


def of_preset(preset: Preset, *, today: date, opened_on: date) -> Period:
    """The days of a preset up to today; `opened_on` is the programme's first day.

    Raises `ValueError` for `OWN`, whose days somebody has to name.
    """
    month = today.replace(day=1)
    last_of_before = month - timedelta(days=1)
    match preset:
        case Preset.LAST_7_DAYS:
            return Period(today - timedelta(days=6), today)
        case Preset.LAST_30_DAYS:
            return Period(today - timedelta(days=29), today)
        case Preset.THIS_MONTH:
            return Period(month, today)
        case Preset.LAST_MONTH:
            return Period(last_of_before.replace(day=1), last_of_before)
        case Preset.THIS_QUARTER:
            return Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today)
        case Preset.THIS_YEAR:
            return Period(date(today.year, 1, 1), today)
        case Preset.ALL:
            return Period(min(opened_on, today), today)
    raise ValueError("The days of an own period are not known.")


def compared(period: Period, compare: Compare) -> Period | None:
    """The earlier period of the same length that begins on the same weekday, without overlap."""
    if compare is Compare.NONE:
        return None
    weeks = -(-period.length // 7)
    if compare is Compare.YEAR:
        weeks = max(52, weeks)
    shift = timedelta(weeks=weeks)
    return Period(period.first - shift, period.last - shift)


def steps(period: Period, *, most: int = 92) -> list[Period]:
    """The points of a chart: single days, or weeks when there are more than `most` days."""
    if period.length <= most:
        return [Period(day, day) for day in period.days()]
    found, first = [], period.first
    while first <= period.last:
        last = min(first + timedelta(days=6), period.last)
        found.append(Period(first, last))
        first = last + timedelta(days=1)
    return found
