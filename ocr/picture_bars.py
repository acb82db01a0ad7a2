"""Bars of tables that are drawn with signs: in a picture they read like the figure one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.reading import Page, Word
from ocr.receipt_rows import group

FEWEST_BARS = 8  # words with a bar: fewer are no table
FEWEST_ALONE = 4  # on one row without any amount: no item says so often that it is one
_LIKE_A_BAR = frozenset("1Il!|i][")
_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")


def without_bars(words: Sequence[Word], pages: Sequence[Page]) -> tuple[Word, ...]:
    """The words of a page without the lone ones that a wrapped name stands between.

    Either most bars were read as bars: then lone ones go from rows that hold no other figures. Or
    they were all read as figures: then many of them on a row without an amount go.
    """
    drawn = sum("|" in word.text for word in words) >= FEWEST_BARS
    if not drawn and sum(word.text in _LIKE_A_BAR for word in words) < FEWEST_ALONE:
        return tuple(words)
    dropped: set[int] = set()
    for row in group(words, pages):
        lone = [word for word in row.words if set(word.text) <= _LIKE_A_BAR]
        rest = [word for word in row.words if not set(word.text) <= _LIKE_A_BAR]
        bare = not any(c.isdigit() for word in rest for c in word.text)
        many = len(lone) >= FEWEST_ALONE and not any(_AMOUNT.search(word.text) for word in rest)
        if rest and ((drawn and bare) or many):
            dropped |= {id(word) for word in lone}
    return tuple(word for word in words if id(word) not in dropped)
