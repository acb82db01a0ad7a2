"""Lines of a document that are no products of the programme: kept, masked, or dropped at intake.

What is not the programme's is the seller's and the buyer's own business. The picture of the
document stays as it was sent, for the seller who checks it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ocr.reading import Box, Line, Reading, Value, Word
from programs.settings import OtherLines

MASKED = "…"


def without_others(reading: Reading, *, ours: Collection[int], how: OtherLines) -> Reading:
    """The reading as it is stored; `ours` are the positions that the programme knows or doubts."""
    if how is OtherLines.KEEP:
        return reading
    others = [line for line in reading.lines if line.position not in ours]
    boxes = [line.box for line in others if line.box is not None]
    lines = (
        tuple(line for line in reading.lines if line.position in ours)
        if how is OtherLines.DROP
        else tuple(line if line.position in ours else _masked(line) for line in reading.lines)
    )
    words = tuple(word for word in reading.words if not _inside(word, boxes))
    kept = {line.position for line in lines}
    return replace(
        reading,
        lines=lines,
        words=words,
        discounts=tuple(d for d in reading.discounts if d.applies_to in (None, *kept)),
        references=tuple(r for r in reading.references if r.line in (None, *ours)),
    )


def _masked(line: Line) -> Line:
    """That there is a line, and nothing of what it says."""
    return Line(position=line.position, description=Value(MASKED), box=line.box)


def _inside(word: Word, boxes: list[Box]) -> bool:
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
    return any(
        box.page == word.box.page and box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
        for box in boxes
    )
