"""The columns of a slip's items: where names begin, where a letter stands alone, where figures end.

A photo shows more than the slip: print beside it enters the rows at the left, and a column of
single letters runs together. What most rows have in common tells such things from the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr.reading import Word
from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail, tail_of

ALIKE = 1.5  # characters within which two places are the same column
MOST_LEAN = 0.25  # of the page's width over its height: a paper further off is turned, not leaning
COLUMN_SHARE = 0.3  # of the rows with figures


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column is at the top, and how far it leans to the right on its way down."""

    top: float
    lean: float

    def at(self, y: float) -> float:
        return self.top + self.lean * y


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns as fractions of the page; None where there is none."""

    character: float  # the usual width of one
    left: Column | None = None
    mark: Column | None = None  # single letters between name and figures
    letters: bool = False  # and they are the VAT letters
    figures: Column | None = None  # where the figures begin
    right: Column | None = None  # where they end

    def marked(self, row: Row, end: int) -> bool:
        """Whether the last word of `row.text[:end]` stands in the column of single letters."""
        words = row.words_between(max(0, end - 1), end)
        if self.mark is None or not words:
            return False
        word = words[-1]
        return (
            abs(word.box.x0 - self.mark.at(word.box.y0)) < ALIKE * self.character
            and len(word.text) <= 3
        )


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
    mark = _common([_place(word) for word, _ in single], character, len(with_figures))
    letters = False
    if mark is not None:
        here = [
            (word, tail)
            for word, tail in single
            if abs(word.box.x0 - mark.at(word.box.y0)) < ALIKE * character and tail.letter.isalpha()
        ]
        letters = 2 * sum(word.text.upper() == tail.letter for word, tail in here) > len(here)
    count = len(with_figures)
    left = _common(_name_starts(rows, tails), character, count)
    starts = [
        _place(row.words_between(tail.start, tail.start + 1)[0]) for row, tail in with_figures
    ]
    ends = [(row.words[-1].box.x1, row.words[-1].box.y0) for row, _ in with_figures]
    figures = _common(starts, character, count)
    return Frame(character, left, mark, letters, figures, _common(ends, character, count))


def _place(word: Word) -> tuple[float, float]:
    return word.box.x0, word.box.y0


def _name_starts(rows: Sequence[Row], tails: Sequence[Tail | None]) -> list[tuple[float, float]]:
    """Where the rows begin that hold a name, with figures behind it or not."""
    return [
        _place(row.words[0])
        for row, tail in zip(rows, tails, strict=True)
        if sum(c.isalpha() for c in (before(row, tail) if tail else row.text)) >= 3
    ]


def _common(places: list[tuple[float, float]], character: float, rows: int) -> Column | None:
    """The nearly upright line that most places lie on, if enough do."""
    best: Column | None = None
    most = 0
    for x, y in places:
        for other_x, other_y in places:
            lean = (other_x - x) / (other_y - y) if abs(other_y - y) > 0.05 else 0.0
            if abs(lean) > MOST_LEAN:
                continue
            line = Column(x - lean * y, lean)
            near = sum(abs(line.at(b) - a) < ALIKE * character for a, b in places)
            if near > most:
                best, most = line, near
    return best if most >= max(3, COLUMN_SHARE * rows) else None


def without_surroundings(rows: Sequence[Row]) -> list[Row]:
    """Rows without words that stand left of all names or right of where all figures end.

    Figures that are quantity × price = amount stay, and so does all that a PDF prints.
    """
    if all(row.printed for row in rows):
        return list(rows)
    tails = [tail_of(row) for row in rows]
    frame = frame_of(rows, tails)
    # A row of quantity and price alone does not reach where amounts end.
    whole = [tail if tail is None or tail.derived != "amount" else None for tail in tails]
    ends = frame_of(rows, whole).right
    kept: list[Row] = []
    for row, tail in zip(rows, tails, strict=True):
        left = frame.left.at(row.box.y0) if frame.left else 0.0
        right = ends.at(row.box.y0) + ALIKE * frame.character if ends else 1.0
        own = row.words_between(tail.start, len(row.text)) if tail and tail.holds else ()
        words = tuple(
            word
            for word in row.words
            if word.box.x0 < right and (word.box.x1 > left or word in own)
        )
        if words:
            kept.append(row if len(words) == len(row.words) else replace(row, words=words))
    return kept
