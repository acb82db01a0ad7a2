"""The one place that asks what time it is; everything else is given the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The same moment on the clocks of the programme's people."""
    return at.astimezone(WARSAW)


def local_date(at: datetime) -> date:
    """The calendar day in Poland at that moment: deadlines and periods are counted in it."""
    return local(at).date()


def midnight(day: date) -> datetime:
    """The moment at which that calendar day begins in Poland."""
    return datetime.combine(day, time.min, WARSAW)
