"""Boxes of lines as a person writes or draws them: page, left, top, right, bottom in per cent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from claims.tables import ClaimLine
from ocr.reading import Box

if TYPE_CHECKING:
    from web.review_form import ReviewForm

SMALLEST = 0.005  # of a page: less is a slip of the hand


def box_text(box: Mapping[str, Any] | None) -> str:
    """`2 5 40,5 95 44`; empty where the reader found no place."""
    if not box:
        return ""
    sides = (float(box[name]) * 100 for name in ("x0", "y0", "x1", "y1"))
    return " ".join([str(int(box["page"])), *(_short(side) for side in sides)])


def _short(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace(".", ",")


def parse_box(text: str, pages: Collection[int]) -> Box | None:
    """The box that a text names on one of these pages; None for anything else."""
    parts = re.split(r"[\s;]+", text.strip())
    if len(parts) != 5 or not re.fullmatch(r"[0-9]{1,3}", parts[0]):
        return None
    try:
        sides = [Decimal(part.replace(",", ".")) for part in parts[1:]]
    except InvalidOperation:
        return None
    if not all(side.is_finite() and 0 <= side <= 100 for side in sides):
        return None
    x0, y0, x1, y1 = (float(side) / 100 for side in sides)
    if int(parts[0]) not in pages or x1 - x0 < SMALLEST or y1 - y0 < SMALLEST:
        return None
    return Box(int(parts[0]), x0, y0, x1, y1)


def drawn(
    form: ReviewForm, lines: Sequence[ClaimLine], pages: Collection[int]
) -> tuple[dict[int, Box], list[int]]:
    """The boxes that differ from what was read, by line, and the lines whose text names none."""
    found, wrong = {}, []
    for line in lines:
        text = form.lines[line.position].box
        if text == box_text(line.box):
            continue
        box = parse_box(text, pages)
        if box is not None:
            found[line.position] = box
        else:
            wrong.append(line.position)
    return found, wrong


def by_line(found: Mapping[int, Box], lines: Sequence[ClaimLine]) -> dict[UUID, Box]:
    return {line.id: found[line.position] for line in lines if line.position in found}
