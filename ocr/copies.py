"""Drops the copy of a document that is printed behind its original in one file, or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ocr.half_copies import without_half_copies
from ocr.labels import COPY_MARKS, TOTAL_LEXICON
from ocr.rows import Row, Token

_SAME = 0.93  # share of equal words: page numbers and the copy mark differ
_FEW = 15  # words of a page that says little: a footer, the rest of a table
_MONEY = re.compile(r"\d+[.,]\d\d")
_LONGEST_LABEL = 4  # words of the label of a total
_CORRECTION = ("korekt", "korygu", "skorygow", "credit", "correct", "gutschrift")
_NUMBERS = 2  # words by which such pages may differ: `strona 2 z 2` and `strona 4 z 4`


def without_copies(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Rows without pages, and halves of pages, that repeat those before; how many were dropped."""
    rows, halves = without_half_copies(rows)
    kept, dropped = _without_pages(rows)
    return kept, dropped + halves


def _without_pages(rows: Sequence[Row]) -> tuple[list[Row], int]:
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
    return _without_repeats(rows, pages)


def _without_repeats(rows: Sequence[Row], pages: Sequence[int]) -> tuple[list[Row], int]:
    """Rows without pages behind the total whose rows of figures were all printed before it.

    So a copy is known that says more than its original (who printed it, when), and an annex that
    lists the goods again. A correction prints an unchanged row twice and means both.
    """
    if any(t.key.startswith(_CORRECTION) for row in rows for t in row.tokens):
        return list(rows), 0
    seen: set[str] = set()
    dropped: set[int] = set()
    ended = False
    for page in pages:
        here = [row for row in rows if row.page == page]
        figures = {row.text for row in here if sum(map(_is_money, row.tokens)) > 1}
        if ended and len(figures) > 1 and figures <= seen:
            dropped.add(page)
        seen |= figures
        ended = ended or states_total(here)
    return [row for row in rows if row.page not in dropped], len(dropped)


def states_total(rows: Iterable[Row]) -> bool:
    """Whether a row names the document's total or what is to pay, with the amount behind it."""
    return any(
        TOTAL_LEXICON.exact.get("".join(t.key for t in phrase[:count])) in ("gross", "due")
        and any(map(_is_money, phrase[count:]))
        for row in rows
        for start in range(len(row.tokens))
        if start == 0 or row.tokens[start].x0 - row.tokens[start - 1].x1 > row.height
        for phrase in (row.tokens[start:],)
        for count in range(1, min(_LONGEST_LABEL, len(phrase) - 1) + 1)
    )


def _is_money(token: Token) -> bool:
    return _MONEY.fullmatch(token.text) is not None


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two pages carry the same words but for the mark of a copy and the page number."""
    a = {w for w in one if w not in COPY_MARKS}
    b = {w for w in other if w not in COPY_MARKS}
    if len(a) < _FEW or len(b) < _FEW:
        return len(a & b) > _NUMBERS and len(a ^ b) <= _NUMBERS
    return len(a & b) >= _SAME * max(len(a), len(b))
