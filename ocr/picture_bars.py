"""Bars of tables that are drawn with signs: in a picture they read like the figure one."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.reading import Page, Word
from ocr.receipt_rows import group

FEWEST_BARS = 8  # words with a bar: fewer are no table
_LIKE_A_BAR = frozenset("1Il!|i][")


def without_bars(words: Sequence[Word], pages: Sequence[Page]) -> tuple[Word, ...]:
    """The words of a page without lone ones on rows that hold no other figures.

    A wrapped name stands between bars and nothing else; where the document is drawn without bars,
    all words stay.
    """
    if sum("|" in word.text for word in words) < FEWEST_BARS:
        return tuple(words)
    dropped: set[int] = set()
    for row in group(words, pages):
        lone = [word for word in row.words if set(word.text) <= _LIKE_A_BAR]
        rest = [word for word in row.words if not set(word.text) <= _LIKE_A_BAR]
        if rest and not any(c.isdigit() for word in rest for c in word.text):
            dropped |= {id(word) for word in lone}
    return tuple(word for word in words if id(word) not in dropped)
