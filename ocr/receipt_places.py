"""Where on a slip something must stand that was not read."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.reading import Box, Page, Word
from ocr.receipt_frame import Column, Frame, frame_of, without_surroundings
from ocr.receipt_items import read_items
from ocr.receipt_rows import Row
from ocr.receipt_sections import main_slip, sections
from ocr.receipt_tail import tail_of


def unread_places(words: Sequence[Word], pages: Sequence[Page]) -> tuple[Box, ...]:
    """Where figures or names must stand on rows of items that lack them or do not add up."""
    rows, _ = main_slip(words, pages)
    body = without_surroundings(sections(rows).body)
    frame = frame_of(body, [tail_of(row) for row in body])
    if frame.left is None or frame.figures is None or frame.right is None:
        return ()
    items = read_items(body)
    doubtful = [item.row for item in items.items if not item.tail.holds or item.tail.derived]
    nameless = [item.row for item in items.items if not item.name]
    places = [
        _stretch(row, frame.figures, frame.right, frame) for row in [*items.bare, *doubtful]
    ] + [_stretch(row, frame.left, frame.figures, frame) for row in nameless]
    return tuple(place for place in places if place.x1 > place.x0)


def _stretch(row: Row, left: Column, right: Column, frame: Frame) -> Box:
    """The part of a row between two columns, a character wider on both sides."""
    box = row.words[0].box
    x0 = max(0.0, left.at(box.y0) - 1.5 * frame.character)
    return Box(box.page, x0, box.y0, min(1.0, right.at(box.y0) + frame.character), box.y1)
