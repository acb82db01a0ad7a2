"""The data behind a chart as a table, for those who read numbers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from web.charts.scale import Series, number


def data_table(caption: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """A plain table; the first cell of each row is its heading, the others are right-aligned."""
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="r"') if n else "", text)
        for n, text in enumerate(headers)
    )
    body = Markup("")
    for row in rows:
        body += Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            row[0],
            Markup("").join(Markup('<td class="r">{}</td>').format(cell) for cell in row[1:]),
        )
    return Markup(
        '<div class="table-wrap" role="region" aria-label="{0}" tabindex="0">'
        '<table class="table table-s">'
        '<caption class="visually-hidden">{0}</caption>'
        "<thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>"
    ).format(caption, head, body)


def series_table(
    caption: str,
    first_header: str,
    labels: Sequence[str],
    rows: Sequence[Series],
    *,
    locale: str = "pl",
    unit: str = "",
) -> Markup:
    """The table of a line or bar chart: one row per label, one column per series, – for a gap."""
    cells = []
    for place, label in enumerate(labels):
        told = [label]
        for row in rows:
            value = row.values[place] if place < len(row.values) else None
            told.append("–" if value is None else number(value, locale=locale, unit=unit))
        cells.append(told)
    return data_table(caption, [first_header, *(row.name for row in rows)], cells)
