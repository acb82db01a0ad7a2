"""Headings, labelled values and the table style of the newer printed form."""

from __future__ import annotations

from demo.documents.sheet import Sheet, TableStyle

GREY = (80, 84, 92)
LINE = (186, 186, 190)
TABLE = TableStyle(
    size=6.8,
    head_size=6.8,
    head_style="M",
    head_align="",
    head_fill=(246, 247, 252),
    rules="all",
    rule_colour=LINE,
    rule_width=0.3,
    pad=1.5,
)


def section(sheet: Sheet, name: str, *, ruled: bool = True) -> None:
    sheet.need(22)
    if ruled:
        sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y, colour=LINE, width=0.3)
        sheet.y += 4
    if name:
        sheet.text(sheet.margin, sheet.y, name, size=9.5, style="M", colour=GREY)
        sheet.y += 7.5


def pair(sheet: Sheet, x: float, y: float, label: str, value: str, width: float) -> float:
    """`Label: value` with the label in medium weight; answers the y below."""
    text = f"{label}: "
    indent = sheet.measure(text, 7, "M")
    lines = sheet.wrap(value, width - indent, 7)
    if len(lines) > 1 and indent > width * 0.5:
        sheet.text(x, y, text, size=7, style="M")
        return sheet.para(x, y + 3.1, width, value, size=7)
    sheet.text(x, y, text, size=7, style="M")
    for number, line in enumerate(lines):
        sheet.text(x + (indent if number == 0 else 0), y, line, size=7)
        y += 3.1
    return y
