"""All lines of one claim together: bonuses find their line, caps and budgets stop exactly. Pure.

Lines are taken in the order of their positions. What a participant did earlier is a `Tally`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations

from programs.policy_line import Award, EarningLine, Granted, Room, evaluate
from programs.policy_rules import (
    Bundle,
    BundlePart,
    Every,
    FirstPurchase,
    Rules,
    Selection,
    Target,
)


@dataclass(slots=True)
class Tally:
    """What was credited to one participant so far, counted as the rules ask for it."""

    bought: set[tuple[str, str]] = field(default_factory=set)  # (sku, family)
    # By stretch, then (sku, family).
    units: dict[str, dict[tuple[str, str], Decimal]] = field(default_factory=dict)
    points: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    granted: set[tuple[str, str]] = field(default_factory=set)  # (identity, stretch)
    displaced: set[str] = field(default_factory=set)  # identities of first purchases

    def add(
        self,
        *,
        sku: str,
        family: str,
        purchased_on: date,
        units: Decimal,
        points: int,
        granted: Iterable[tuple[str, str]] = (),
        displaced: Iterable[str] = (),
    ) -> None:
        """Count a credited line, or several of a product and a day together."""
        if units > 0:
            self.bought.add((sku, family))
        for every in Every:
            stretch = every.key(purchased_on)
            bought = self.units.setdefault(stretch, {})
            bought[sku, family] = bought.get((sku, family), Decimal(0)) + units
            self.points[stretch] += points
        self.granted.update(granted)
        self.displaced.update(displaced)

    def copy(self) -> Tally:
        """One of its own, that can go on counting."""
        units = {stretch: bought.copy() for stretch, bought in self.units.items()}
        return Tally(
            bought=set(self.bought),
            units=units,
            points=self.points.copy(),
            granted=set(self.granted),
            displaced=set(self.displaced),
        )

    def units_of(self, products: Selection, stretch: str) -> Decimal:
        """Units of the chosen products in one stretch."""
        bought = self.units.get(stretch, {})
        return sum(
            (
                units
                for (sku, family), units in bought.items()
                if products.covers(sku=sku, family=family)
            ),
            Decimal(0),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with everything that it was judged by, and what it brings."""

    line: EarningLine
    award: Award


def evaluate_claim(
    rules: Rules,
    lines: Sequence[EarningLine],
    *,
    earlier: Tally | None = None,
    beside: Sequence[EarningLine] = (),
    budget_used: int = 0,
) -> list[Judged]:
    """The points of each line. `budget_used` is what the budget's stretch gave to everybody.

    `beside` are lines of the same document that were credited before, as they were judged: they
    count for sets, of which none is given twice; for all else they stand in `earlier`. Neither
    `earlier` nor anything else is changed. All lines are of one participant and one day.
    """
    tally = earlier.copy() if earlier is not None else Tally()
    bundles = _bundles(rules, lines, beside)
    judged = []
    for number, line in enumerate(lines):
        if not rules.pays(sku=line.sku, family=line.family):
            judged.append(Judged(line, Award(points=0)))
            continue
        granted = tuple(
            sorted(
                [*bundles.get(number, ()), *_remembered(rules, line, tally)],
                key=lambda g: (g.kind, g.clause),
            )
        )
        full = line.model_copy(
            update={"granted": granted, "rooms": _rooms(rules, line, tally, budget_used)}
        )
        award = evaluate(rules, full)
        full = settled(full, award)
        tally.add(
            sku=line.sku,
            family=line.family,
            purchased_on=line.purchased_on,
            units=line.units,
            points=award.points,
            granted=[(g.identity, g.stretch) for g in full.granted],
            displaced=full.displaced,
        )
        budget_used += award.points
        judged.append(Judged(full, award))
    return judged


def settled(line: EarningLine, award: Award) -> EarningLine:
    """The line with the bonuses that it was really given.

    One that an exclusive promotion displaced was not given and may come later: a target stays
    reached, and a first purchase is remembered as displaced. The line where the bonus is decided
    has its place in the order; nothing earlier in it is changed afterwards.
    """
    taken = {step.clause for step in award.steps if step.stage == "campaign"}
    kept = tuple(g for g in line.granted if g.clause in taken or g.kind == "bundle")
    displaced = tuple(
        g.identity for g in line.granted if g not in kept and g.kind == "first_purchase"
    )
    return line.model_copy(update={"granted": kept, "displaced": displaced})


