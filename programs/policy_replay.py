"""Past claims once more under other rules: who gains, who loses, when the budget ends. Pure.

Claims come in the order of their decisions. Levels, caps, bonuses and the budget start from nothing
and grow with the replay, so that they do what they would have done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from programs.policy_claim import Judged, Tally, evaluate_claim
from programs.policy_line import EarningLine
from programs.policy_reach import Reach
from programs.policy_rules import Every, Measure, Rules
from programs.policy_tiers import level_on, standings

# Which segments somebody belongs to on a day with a level.
SegmentsOf = Callable[[UUID, date, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class PastLine:
    """A credited line; `points` are those that it really brought, `value` is in zł."""

    sku: str
    family: str
    units: Decimal
    points: int
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PastClaim:
    """The credited lines of one claim, in their order, with their days."""

    participant: UUID
    decided_on: date
    purchased_on: date
    partner_nip: str
    lines: tuple[PastLine, ...]


@dataclass(slots=True)
class _Somebody:
    """What the replay knows of one participant so far."""

    tally: Tally = field(default_factory=Tally)
    credited: list[tuple[date, Decimal]] = field(default_factory=list)
    change: int = 0


@dataclass(slots=True)
class Replay:
    """Feed it with `add`, then read what came of it."""

    rules: Rules
    segments_of: SegmentsOf
    reach: Reach | None = None
    claims: int = 0
    lines: int = 0
    points: int = 0
    points_then: int = 0
    cut_lines: int = 0
    first_day: date | None = None
    last_day: date | None = None
    budget_ended_on: date | None = None
    families: dict[str, tuple[int, int]] = field(default_factory=dict)
    months: dict[str, tuple[int, int]] = field(default_factory=dict)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Who stands behind each family and month.
    family_people: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    month_people: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    _people: defaultdict[UUID, _Somebody] = field(default_factory=lambda: defaultdict(_Somebody))
    _budget: Counter[str] = field(default_factory=Counter)

    def add(self, claim: PastClaim) -> None:
        """Judge one claim as if it had been decided on its day under these rules."""
        somebody, rules, on = self._people[claim.participant], self.rules, claim.purchased_on
        tier = self._tier(somebody, on)
        asked = rules.segment_keys or (self.reach is not None and self.reach.knows_segments)
        keys = self.segments_of(claim.participant, on, tier) if asked else frozenset()
        stretch = rules.budget.every.key(on) if rules.budget else ""
        lines = [
            EarningLine(
                sku=line.sku,
                family=line.family,
                units=line.units,
                purchased_on=on,
                partner_nip=claim.partner_nip,
                tier=tier,
                value=line.value,
                segments=keys,
            )
            for line in claim.lines
        ]
        judged = evaluate_claim(
            rules, lines, earlier=somebody.tally, budget_used=self._budget[stretch]
        )
        if self.reach is not None:
            self.reach.see(claim.participant, lines, judged)
        self._remember(somebody, claim, judged)
        earned = sum(one.award.points for one in judged)
        self._budget[stretch] += earned
        if (
            rules.budget is not None
            and self.budget_ended_on is None
            and self._budget[stretch] >= rules.budget.points
        ):
            self.budget_ended_on = claim.decided_on
        self._count(claim, judged, earned)

    def _tier(self, somebody: _Somebody, on: date) -> str:
        ladder = self.rules.ladder
        if ladder is None or not self.rules.knows_people:
            return ""
        return level_on(standings(ladder, somebody.credited, until=on), on)

    def _remember(self, somebody: _Somebody, claim: PastClaim, judged: Sequence[Judged]) -> None:
        ladder, amount = self.rules.ladder, Decimal(0)
        for line, one in zip(claim.lines, judged, strict=True):
            somebody.tally.add(
                sku=line.sku,
                family=line.family,
                purchased_on=claim.purchased_on,
                units=line.units,
                points=one.award.points,
                granted=[(g.identity, g.stretch) for g in one.line.granted],
                displaced=one.line.displaced,
            )
            by_value = ladder is not None and ladder.measure is Measure.VALUE
            amount += (line.value or Decimal(0)) if by_value else one.award.points
        if ladder is not None and amount:
            somebody.credited.append((claim.decided_on, amount))
            # Decisions come in their order; the day of a shifted one may still lie before another.
            if len(somebody.credited) > 1 and somebody.credited[-2][0] > claim.decided_on:
                somebody.credited.sort()

    def _count(self, claim: PastClaim, judged: Sequence[Judged], earned: int) -> None:
        real = sum(line.points for line in claim.lines)
        self.claims += 1
        self.lines += len(claim.lines)
        self.points += real
        self.points_then += earned
        self._people[claim.participant].change += earned - real
        self.first_day = min(self.first_day or claim.purchased_on, claim.purchased_on)
        self.last_day = max(self.last_day or claim.decided_on, claim.decided_on)
        month = f"{claim.purchased_on:%Y-%m}"
        before, then = self.months.get(month, (0, 0))
        self.months[month] = (before + real, then + earned)
        self.month_people[month].add(claim.participant)
        for line, one in zip(claim.lines, judged, strict=True):
            before, then = self.families.get(line.family, (0, 0))
            self.families[line.family] = (before + line.points, then + one.award.points)
            self.family_people[line.family].add(claim.participant)
            self.cut_lines += any(step.stage == "cap" for step in one.award.steps)
            self.steps.update((step.stage, step.clause) for step in one.award.steps)

    @property
    def changes(self) -> dict[UUID, int]:
        """Points more or less for each participant."""
        return {person: somebody.change for person, somebody in self._people.items()}

    def levels(self) -> Counter[str]:
        """How many participants hold each level at the end; none is the empty name."""
        ladder, last = self.rules.ladder, self.last_day
        if ladder is None or last is None:
            return Counter()
        return Counter(
            level_on(standings(ladder, somebody.credited, until=last), last)
            for somebody in self._people.values()
        )

    def budget_forecast(self) -> date | None:
        """The day on which the budget ends at the replay's own pace; `None` where it lasts.

        One for a month, a quarter or a year begins anew with each: it ends within the last one that
        the replay saw, or within the next whole one, or never.
        """
        budget, last = self.rules.budget, self.last_day
        if budget is None or self.budget_ended_on or self.first_day is None or not self.points_then:
            return self.budget_ended_on
        days = ((last or self.first_day) - self.first_day).days + 1
        needed = budget.points * days // self.points_then
        if budget.every is Every.PROGRAM or last is None:
            return self.first_day + timedelta(days=needed) if needed <= 36_500 else None
        ends = budget.every.last_day(last)
        left = (budget.points - self._budget[budget.every.key(last)]) * days // self.points_then
        if left <= (ends - last).days:
            return last + timedelta(days=left)
        following = ends + timedelta(days=1)
        if needed <= (budget.every.last_day(following) - following).days:
            return following + timedelta(days=needed)
        return None


def shifted(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_to_shift(first: date, valid_from: date) -> int:
    """The fewest whole years that put a history onto or after a version's first day."""
    years = max(valid_from.year - first.year, 0)
    return years if shifted(first, years) >= valid_from else years + 1
