"""How many points one line brings, in the order that the terms print.

base → product multiplier → promotions and bonuses → level → caps; one rounding, at the end.
Pure: everything that matters is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from core.money import half_up
from programs.policy_rules import Campaign, Frozen, Joining, PerUnit, PerValue, Rules, Stacking

BonusKind = Literal["first_purchase", "bundle", "target"]


class Granted(Frozen):
    """A bonus that falls on a line: so many points beside its own."""

    kind: BonusKind
    clause: str
    points: Decimal = Field(gt=0)
    stacking: Stacking = Stacking.ADDS
    # The stretch of a target in which it falls once.
    stretch: str = ""
    # Which bonus it is, where its name does not say that.
    key: str = ""

    @property
    def identity(self) -> str:
        return self.key or self.clause


class Room(Frozen):
    """Points that a cap still leaves: `participant:month`, `budget:program`."""

    limit: str
    left: int = Field(ge=0)


class EarningLine(Frozen):
    """All that the rules need to know of a line.

    `units` are the product's own, never negative; `value` is its amount on the document in zł.
    """

    sku: str
    family: str
    units: Decimal = Field(ge=0)
    purchased_on: date
    partner_nip: str
    tier: str = ""
    value: Decimal | None = None
    segments: frozenset[str] = frozenset()
    granted: tuple[Granted, ...] = ()
    # Identities of first purchases that an exclusive promotion displaced here: still to be given.
    displaced: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()


class Step(Frozen):
    """One thing that a rule did: its clause and the points before rounding after it."""

    stage: Literal["base", "multiplier", "campaign", "tier", "cap"]
    clause: str
    kind: str = ""
    factor: Decimal | None = None
    per_unit: Decimal | None = None
    per_zloty: Decimal | None = None
    bonus: Decimal | None = None
    # Which cap cut, and what was missing for a rule.
    limit: str = ""
    missing: str = ""
    points: Decimal


class Award(Frozen):
    points: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Extra:
    """What a promotion or a bonus would add to a line."""

    clause: str
    kind: str
    stacking: Stacking
    points: Decimal
    factor: Decimal | None = None
    bonus: Decimal | None = None


def evaluate(rules: Rules, line: EarningLine) -> Award:
    """The points of a line and the steps that made them; none when no rate covers it."""
    covering = [r for r in rules.base if r.products.covers(sku=line.sku, family=line.family)]
    if not covering:
        return Award(points=0)
    steps = [_rate(covering[0], line)]
    steps += _multiplied(rules, line, steps[0].points)
    points = steps[-1].points
    # Every promotion works on the same points, so their order changes nothing.
    for extra in _applying(rules, line, points):
        points = points + extra.points
        steps.append(
            Step(
                stage="campaign",
                clause=extra.clause,
                kind=extra.kind,
                factor=extra.factor,
                bonus=extra.bonus,
                points=points,
            )
        )
    tier_factor = rules.tier_factors.get(line.tier)
    if tier_factor is not None:
        points = points * tier_factor
        steps.append(Step(stage="tier", clause=line.tier, factor=tier_factor, points=points))
    for limit, left in _limits(rules, line):
        if points > left:
            points = Decimal(left)
            steps.append(Step(stage="cap", clause="", limit=limit, points=points))
    return Award(points=half_up(points), steps=tuple(steps))


def _rate(rule: PerUnit | PerValue, line: EarningLine) -> Step:
    if isinstance(rule, PerUnit):
        rate = rule.points / rule.units
        return Step(
            stage="base",
            clause=rule.clause,
            kind=rule.kind,
            per_unit=rate,
            points=line.units * rule.points / rule.units,
        )
    rate, missing = rule.points / rule.zloty, "" if line.value is not None else "value"
    points = max(line.value or Decimal(0), Decimal(0)) * rule.points / rule.zloty
    return Step(
        stage="base",
        clause=rule.clause,
        kind=rule.kind,
        per_zloty=rate,
        missing=missing,
        points=points,
    )


def _multiplied(rules: Rules, line: EarningLine, rate: Decimal) -> list[Step]:
    """The multipliers that count: the best that stands alone, or all the others together.

    Those that add count from the rate, so their order changes nothing; then come those that
    multiply what the others made.
    """
    found = [m for m in rules.multipliers if m.products.covers(sku=line.sku, family=line.family)]
    adding = [m for m in found if m.stacking is Joining.ADDS]
    multiplying = [m for m in found if m.stacking is Joining.MULTIPLIES]
    alone = [m for m in found if m.stacking is Joining.EXCLUSIVE]
    if alone:
        best = max(alone, key=lambda m: (m.factor, m.clause))
        together = max(1 + sum((m.factor - 1 for m in adding), Decimal(0)), Decimal(0))
        for rule in multiplying:
            together *= rule.factor
        if not (adding or multiplying) or best.factor > together:
            adding, multiplying = [best], []
    steps, factor = [], Decimal(1)
    for rule in adding:
        factor += rule.factor - 1
        points = rate * max(factor, Decimal(0))
        steps.append(
            Step(stage="multiplier", clause=rule.clause, factor=rule.factor, points=points)
        )
    factor = max(factor, Decimal(0))
    for rule in multiplying:
        factor *= rule.factor
        steps.append(
            Step(stage="multiplier", clause=rule.clause, factor=rule.factor, points=rate * factor)
        )
    return steps


def _applying(rules: Rules, line: EarningLine, before: Decimal) -> list[_Extra]:
    """All that add, or the best exclusive one alone where it brings more than they together."""
    found = [
        _Extra(
            clause=c.clause,
            kind=c.kind,
            stacking=c.stacking,
            points=before * (c.factor - 1) + c.bonus_per_unit * line.units,
            factor=c.factor,
            bonus=c.bonus_per_unit * line.units if c.bonus_per_unit else None,
        )
        for c in rules.campaigns
        if runs_for(c, line)
    ]
    found += [
        _Extra(g.clause, g.kind, g.stacking, points=g.points, bonus=g.points) for g in line.granted
    ]
    adding = [extra for extra in found if extra.stacking is Stacking.ADDS]
    alone = [extra for extra in found if extra.stacking is Stacking.EXCLUSIVE]
    if not alone:
        return adding
    best = max(alone, key=lambda extra: (extra.points, extra.clause))
    together = sum((extra.points for extra in adding), Decimal(0))
    return adding if adding and together >= best.points else [best]


def runs_for(campaign: Campaign, line: EarningLine) -> bool:
    """Whether a promotion speaks of this line, its day, its seller and its buyer."""
    return (
        campaign.starts_on <= line.purchased_on <= campaign.ends_on
        and campaign.products.covers(sku=line.sku, family=line.family)
        and (not campaign.partner_nips or line.partner_nip in campaign.partner_nips)
        and (not campaign.segments or bool(line.segments & set(campaign.segments)))
        and (not campaign.tiers or line.tier in campaign.tiers)
    )


def _limits(rules: Rules, line: EarningLine) -> list[tuple[str, int]]:
    found = [] if rules.cap_per_line is None else [("line", rules.cap_per_line)]
    return found + [(room.limit, room.left) for room in line.rooms]


def points_of_units(rules: Rules, line: EarningLine, units: Decimal) -> int:
    """What the line would have brought with fewer units, all else as it was judged.

    A correction takes back the difference; a line that nothing is left of keeps nothing.
    """
    if units <= 0:
        return 0
    value = line.value
    if value is not None and line.units:
        value = value * units / line.units
    return evaluate(rules, line.model_copy(update={"units": units, "value": value})).points
