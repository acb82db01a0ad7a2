"""A page of paper in millimetres: text, wrapped text, lines, boxes and tables over pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont

from demo.documents.fonts import FAMILIES, font_path
from demo.documents.paint import BLACK, LINE_HEIGHT, POINT_MM, Colour
from demo.documents.table import Column, TableStyle, draw_table

__all__ = ["BLACK", "Colour", "Column", "Sheet", "TableStyle"]


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
        draw_table(self, columns, rows, style, x=x, repeat_head=repeat_head)

    def close(self) -> None:
        """Let go of the font files; the sheet cannot be drawn on afterwards."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def bytes(self) -> bytes:
        """The finished PDF; closes the sheet."""
        return bytes(self.pdf.output())
