"""What one version of a programme's rules consists of, as data. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_POINTS = 1_000_000
MOST_BUDGET = 10_000_000_000
LONGEST_KEY = 120


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selection(Frozen):
    """Which products a rule speaks of; empty lists mean all of the programme."""

    families: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()

    def covers(self, *, sku: str, family: str) -> bool:
        if not self.families and not self.skus:
            return True
        return family in self.families or sku in self.skus


class Stacking(StrEnum):
    """How a promotion or a bonus meets the others that apply to the same line."""

    ADDS = "adds"
    EXCLUSIVE = "exclusive"


class Joining(StrEnum):
    """How multipliers that cover one product meet: each counts from the rate, the best stands
    alone, or each multiplies what the others made."""

    ADDS = "adds"
    EXCLUSIVE = "exclusive"
    MULTIPLIES = "multiplies"


class Every(StrEnum):
    """The stretch of purchase days over which units, points or a budget are counted together."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    PROGRAM = "program"

    def key(self, day: date) -> str:
        """The name of the stretch that a day lies in: `2026-11`, `2026-Q4`, `2026`, `program`."""
        if self is Every.MONTH:
            return f"{day:%Y-%m}"
        if self is Every.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return f"{day.year}" if self is Every.YEAR else "program"

    def first_day(self, day: date) -> date:
        """The day on which the stretch of `day` begins; the whole programme has none."""
        if self is Every.PROGRAM:
            return date.min
        month = {Every.MONTH: day.month, Every.QUARTER: (day.month - 1) // 3 * 3 + 1}.get(self, 1)
        return date(day.year, month, 1)

    def last_day(self, day: date) -> date:
        """The day on which the stretch of `day` ends; the whole programme has none."""
        if self is Every.PROGRAM:
            return date.max
        months = {Every.MONTH: 1, Every.QUARTER: 3}.get(self, 12)
        first = self.first_day(day)
        later = first.month - 1 + months
        return date(first.year + later // 12, later % 12 + 1, 1) - timedelta(days=1)

    def begins_within(self, after: date, until: date) -> bool:
        """Whether a stretch begins later than `after` and not later than `until`."""
        return after < until and self.first_day(until) > after


class PerUnit(Frozen):
    """So many points for so many units. Of several rates that cover a product the first counts."""

    kind: Literal["per_unit"] = "per_unit"
    clause: str
    points: Decimal = Field(gt=0, le=MOST_POINTS)
    units: Decimal = Field(default=Decimal(1), gt=0)
    products: Selection = Selection()


class PerValue(Frozen):
    """So many points for so much money on the document (net on invoices, in zł)."""

    kind: Literal["per_value"] = "per_value"
    clause: str
    points: Decimal = Field(gt=0, le=MOST_POINTS)
    zloty: Decimal = Field(default=Decimal(1), gt=0)
    products: Selection = Selection()


Rate = Annotated[PerUnit | PerValue, Field(discriminator="kind")]


class Multiplier(Frozen):
    """A factor on the base points of some products."""

    kind: Literal["multiplier"] = "multiplier"
    clause: str
    factor: Decimal = Field(gt=0, le=100)
    products: Selection = Selection()
    stacking: Joining = Joining.ADDS


class Campaign(Frozen):
    """For a time and some products, partners, segments or levels: a factor or extra points."""

    kind: Literal["campaign"] = "campaign"
    clause: str
    starts_on: date
    ends_on: date
    factor: Decimal = Field(default=Decimal(1), ge=1, le=100)
    bonus_per_unit: Decimal = Field(default=Decimal(0), ge=0, le=MOST_POINTS)
    products: Selection = Selection()
    partner_nips: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    stacking: Stacking = Stacking.ADDS


class Remembered(Frozen):
    """A bonus that stays the same one over versions, whatever it is called.

    Without a key it is the one that was first published under this name.
    """

    clause: str
    key: str = Field(
        default="",
        max_length=LONGEST_KEY,
        description="which bonus it is over versions, whatever its name: an equal key goes on with "
        "one, a new key is a bonus that nobody was given yet; empty: the one first of this name",
    )

    @property
    def identity(self) -> str:
        """What says that it was given already: its key, else the name that it began with."""
        return self.key or self.clause


class FirstPurchase(Remembered):
    """Points once, for the first credited line of the chosen products that a participant has."""

    kind: Literal["first_purchase"] = "first_purchase"
    points: Decimal = Field(gt=0, le=MOST_POINTS)
    products: Selection = Selection()
    segments: tuple[str, ...] = ()
    stacking: Stacking = Stacking.ADDS


class BundlePart(Frozen):
    products: Selection
    units: Decimal = Field(default=Decimal(1), gt=0)


class Bundle(Remembered):
    """Points for each full set of parts on one document, at most `most` sets.

    A unit serves one part of one set.
    """

    kind: Literal["bundle"] = "bundle"
    points: Decimal = Field(gt=0, le=MOST_POINTS)
    parts: tuple[BundlePart, ...] = Field(min_length=2, max_length=3)
    most: int = Field(default=1, ge=1, le=1_000)
    stacking: Stacking = Stacking.ADDS


class Target(Remembered):
    """Points once in a stretch, on the line with which a participant reaches so many units."""

    kind: Literal["target"] = "target"
    points: Decimal = Field(gt=0, le=MOST_POINTS)
    units: Decimal = Field(gt=0)
    every: Every = Every.MONTH
    products: Selection = Selection()
    segments: tuple[str, ...] = ()
    stacking: Stacking = Stacking.ADDS


Bonus = Annotated[FirstPurchase | Bundle | Target, Field(discriminator="kind")]


class Measure(StrEnum):
    """What a level is earned with."""

    POINTS = "points"
    VALUE = "value"


class Level(Frozen):
    name: str
    at_least: Decimal = Field(gt=0)


class Ladder(Frozen):
    """Levels by what was credited in the last `window_days`; `levels` rise.

    One rises on any day and sinks only on the first day of a stretch.
    """

    measure: Measure = Measure.POINTS
    window_days: int = Field(default=365, ge=30, le=1_830)
    rise: Literal["daily", "month"] = "daily"
    sink: Every = Every.QUARTER
    levels: tuple[Level, ...] = Field(min_length=1)


class Cap(Frozen):
    """No participant gets more points for the purchases of one stretch."""

    points: int = Field(ge=1, le=MOST_BUDGET)
    every: Every = Every.MONTH


class Budget(Frozen):
    """All participants together get no more points for the purchases of one stretch."""

    points: int = Field(ge=1, le=MOST_BUDGET)
    every: Every = Every.PROGRAM


class Rules(Frozen):
    """One version's rules. Names of rules tell them apart, so each stands once."""

    base: tuple[Rate, ...]
    multipliers: tuple[Multiplier, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    ladder: Ladder | None = None
    tier_factors: dict[str, Annotated[Decimal, Field(gt=0, le=100)]] = Field(default_factory=dict)
    cap_per_line: int | None = Field(default=None, ge=1)
    participant_caps: tuple[Cap, ...] = ()
    budget: Budget | None = None

    def pays(self, *, sku: str, family: str) -> bool:
        """Whether some rate covers a product: without one it is outside of the programme."""
        return any(rate.products.covers(sku=sku, family=family) for rate in self.base)

    @property
    def remembers(self) -> bool:
        """Whether a participant's earlier purchases matter."""
        return bool(self.participant_caps) or any(
            not isinstance(bonus, Bundle) for bonus in self.bonuses
        )

    @property
    def knows_people(self) -> bool:
        """Whether a participant's level or segments matter."""
        return bool(self.tier_factors or self.segment_keys) or any(c.tiers for c in self.campaigns)

    @property
    def segment_keys(self) -> frozenset[str]:
        named = [c.segments for c in self.campaigns]
        named += [b.segments for b in self.bonuses if not isinstance(b, Bundle)]
        return frozenset(key for keys in named for key in keys)

    @property
    def measures_value(self) -> bool:
        """Whether prices on documents decide about points or levels."""
        return any(isinstance(rate, PerValue) for rate in self.base) or (
            self.ladder is not None and self.ladder.measure is Measure.VALUE
        )


def days_before(day: date, days: int) -> date:
    """The first of the `days` days that end the day before."""
    return day - timedelta(days=days)
