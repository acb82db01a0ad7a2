"""Totals whose label or amount goes on in the next line, in columns that are too narrow."""

from __future__ import annotations

from collections.abc import Sequence

from ocr import numbers
from ocr.labels import TOTAL_LEXICON
from ocr.rows import Row
from ocr.wrapped import line_below

_CLOSE = 1.9  # heights from the middle of a line to the next
_EDGE = 0.02  # of the page's width


def whole_row(rows: Sequence[Row], index: int, skip: frozenset[int]) -> Row:
    """A row of totals with what its cells go on with: `Razem do  1 230,00` over `zapłaty  PLN`."""
    row = rows[index]
    below = rows[index + 1] if index + 1 < len(rows) and index + 1 not in skip else None
    if below is None or below.page != row.page:
        return row
    if below.middle - row.middle > _CLOSE * max(row.height, below.height):
        return row
    phrases = row.phrases()
    if _has_figures(row):
        more = line_below(rows, index, phrases[0])
        if len(phrases) < 2 or more is None or _has_figures(below):
            return row
        rest = [p for p in below.phrases() if p.tokens[0] is not more.tokens[0]]
        label = (*phrases[0].tokens, *more.tokens)
        known = "".join(t.key for t in label) in TOTAL_LEXICON.exact
        if not known or any(numbers.currency(p.text) is None for p in rest):
            return row
        return Row(row.page, (*label, *row.tokens[len(phrases[0].tokens) :]))
    last = phrases[-1]
    more = line_below(rows, index, phrases[0])
    if more is not None and len(below.phrases()) == len(phrases) == 2:
        label = (*phrases[0].tokens, *more.tokens)
        known = "".join(t.key for t in label) in TOTAL_LEXICON.exact
        amount = below.phrases()[-1]
        if known and numbers.currency(last.text) and numbers.amount(amount.text) is not None:
            return Row(row.page, (*label, *last.tokens, *amount.tokens))
    amount = below.phrases()[0]
    if numbers.currency(last.text) is None or len(phrases) < 2 or len(below.phrases()) > 1:
        return row
    straight = abs(amount.x1 - last.x1) < _EDGE or abs(amount.x0 - last.x0) < _EDGE
    if straight and numbers.amount(amount.text) is not None:
        return Row(row.page, (*row.tokens, *below.tokens))
    return row


def _has_figures(row: Row) -> bool:
    return any(c.isdigit() for t in row.tokens for c in t.text if not t.text.endswith("%"))
