"""Line chart: the period as a line over a soft area, the comparison dashed."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.scale import Axis, Series, across, axis, described, label_places, number


def line(
    labels: Sequence[str],
    current: Series,
    previous: Series | None = None,
    *,
    title: str,
    description: str = "",
    locale: str = "pl",
    unit: str = "",
) -> Markup:
    """A chart that fills its box. `labels` name the points of both series, in order.

    `current` may be shorter than `labels` (a period still open); gaps (`None`) break the line.
    Each point tells its values when pointed at. Raises `ValueError` when a series is longer.
    """
    rows = [current] if previous is None else [current, previous]
    if any(len(row.values) > len(labels) for row in rows):
        raise ValueError("A series has more values than there are labels.")
    values = axis([value for row in rows for value in row.values])
    total = len(labels)
    attributes, words = described(title, description or _summary(labels, current, locale, unit))
    plot = [words, _grid(values), _STRETCHED]
    if previous is not None:
        plot.append(_path("chart-dash", previous.values, total, values))
    for run in _runs(current.values):
        plot.append(_area(run, total, values))
    plot += [_path("chart-line", current.values, total, values), Markup("</svg>")]
    plot += [_last_point(current.values, total, values), _hits(labels, rows, locale, unit)]
    return Markup(
        '<div class="chart">{y}<svg class="chart-plot" {attributes}>{plot}</svg>{x}</div>'
    ).format(
        y=y_labels(values, locale, unit),
        attributes=attributes,
        plot=Markup("").join(plot),
        x=x_labels(labels),
    )


_STRETCHED = Markup(
    '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%"'
    ' overflow="visible">'
)


def y_labels(values: Axis, locale: str, unit: str) -> Markup:
    """The value axis in words, from high to low; it lines up with the grid by equal spacing."""
    texts = [number(tick, locale=locale) for tick in reversed(values.ticks)]
    if unit:
        texts[0] = f"{texts[0]}\u00a0{unit}"
    spans = Markup("").join(Markup("<span>{}</span>").format(text) for text in texts)
    return Markup('<div class="chart-y" aria-hidden="true">{}</div>').format(spans)


def x_labels(labels: Sequence[str], *, centred: bool = False, most: int = 4) -> Markup:
    """Some of the labels below the plot; `centred` puts them under the middle of bars."""
    total = len(labels)
    texts = Markup("")
    for place in label_places(total, most=most):
        x = (place + 0.5) * 100 / total if centred else across(place, total)
        anchor = "middle"
        if not centred and total > 1:
            anchor = "start" if place == 0 else "end" if place == total - 1 else "middle"
        texts += Markup('<text x="{:.3f}%" y="17" text-anchor="{}">{}</text>').format(
            x, anchor, labels[place]
        )
    return Markup('<svg class="chart-x" aria-hidden="true">{}</svg>').format(texts)


def _grid(values: Axis) -> Markup:
    lines = (
        Markup('<line class="chart-grid" x1="0" x2="100%" y1="{0}%" y2="{0}%"/>').format(
            values.place(tick)
        )
        for tick in values.ticks
    )
    return Markup("").join(lines)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The stretches without a gap, as (place, value)."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _points(run: Sequence[tuple[int, float]], total: int, values: Axis) -> str:
    return " ".join(f"{across(place, total):g} {values.place(value):g}" for place, value in run)


def _path(name: str, row: Sequence[float | None], total: int, values: Axis) -> Markup:
    d = " ".join(f"M{_points(run, total, values)}" for run in _runs(row))
    return Markup('<path class="{}" d="{}"/>').format(name, d) if d else Markup("")


def _area(run: Sequence[tuple[int, float]], total: int, values: Axis) -> Markup:
    floor = values.place(0)
    first, last = across(run[0][0], total), across(run[-1][0], total)
    return Markup('<path class="chart-area" d="M{:g} {:g} {} {:g} {:g}Z"/>').format(
        first, floor, _points(run, total, values), last, floor
    )


def _last_point(row: Sequence[float | None], total: int, values: Axis) -> Markup:
    runs = _runs(row)
    if not runs:
        return Markup("")
    place, value = runs[-1][-1]
    return Markup('<circle class="chart-dot" cx="{:g}%" cy="{:g}%" r="5"/>').format(
        across(place, total), values.place(value)
    )


def _hits(labels: Sequence[str], rows: Sequence[Series], locale: str, unit: str) -> Markup:
    """Invisible columns that tell the values of their point when pointed at."""
    total = len(labels)
    width = 100 / max(total - 1, 1)
    hits = Markup("")
    for place, label in enumerate(labels):
        told = [
            f"{row.name}: {number(value, locale=locale, unit=unit)}"
            for row in rows
            if place < len(row.values) and (value := row.values[place]) is not None
        ]
        left = max(0.0, across(place, total) - width / 2)
        right = min(100.0, across(place, total) + width / 2)
        hits += Markup(
            '<rect class="chart-hit" x="{:g}%" width="{:g}%" height="100%"><title>{}</title></rect>'
        ).format(left, right - left, "\n".join([label, *told]))
    return hits


def _summary(labels: Sequence[str], row: Series, locale: str, unit: str) -> str:
    known = [(value, place) for place, value in enumerate(row.values) if value is not None]
    if not known:
        return row.name
    (low, at_low), (high, at_high) = min(known), max(known)
    least, most = (number(value, locale=locale, unit=unit) for value in (low, high))
    return f"{row.name}: min. {least} ({labels[at_low]}), max. {most} ({labels[at_high]})"
