"""A page of paper in millimetres: text, wrapped text, lines, boxes and tables over pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont

from demo.documents.fonts import FAMILIES, font_path

POINT_MM = 25.4 / 72
LINE_HEIGHT = 1.22  # of the font size
Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)


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


class Sheet:
    """One PDF under the pen. `y` is where the next thing goes; sizes in points, places in mm."""

    def __init__(
        self,
        family: str,
        *,
        issued_on: date,
        title: str,
        landscape: bool = False,
        margin: float = 15,
        bottom: float = 18,
        more_families: Sequence[str] = (),
    ) -> None:
        self.pdf = FPDF(orientation="L" if landscape else "P", unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        # The bytes depend on the document alone, not on the day it is drawn.
        self.pdf.set_creation_date(datetime.combine(issued_on, time(9, 0), tzinfo=UTC))
        self.pdf.set_title(title)
        self.pdf.set_producer("Zalicz")
        self.family = family
        for name in (family, *more_families):
            for style in FAMILIES[name]:
                # The PDF library knows regular, bold, italic; medium weight is its own family.
                medium = style == "M"
                self.pdf.add_font(
                    f"{name}-medium" if medium else name,
                    "" if medium else style,
                    font_path(name, style),
                )
        self.margin = margin
        self.bottom = bottom
        self.y = margin
        self.pages = 0
        self.on_new_page: Callable[[Sheet], None] | None = None
        self.new_page()

    @property
    def width(self) -> float:
        return float(self.pdf.w)

    @property
    def height(self) -> float:
        return float(self.pdf.h)

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return self.width - 2 * self.margin

    @property
    def right(self) -> float:
        return self.width - self.margin

    @property
    def limit(self) -> float:
        """The lowest y that content may reach."""
        return self.height - self.bottom

    def new_page(self) -> None:
        self.pdf.add_page()
        self.pages += 1
        self.y = self.margin
        if self.pages > 1 and self.on_new_page is not None:
            self.on_new_page(self)

    def start_copy(self) -> None:
        """Begin a second copy of the document: a fresh page, counted from one."""
        self.on_new_page = None
        self.pages = 0
        self.new_page()

    def need(self, height: float) -> None:
        """Start a new page unless this height still fits."""
        if self.y + height > self.limit:
            self.new_page()

    def _font(self, size: float, style: str, family: str | None) -> None:
        name = family or self.family
        if style == "M":
            name, style = f"{name}-medium", ""
        self.pdf.set_font(name, style, size)

    def measure(self, text: str, size: float, style: str = "", family: str | None = None) -> float:
        self._font(size, style, family)
        return float(self.pdf.get_string_width(text))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        style: str = "",
        align: str = "L",
        colour: Colour = BLACK,
        family: str | None = None,
    ) -> None:
        """One line whose top is at `y`; x is its left, middle or right by `align`."""
        if not text:
            return
        width = self.measure(text, size, style, family)
        x -= {"L": 0.0, "C": width / 2, "R": width}[align]
        self.pdf.set_text_color(*colour)
        self.pdf.text(x, y + size * POINT_MM * 0.92, text)

    def wrap(
        self, text: str, width: float, size: float, style: str = "", family: str | None = None
    ) -> list[str]:
        """The text in lines that fit `width`; words longer than a line are cut."""
        lines: list[str] = []
        for part in text.split("\n"):
            current = ""
            for word in part.split(" "):
                trial = f"{current} {word}" if current else word
                if self.measure(trial, size, style, family) <= width:
                    current = trial
                    continue
                if current:
                    lines.append(current)
                while self.measure(word, size, style, family) > width and len(word) > 1:
                    cut = len(word) - 1
                    while cut > 1 and self.measure(word[:cut], size, style, family) > width:
                        cut -= 1
                    lines.append(word[:cut])
                    word = word[cut:]
                current = word
            lines.append(current)
        return lines

    def para(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = 9,
        style: str = "",
        align: str = "L",
        colour: Colour = BLACK,
        family: str | None = None,
    ) -> float:
        """Wrapped text; answers the y below it."""
        anchor = x + {"L": 0.0, "C": width / 2, "R": width}[align]
        for line in self.wrap(text, width, size, style, family):
            self.text(
                anchor, y, line, size=size, style=style, align=align, colour=colour, family=family
            )
            y += size * POINT_MM * LINE_HEIGHT
        return y

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        width: float = 0.2,
        colour: Colour = BLACK,
        dash: float = 0,
    ) -> None:
        self.pdf.set_line_width(width)
        self.pdf.set_draw_color(*colour)
        if dash:
            self.pdf.set_dash_pattern(dash=dash, gap=dash)
        self.pdf.line(x0, y0, x1, y1)
        if dash:
            self.pdf.set_dash_pattern()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        border: Colour | None = BLACK,
        line: float = 0.2,
    ) -> None:
        self.pdf.set_line_width(line)
        if border is not None:
            self.pdf.set_draw_color(*border)
        if fill is not None:
            self.pdf.set_fill_color(*fill)
        style = ("D" if border is not None else "") + ("F" if fill is not None else "")
        if style:
            self.pdf.rect(x, y, width, height, style=style)

    def picture(self, png: Any, x: float, y: float, width: float) -> None:
        """A Pillow image, placed by its width."""
        self.pdf.image(png, x=x, y=y, w=width)

    def link(self, x: float, y: float, width: float, height: float, url: str) -> None:
        self.pdf.link(x=x, y=y, w=width, h=height, link=url)

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        style: TableStyle,
        *,
        x: float | None = None,
        repeat_head: bool = True,
    ) -> None:
        """Draw rows under their heads from `y` down, over as many pages as it takes."""
        left = self.margin if x is None else x
        self._head(columns, style, left)
        for number, row in enumerate(rows):
            cells = [
                self.wrap(
                    cell, column.width - 2 * style.pad, style.size, self._weight(column, style)
                )
                for cell, column in zip(row, columns, strict=True)
            ]
            height = self._height(cells, style.size, style.pad)
            if self.y + height > self.limit:
                self.new_page()
                if repeat_head:
                    self._head(columns, style, left)
            fill = style.zebra if style.zebra and number % 2 else None
            self._row(columns, cells, height, style, left, fill=fill)

    def _weight(self, column: Column, style: TableStyle) -> str:
        return "B" if column.kind in style.bold_columns else ""

    def _height(self, cells: Sequence[Sequence[str]], size: float, pad: float) -> float:
        return max(len(c) for c in cells) * size * POINT_MM * LINE_HEIGHT + 2 * pad * 0.8

    def _head(self, columns: Sequence[Column], style: TableStyle, left: float) -> None:
        if not any(c.title for c in columns):
            return
        cells = [
            self.wrap(c.title, c.width - 2 * style.pad * 0.8, style.head_size, style.head_style)
            for c in columns
        ]
        height = self._height(cells, style.head_size, style.pad)
        if self.y + 2 * height > self.limit:
            self.new_page()
        head = replace(style, size=style.head_size, centre_vertically=True)
        self._row(columns, cells, height, head, left, fill=style.head_fill, head=True)

    def _row(
        self,
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
            self.box(left, self.y, width, height, fill=fill, border=None)
        x = left
        step = style.size * POINT_MM * LINE_HEIGHT
        for column, lines in zip(columns, cells, strict=True):
            y = self.y + style.pad * 0.8
            if style.centre_vertically:
                y = self.y + (height - len(lines) * step) / 2
            align = style.head_align or column.align if head else column.align
            anchor = (
                x + {"L": style.pad, "C": column.width / 2, "R": column.width - style.pad}[align]
            )
            for line in lines:
                self.text(
                    anchor,
                    y,
                    line,
                    size=style.size,
                    style=style.head_style if head else self._weight(column, style),
                    align=align,
                    colour=style.head_colour if head else BLACK,
                )
                y += step
            if style.rules == "all":
                self.box(
                    x, self.y, column.width, height, border=style.rule_colour, line=style.rule_width
                )
            x += column.width
        bottom = self.y + height
        if style.rules == "rows" or (style.rules == "head" and head):
            self.rule(
                left, bottom, left + width, bottom, width=style.rule_width, colour=style.rule_colour
            )
        self.y = bottom

    def close(self) -> None:
        """Let go of the font files; the sheet cannot be drawn on afterwards."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def bytes(self) -> bytes:
        """The finished PDF; closes the sheet."""
        return bytes(self.pdf.output())
