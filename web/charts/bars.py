"""Bar charts: columns side by side or stacked, and the share bar inside a table row."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.line import x_labels, y_labels
from web.charts.scale import Series, axis, described, number

GAP = 0.28  # Empty part of each column's width.


def bars(
    labels: Sequence[str],
    rows: Sequence[Series],
    *,
    title: str,
    description: str = "",
    stacked: bool = False,
    locale: str = "pl",
    unit: str = "",
) -> Markup:
    """Columns that fill their box, one group per label. Stacked values must not be negative.

    Colours follow the order of `rows` (classes fill-0 … fill-3); each bar tells its value.
    """
    if stacked and any(value is not None and value < 0 for row in rows for value in row.values):
        raise ValueError("Stacked bars cannot show values below zero.")
    tops = (
        [sum(row.values[place] or 0 for row in rows) for place in range(len(labels))]
        if stacked
        else [value for row in rows for value in row.values]
    )
    values = axis(tops)
    attributes, words = described(title, description or ", ".join(row.name for row in rows))
    drawn = [words]
    for tick in values.ticks:
        y = values.place(tick)
        drawn.append(
            Markup('<line class="chart-grid" x1="0" x2="100%" y1="{0}%" y2="{0}%"/>').format(y)
        )
    column = 100 / max(len(labels), 1)
    width = column * (1 - GAP) / (1 if stacked else len(rows))
    for place, label in enumerate(labels):
        base = 0.0
        for n, row in enumerate(rows):
            value = row.values[place]
            if value is None:
                continue
            left = column * (place + GAP / 2) + (0 if stacked else n * width)
            upper, lower = (
                values.place(max(base + value, base)),
                values.place(min(base, base + value)),
            )
            told = f"{label}\n{row.name}: {number(value, locale=locale, unit=unit)}"
            drawn.append(
                Markup(
                    '<rect class="fill-{}" x="{:.3f}%" y="{:.3f}%" width="{:.3f}%" height="{:.3f}%"'
                    ' rx="3"><title>{}</title></rect>'
                ).format(min(n, 3), left, upper, width * 0.94, lower - upper, told)
            )
            if stacked:
                base += value
    return Markup('<div class="chart">{}<svg class="chart-plot" {}>{}</svg>{}</div>').format(
        y_labels(values, locale, unit),
        attributes,
        Markup("").join(drawn),
        x_labels(labels, centred=True, most=6),
    )


def share(value: float, largest: float) -> Markup:
    """A horizontal bar for a table cell; the number itself stands in the next cell."""
    width = 100 * max(0.0, min(1.0, value / largest)) if largest > 0 else 0
    return Markup(
        '<svg class="share" aria-hidden="true"><rect class="fill-0" width="{:g}%" height="100%"'
        ' rx="6" opacity=".85"/></svg>'
    ).format(round(width, 2))
