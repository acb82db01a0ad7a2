"""Rows between a table's heading and its first item that belong to neither."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.grid import Column, assigned
from ocr.headings import Heading
from ocr.labels import COLUMN_LEXICON, squeeze
from ocr.rows import Row

_SENTENCE = 8  # words: so many across the columns name nothing
_ACROSS = 3  # columns
_STEP = 1.6  # row heights between a heading's rows
_BRACKETED = re.compile(r"\([^\W\d]{2,}\)")


def rest_of_heading(heading: Heading, above: Row, row: Row) -> bool:
    """Whether a row close under a heading is its last: `Art-Nr`, `(Art)` under one of its columns.

    Only of a table that numbers its items, and whose heading has several rows.
    """
    if heading.first == heading.last or not any(c.meaning == "no" for c in heading.cells):
        return False
    if row.page != above.page or row.middle - above.middle > _STEP * row.height:
        return False
    over = [c for c in heading.cells if c.x0 <= row.x1 and c.x1 >= row.x0]
    if len(over) != 1 or len(row.tokens) > 2 or row.x1 > over[0].x1 + row.height:
        return False
    known = COLUMN_LEXICON.exact.get(squeeze(row.text)) is not None
    return known or _BRACKETED.fullmatch(row.text) is not None


def is_sentence(columns: Sequence[Column], row: Row) -> bool:
    """Whether a row is one text that begins at the table's edge and runs across its columns."""
    if len(row.tokens) < _SENTENCE or not columns or columns[0].meaning == "name":
        return False
    if len(row.phrases()) > 1:
        return False
    places = assigned(columns, row)
    return min(places) <= 1 and len(places) >= _ACROSS


def goes_on(sentence: Row, row: Row) -> bool:
    """Whether a row is the next line of a sentence over it."""
    near = row.page == sentence.page and row.middle - sentence.middle < _STEP * row.height
    return near and abs(row.x0 - sentence.x0) < row.height and len(row.phrases()) == 1
