"""Levels: who rises and sinks when, by what was credited in a sliding period. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from programs.policy_rules import Every, Ladder, Level


@dataclass(frozen=True, slots=True)
class Standing:
    """The level held from a day on; an empty name is no level."""

    since: date
    level: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is to the next level; `next_level` is `None` at the top."""

    level: str
    measured: Decimal
    next_level: Level | None

    @property
    def missing(self) -> Decimal:
        if self.next_level is None:
            return Decimal(0)
        return max(self.next_level.at_least - self.measured, Decimal(0))


def level_for(ladder: Ladder, measured: Decimal) -> str:
    """The highest level that an amount reaches; empty below the first."""
    reached = [level for level in ladder.levels if level.at_least <= measured]
    return max(reached, key=lambda level: level.at_least).name if reached else ""


def _height(ladder: Ladder, name: str) -> Decimal:
    """How high a level stands; a name that the ladder no longer has is below all."""
    return next((level.at_least for level in ladder.levels if level.name == name), Decimal(0))


def review(
    ladder: Ladder, *, current: str, measured: Decimal, last: date | None, today: date
) -> str:
    """The level from `today` on, when it was last reviewed on `last` (`None`: never).

    A day of the ladder that passed between two reviews counts on the later one.
    """
    reached = level_for(ladder, measured)
    rises = _height(ladder, reached) > _height(ladder, current)
    if rises:
        due = ladder.rise == "daily" or last is None or Every.MONTH.begins_within(last, today)
    else:
        due = current not in {level.name for level in ladder.levels} or (
            last is not None and ladder.sink.begins_within(last, today)
        )
    return reached if due else current


def progress(ladder: Ladder, *, level: str, measured: Decimal) -> Progress:
    """The next level above the one that is held."""
    higher = [step for step in ladder.levels if step.at_least > _height(ladder, level)]
    return Progress(level, measured, min(higher, key=lambda s: s.at_least) if higher else None)


def standings(
    ladder: Ladder, credited: Sequence[tuple[date, Decimal]], *, until: date
) -> list[Standing]:
    """The levels that somebody would have held, reviewed on every day that could change them.

    `credited` are days and amounts in the order of days; what is credited on a day counts from the
    next one. Used by rehearsals; the nightly review asks `review` for one day.
    """
    days = sorted(_days([day for day, _ in credited], until))
    found: list[Standing] = []
    current, last = "", None
    first = newest = 0
    measured = Decimal(0)
    for day in days:
        while newest < len(credited) and credited[newest][0] < day:
            measured += credited[newest][1]
            newest += 1
        while first < newest and credited[first][0] < day - timedelta(days=ladder.window_days):
            measured -= credited[first][1]
            first += 1
        level = review(ladder, current=current, measured=measured, last=last, today=day)
        if level != current:
            found.append(Standing(day, level))
            current = level
        last = day
    return found


def _days(credited: Sequence[date], until: date) -> set[date]:
    """Days after a credit, and the first days of months: the only ones that change a level."""
    days = {day + timedelta(days=1) for day in credited}
    month = min(days, default=until).replace(day=1)
    while month <= until:
        days.add(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return {day for day in days if day <= until}


def level_on(found: Sequence[Standing], day: date) -> str:
    """The level held on a day."""
    return next((s.level for s in reversed(found) if s.since <= day), "")
