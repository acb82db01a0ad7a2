"""Small pictures of a tile: the sparkline and the meter with its limit."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.scale import across, described


def sparkline(values: Sequence[float], *, title: str) -> Markup:
    """The course of a value without axes; `title` says it in words.

    Fewer than two values draw nothing.
    """
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    spread = (high - low) or 1
    heights = [90 - 80 * (value - low) / spread if high > low else 50 for value in values]
    points = " ".join(
        f"{across(place, len(values)):g},{height:.4g}" for place, height in enumerate(heights)
    )
    attributes, words = described(title, "")
    return Markup(
        '<svg class="spark-box" viewBox="0 0 100 100" preserveAspectRatio="none" {}>{}'
        '<polyline class="spark" points="{}"/></svg>'
    ).format(attributes, words, points)


def meter(
    value: float, whole: float, *, title: str, limit: float | None = None, coin: bool = False
) -> Markup:
    """How full something is, with an optional mark where its limit lies. `coin` only for points."""
    if whole <= 0:
        raise ValueError("The whole of a meter must be above zero.")
    filled = 100 * max(0.0, min(1.0, value / whole))
    attributes, words = described(title, "")
    mark = Markup("")
    if limit is not None:
        place = 100 * max(0.0, min(1.0, limit / whole))
        mark = Markup(
            '<rect class="fill-limit" x="{:g}%" y="-3" width="2.5" height="18" rx="1"/>'
        ).format(round(place, 2))
    return Markup(
        '<svg class="meter" {}>{}<rect class="fill-sunken" width="100%" height="12" rx="6"/>'
        '<rect class="{}" width="{:g}%" height="12" rx="6"/>{}</svg>'
    ).format(attributes, words, "fill-coin" if coin else "fill-0", round(filled, 2), mark)
