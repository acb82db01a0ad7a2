"""Turns values into places on a chart: round axis steps, percentages, numbers in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.formats import Formats

FLAT = 1e-6  # Values closer than this are one value to the eye.


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values; `None` is a gap (no data), never a zero."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis from `low` to `high` in equal steps; `ticks` run from low to high."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Percent from the top, as SVG counts."""
        return round(100 * (self.high - value) / (self.high - self.low), 3)


def axis(values: Iterable[float | None], *, steps: int = 3) -> Axis:
    """An axis that holds zero and all values, in about `steps` steps of 1, 2, 2.5, 4 or 5 × 10ⁿ."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high - low < FLAT:
        high = low + 1
    rough = (high - low) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 4, 5, 10) if power * nice >= rough - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(step * n, 10) for n in range(first, last + 1))
    return Axis(low=ticks[0], high=ticks[-1], ticks=ticks)


def number(value: float, *, locale: str = "pl", unit: str = "") -> str:
    """A number as readers of the locale write it, with a no-break space before its unit."""
    digits = 0 if value == round(value) else 2 if abs(value) < 10 else 1
    text = Formats(locale).number(abs(round(value, digits)))
    sign = "−" if value < 0 else ""
    return f"{sign}{text}\u00a0{unit}" if unit else f"{sign}{text}"


def across(place: int, total: int) -> float:
    """Percent from the left of point `place` of `total`; a single point stands in the middle."""
    return round(100 * place / (total - 1), 3) if total > 1 else 50.0


def label_places(total: int, *, most: int = 4) -> list[int]:
    """Which of `total` points get a label: first, last and evenly between, at most `most`."""
    if total <= most:
        return list(range(total))
    return sorted({round(part * (total - 1) / (most - 1)) for part in range(most)})


def described(title: str, description: str) -> tuple[Markup, Markup]:
    """The attributes and the first children that let a screen reader read an SVG as a picture.

    SVG Accessibility API Mappings: the first `title` is the name, `desc` the description; so no
    ids are needed and two drawings of the same values are equal.
    """
    words = Markup("<title>{0}</title>").format(title)
    if description:
        words += Markup("<desc>{0}</desc>").format(description)
    return Markup('role="img"'), words
