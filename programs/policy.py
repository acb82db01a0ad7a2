"""How many points a line brings: a version's rules, in the order that the terms print.

Order: base → product multiplier → campaign bonus → tier → caps; one rounding, at the line's end.
Pure: everything that matters is an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.money import half_up


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selection(_Frozen):
    """Which products a rule speaks of; empty lists mean all of the programme."""

    families: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()

    def covers(self, *, sku: str, family: str) -> bool:
        if not self.families and not self.skus:
            return True
        return family in self.families or sku in self.skus


class Stacking(StrEnum):
    ADDS = "adds"
    EXCLUSIVE = "exclusive"


class PerUnit(_Frozen):
    """So many points for so many units. Of several that cover a product the first counts."""

    kind: Literal["per_unit"] = "per_unit"
    clause: str
    points: Decimal = Field(gt=0, le=1_000_000)
    units: Decimal = Field(default=Decimal(1), gt=0)
    products: Selection = Selection()


class Multiplier(_Frozen):
    """A factor on the base points of some products."""

    kind: Literal["multiplier"] = "multiplier"
    clause: str
    factor: Decimal = Field(gt=0, le=100)
    products: Selection = Selection()


class Campaign(_Frozen):
    """For a time and some products, partners or tiers: a factor or extra points per unit."""

    kind: Literal["campaign"] = "campaign"
    clause: str
    starts_on: date
    ends_on: date
    factor: Decimal = Field(default=Decimal(1), ge=1, le=100)
    bonus_per_unit: Decimal = Field(default=Decimal(0), ge=0, le=1_000_000)
    products: Selection = Selection()
    partner_nips: tuple[str, ...] = ()
    stacking: Stacking = Stacking.ADDS


class Rules(_Frozen):
    """One version's rules as data."""

    base: tuple[PerUnit, ...]
    multipliers: tuple[Multiplier, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    tier_factors: dict[str, Decimal] = Field(default_factory=dict)
    cap_per_line: int | None = Field(default=None, ge=1)


class EarningLine(_Frozen):
    """What the rules need to know of a line. `units` are the product's own, never negative."""

    sku: str
    family: str
    units: Decimal = Field(ge=0)
    purchased_on: date
    partner_nip: str
    tier: str = ""


class Step(_Frozen):
    """One thing that a rule did: its clause and the points before rounding after it."""

    stage: Literal["base", "multiplier", "campaign", "tier", "cap"]
    clause: str
    factor: Decimal | None = None
    per_unit: Decimal | None = None
    points: Decimal


class Award(_Frozen):
    points: int
    steps: tuple[Step, ...] = ()


def evaluate(rules: Rules, line: EarningLine) -> Award:
    """The points of a line and the steps that made them; none when no rule covers it."""
    covering = [r for r in rules.base if r.products.covers(sku=line.sku, family=line.family)]
    if not covering:
        return Award(points=0)
    base = covering[0]
    per_unit = base.points / base.units
    points = line.units * per_unit
    steps = [Step(stage="base", clause=base.clause, per_unit=per_unit, points=points)]
    for multiplier in rules.multipliers:
        if multiplier.products.covers(sku=line.sku, family=line.family):
            points = points * multiplier.factor
            steps.append(
                Step(
                    stage="multiplier",
                    clause=multiplier.clause,
                    factor=multiplier.factor,
                    points=points,
                )
            )
    before_campaigns = points
    for campaign in _running(rules.campaigns, line):
        # Every factor works on the same points, so the order of campaigns changes nothing.
        extra = before_campaigns * (campaign.factor - 1) + campaign.bonus_per_unit * line.units
        points = points + extra
        steps.append(
            Step(stage="campaign", clause=campaign.clause, factor=campaign.factor, points=points)
        )
    tier_factor = rules.tier_factors.get(line.tier)
    if tier_factor is not None:
        points = points * tier_factor
        steps.append(Step(stage="tier", clause=line.tier, factor=tier_factor, points=points))
    if rules.cap_per_line is not None and points > rules.cap_per_line:
        points = Decimal(rules.cap_per_line)
        steps.append(Step(stage="cap", clause="", points=points))
    return Award(points=half_up(points), steps=tuple(steps))


def _running(campaigns: Sequence[Campaign], line: EarningLine) -> list[Campaign]:
    """The campaigns that apply: all that add, or the best exclusive one alone if it brings more."""
    applying = [
        c
        for c in campaigns
        if c.starts_on <= line.purchased_on <= c.ends_on
        and c.products.covers(sku=line.sku, family=line.family)
        and (not c.partner_nips or line.partner_nip in c.partner_nips)
    ]
    adding = [c for c in applying if c.stacking is Stacking.ADDS]
    exclusive = [c for c in applying if c.stacking is Stacking.EXCLUSIVE]
    if not exclusive:
        return adding
    best = max(exclusive, key=lambda c: (c.factor, c.bonus_per_unit, c.clause))
    together = sum((c.factor - 1 for c in adding), Decimal(0))
    return adding if together >= best.factor - 1 and adding else [best]