def _remembered(rules: Rules, line: EarningLine, tally: Tally) -> list[Granted]:
    """First purchases and targets that this line completes."""
    found: list[Granted] = []
    for bonus in rules.bonuses:
        if isinstance(bonus, Bundle) or line.units <= 0:
            continue
        if not bonus.products.covers(sku=line.sku, family=line.family):
            continue
        if bonus.segments and not line.segments & set(bonus.segments):
            continue
        stretch = bonus.every.key(line.purchased_on) if isinstance(bonus, Target) else ""
        if (bonus.identity, stretch) in tally.granted or not _due(bonus, line, tally, stretch):
            continue
        found.append(
            Granted(
                kind=bonus.kind,
                clause=bonus.clause,
                points=bonus.points,
                stacking=bonus.stacking,
                stretch=stretch,
                key=bonus.key,
            )
        )
    return found


def _due(bonus: FirstPurchase | Target, line: EarningLine, tally: Tally, stretch: str) -> bool:
    if isinstance(bonus, FirstPurchase):
        return bonus.identity in tally.displaced or not any(
            bonus.products.covers(sku=s, family=f) for s, f in tally.bought
        )
    return tally.units_of(bonus.products, stretch) + line.units >= bonus.units


def _bundles(
    rules: Rules, lines: Sequence[EarningLine], beside: Sequence[EarningLine]
) -> dict[int, list[Granted]]:
    """Sets that the lines complete, given to the first line of the set's first part."""
    found: dict[int, list[Granted]] = {}
    for bundle in rules.bonuses:
        if not isinstance(bundle, Bundle):
            continue
        given = sum(
            (g.points for line in beside for g in line.granted if g.identity == bundle.identity),
            Decimal(0),
        )
        points = bundle.points * sets_of(rules, bundle, [*lines, *beside]) - given
        number = next(
            (
                number
                for part in bundle.parts
                for number, line in enumerate(lines)
                if line.units > 0 and is_part(rules, part, line)
            ),
            None,
        )
        if points > 0 and number is not None:
            found.setdefault(number, []).append(
                Granted(
                    kind=bundle.kind,
                    clause=bundle.clause,
                    points=points,
                    stacking=bundle.stacking,
                    key=bundle.key,
                )
            )
    return found


def is_part(rules: Rules, part: BundlePart, line: EarningLine) -> bool:
    """Whether a line's units count for this part of a set."""
    covers = part.products.covers(sku=line.sku, family=line.family)
    return covers and rules.pays(sku=line.sku, family=line.family)


def sets_of(rules: Rules, bundle: Bundle, lines: Sequence[EarningLine]) -> int:
    """How many full sets the lines of one document make, at most as many as count.

    A unit serves one part only. Units can be dealt out to all parts exactly when for every choice
    of parts there are enough units that fit any of them (Hall's theorem on such matchings).
    """
    fits = [
        (
            line.units,
            {
                n
                for n, part in enumerate(bundle.parts)
                if part.products.covers(sku=line.sku, family=line.family)
            },
        )
        for line in lines
        if rules.pays(sku=line.sku, family=line.family)
    ]
    most = bundle.most
    for number in range(1, len(bundle.parts) + 1):
        for chosen in combinations(range(len(bundle.parts)), number):
            there = sum(
                (units for units, parts in fits if not parts.isdisjoint(chosen)), Decimal(0)
            )
            asked = sum((bundle.parts[n].units for n in chosen), Decimal(0))
            most = min(most, int(there // asked))
    return most


def _rooms(rules: Rules, line: EarningLine, tally: Tally, budget_used: int) -> tuple[Room, ...]:
    found = [
        Room(
            limit=f"participant:{cap.every}",
            left=max(cap.points - tally.points[cap.every.key(line.purchased_on)], 0),
        )
        for cap in rules.participant_caps
    ]
    if rules.budget is not None:
        found.append(
            Room(
                limit=f"budget:{rules.budget.every}",
                left=max(rules.budget.points - budget_used, 0),
            )
        )
    return tuple(found)
