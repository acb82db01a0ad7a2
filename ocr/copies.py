"""Drops the copy of a document that is printed behind its original in one file."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.labels import COPY_MARKS
from ocr.rows import Row

_SAME = 0.93  # share of equal words: page numbers and the copy mark differ
_FEW = 15  # words of a page that says little: a footer, the rest of a table
_NUMBERS = 2  # words by which such pages may differ: `strona 2 z 2` and `strona 4 z 4`


def without_copies(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Rows without pages that repeat the pages before them, and how many pages were dropped."""
    pages = sorted({row.page for row in rows})
    if len(pages) < 2:
        return list(rows), 0
    words = {
        page: [t.key for row in rows if row.page == page for t in row.tokens if t.key]
        for page in pages
    }
    for period in range(1, len(pages) // 2 + 1):
        if len(pages) % period:
            continue
        first = pages[:period]
        repeats = any(len(words[page]) >= _FEW for page in first) and all(
            _same(words[page], words[first[place % period]])
            for place, page in enumerate(pages[period:])
        )
        if repeats:
            return [row for row in rows if row.page in first], len(pages) - period
    return list(rows), 0


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two pages carry the same words but for the mark of a copy and the page number."""
    a = {w for w in one if w not in COPY_MARKS}
    b = {w for w in other if w not in COPY_MARKS}
    if len(a) < _FEW or len(b) < _FEW:
        return len(a & b) > _NUMBERS and len(a ^ b) <= _NUMBERS
    return len(a & b) >= _SAME * max(len(a), len(b))
