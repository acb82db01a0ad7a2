"""Tables on a sheet: heads, wrapped cells, rules, and rows that go on over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from demo.documents.paint import BLACK, LINE_HEIGHT, POINT_MM, Colour

if TYPE_CHECKING:
    from demo.documents.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its kind (which value it prints), its heading, width in mm, alignment."""

    kind: str
    title: str
    width: float
    align: str = "R"


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a table looks. `rules`: "all", "rows", "head" or "none"."""

    size: float = 8
    head_size: float = 7.5
    head_style: str = "B"
    head_fill: Colour | None = None
    head_colour: Colour = BLACK
    head_align: str = "C"  # "" follows the column
    rules: str = "all"
    rule_colour: Colour = BLACK
    rule_width: float = 0.2
    pad: float = 1.0
    zebra: Colour | None = None
    bold_columns: tuple[str, ...] = ()
    centre_vertically: bool = False


def draw_table(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    style: TableStyle,
    *,
    x: float | None = None,
    repeat_head: bool = True,
) -> None:
    """Draw rows under their heads from `y` down, over as many pages as it takes."""
    left = sheet.margin if x is None else x
    _head(sheet, columns, style, left)
    for number, row in enumerate(rows):
        cells = [
            sheet.wrap(cell, column.width - 2 * style.pad, style.size, _weight(column, style))
            for cell, column in zip(row, columns, strict=True)
        ]
        height = _height(cells, style.size, style.pad)
        if sheet.y + height > sheet.limit:
            sheet.new_page()
            if repeat_head:
                _head(sheet, columns, style, left)
        fill = style.zebra if style.zebra and number % 2 else None
        _row(sheet, columns, cells, height, style, left, fill=fill)


def _weight(column: Column, style: TableStyle) -> str:
    return "B" if column.kind in style.bold_columns else ""


def _height(cells: Sequence[Sequence[str]], size: float, pad: float) -> float:
    return max(len(c) for c in cells) * size * POINT_MM * LINE_HEIGHT + 2 * pad * 0.8


def _head(sheet: Sheet, columns: Sequence[Column], style: TableStyle, left: float) -> None:
    if not any(c.title for c in columns):
        return
    cells = [
        sheet.wrap(c.title, c.width - 2 * style.pad * 0.8, style.head_size, style.head_style)
        for c in columns
    ]
    height = _height(cells, style.head_size, style.pad)
    if sheet.y + 2 * height > sheet.limit:
        sheet.new_page()
    head = replace(style, size=style.head_size, centre_vertically=True)
    _row(sheet, columns, cells, height, head, left, fill=style.head_fill, head=True)


def _row(
    sheet: Sheet,
    columns: Sequence[Column],
    cells: Sequence[Sequence[str]],
    height: float,
    style: TableStyle,
    left: float,
    *,
    fill: Colour | None,
    head: bool = False,
) -> None:
    width = sum(c.width for c in columns)
    if fill is not None:
        sheet.box(left, sheet.y, width, height, fill=fill, border=None)
    x = left
    step = style.size * POINT_MM * LINE_HEIGHT
    for column, lines in zip(columns, cells, strict=True):
        y = sheet.y + style.pad * 0.8
        if style.centre_vertically:
            y = sheet.y + (height - len(lines) * step) / 2
        align = style.head_align or column.align if head else column.align
        anchor = x + {"L": style.pad, "C": column.width / 2, "R": column.width - style.pad}[align]
        for line in lines:
            sheet.text(
                anchor,
                y,
                line,
                size=style.size,
                style=style.head_style if head else _weight(column, style),
                align=align,
                colour=style.head_colour if head else BLACK,
            )
            y += step
        if style.rules == "all":
            sheet.box(
                x, sheet.y, column.width, height, border=style.rule_colour, line=style.rule_width
            )
        x += column.width
    bottom = sheet.y + height
    if style.rules == "rows" or (style.rules == "head" and head):
        sheet.rule(
            left, bottom, left + width, bottom, width=style.rule_width, colour=style.rule_colour
        )
    sheet.y = bottom
