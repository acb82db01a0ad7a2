"""The columns of a slip's items: where names begin, where a letter stands alone, where figures end.

A photo shows more than the slip: print beside it enters the rows at the left, and a column of
single letters runs together. What most rows have in common tells such things from the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail, read_tail

ALIKE = 1.5  # characters within which two places are the same column
COLUMN_SHARE = 0.3  # of the rows with figures


@dataclass(frozen=True, slots=True)
class Frame:
    """Places as fractions of the page; None where no column is."""

    character: float  # the usual width of one
    left: float | None = None
    mark: float | None = None  # single letters between name and figures
    letters: bool = False  # and they are the VAT letters
    figures: float | None = None  # where the figures begin
    right: float | None = None  # where they end

    def marked(self, row: Row, end: int) -> bool:
        """Whether the last word of `row.text[:end]` stands in the column of single letters."""
        words = row.words_between(max(0, end - 1), end)
        if self.mark is None or not words:
            return False
        word = words[-1]
        return abs(word.box.x0 - self.mark) < ALIKE * self.character and len(word.text) <= 3


def before(row: Row, tail: Tail) -> str:
    """What stands in front of a row's figures."""
    return row.text[: tail.start].strip()


def frame_of(rows: Sequence[Row], tails: Sequence[Tail | None]) -> Frame:
    """The columns that the rows with figures agree on."""
    with_figures = [(row, tail) for row, tail in zip(rows, tails, strict=True) if tail is not None]
    widths = [
        (word.box.x1 - word.box.x0) / len(word.text)
        for row, _ in with_figures
        for word in row.words
        if len(word.text) > 3
    ]
    if len(with_figures) < 3 or not widths:
        return Frame(median(widths) if widths else 0.02)
    character = median(widths)
    lasts = [
        (row.words_between(len(before(row, tail)) - 1, len(before(row, tail)))[-1], tail)
        for row, tail in with_figures
        if " " in before(row, tail)
    ]
    single = [(word, tail) for word, tail in lasts if len(word.text) == 1]
    mark = _common([word.box.x0 for word, _ in single], character, len(with_figures))
    letters = False
    if mark is not None:
        here = [t for w, t in single if abs(w.box.x0 - mark) < ALIKE * character]
        same = [
            w.text.upper() == t.letter
            for w, t in single
            if abs(w.box.x0 - mark) < ALIKE * character and t.letter.isalpha()
        ]
        letters = bool(here) and sum(same) * 2 > len(same)
    starts = [row.words_between(tail.start, tail.start + 1) for row, tail in with_figures]
    return Frame(
        character,
        _common(_name_starts(rows, tails), character, len(with_figures)),
        mark,
        letters,
        median([words[0].box.x0 for words in starts if words] or [0.5]),
        median([row.words[-1].box.x1 for row, _ in with_figures]),
    )


def _name_starts(rows: Sequence[Row], tails: Sequence[Tail | None]) -> list[float]:
    """Where the rows begin that hold a name, with figures behind it or not."""
    return [
        row.words[0].box.x0
        for row, tail in zip(rows, tails, strict=True)
        if sum(c.isalpha() for c in (before(row, tail) if tail else row.text)) >= 3
    ]


def _common(places: list[float], character: float, rows: int) -> float | None:
    """The place that most share, if enough do."""
    best: list[float] = []
    for place in places:
        near = [other for other in places if abs(other - place) < ALIKE * character]
        if len(near) > len(best):
            best = near
    return median(best) if len(best) >= max(3, COLUMN_SHARE * rows) else None


def without_surroundings(rows: Sequence[Row]) -> list[Row]:
    """Rows without words that stand left of where all names begin."""
    frame = frame_of(rows, [read_tail(row.text) for row in rows])
    if frame.left is None:
        return list(rows)
    edge = frame.left - frame.character
    kept: list[Row] = []
    for row in rows:
        words = tuple(word for word in row.words if word.box.x1 > edge + frame.character)
        if words:
            kept.append(row if len(words) == len(row.words) else replace(row, words=words))
    return kept
