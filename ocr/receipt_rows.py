"""Words to printed rows, for slips: one column of text whose figures stand at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

import numpy as np

from ocr.reading import Box, Page, Word

SAME_ROW = 0.55  # of the smaller height: how far apart the middles of neighbours may be
ROW_SHARE = 0.6  # of the distance of rows: the same where rows stand close
PRINTED = "pdf-text"  # the engine of words that a PDF holds
WIDE_GAP = 2.6  # characters: more than a blank, so a new column begins


@dataclass(frozen=True)
class Row:
    """Words from left to right; `height` is that of the tallest word as a fraction of the page."""

    words: tuple[Word, ...]
    height: float

    @cached_property
    def text(self) -> str:
        """The words with one blank between neighbours and two where a column begins."""
        return "".join(word.text + gap for word, gap in zip(self.words, self._gaps, strict=True))

    @cached_property
    def _gaps(self) -> tuple[str, ...]:
        gaps = []
        for left, right in zip(self.words, self.words[1:], strict=False):
            wide = min(_character(left), _character(right)) * WIDE_GAP
            gaps.append("  " if right.box.x0 - left.box.x1 > wide else " ")
        return (*gaps, "")

    @cached_property
    def box(self) -> Box:
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box

    def words_between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that `text[start:end]` touches."""
        found = []
        at = 0
        for word, gap in zip(self.words, self._gaps, strict=True):
            if at < end and start < at + len(word.text):
                found.append(word)
            at += len(word.text) + len(gap)
        return tuple(found)

    def span_box(self, start: int, end: int) -> Box:
        """The box around the words that `text[start:end]` touches; the row's where it is empty."""
        found = self.words_between(start, end)
        return Row(found, self.height).box if found else self.box

    @cached_property
    def printed(self) -> bool:
        """Whether all words are text of a PDF: what it says was printed so, and is not misread."""
        return all(word.engine == PRINTED for word in self.words)

    @property
    def confidence(self) -> float:
        return min(word.confidence for word in self.words)


def group(words: Sequence[Word], pages: Sequence[Page]) -> tuple[Row, ...]:
    """Rows from top to bottom, page after page; the words stand on straightened pages."""
    numbers = sorted({word.box.page for word in words} | {page.number for page in pages})
    found: list[Row] = []
    for number in numbers:
        found += _on_page([word for word in words if word.box.page == number])
    return tuple(found)


def _on_page(words: list[Word]) -> list[Row]:
    units = _units(words)
    limit = ROW_SHARE * _pitch(units)
    chains: list[list[list[Word]]] = []
    for unit in sorted(units, key=lambda u: u[0].box.x0):
        nearest: list[list[Word]] | None = None
        distance = limit
        for chain in chains:
            gap = abs(_middle(chain[-1][0]) - _middle(unit[0]))
            if gap < min(distance, _limit(chain[-1][0], unit[0])) and _behind(chain[-1], unit):
                nearest, distance = chain, gap
        if nearest is None:
            chains.append([unit])
        else:
            nearest.append(unit)
    rows = [_row([word for unit in chain for word in unit]) for chain in chains]
    return sorted(rows, key=lambda row: sum(_middle(w) for w in row.words) / len(row.words))


def _row(words: list[Word]) -> Row:
    return Row(tuple(words), max(w.box.y1 - w.box.y0 for w in words))


def _units(words: list[Word]) -> list[list[Word]]:
    """Words that an engine read as one strip: they share top and bottom and follow each other.

    In a text layer the box of a word with `Ś` is taller, so that its neighbours share what it does
    not: a gap in which another word stands is not bridged.
    """
    units: list[list[Word]] = []
    spots = np.array([((w.box.x0 + w.box.x1) / 2, _middle(w)) for w in words], np.float64)
    across, down = spots.reshape(-1, 2).T
    for word in words:
        last = units[-1][-1] if units else None
        if (
            last is not None
            and (last.box.y0, last.box.y1) == (word.box.y0, word.box.y1)
            and word.box.x0 >= last.box.x0
            and not (
                (last.box.x1 < across)
                & (across < word.box.x0)
                & (word.box.y0 < down)
                & (down < word.box.y1)
            ).any()
        ):
            units[-1].append(word)
        else:
            units.append([word])
    return units


def _pitch(units: list[list[Word]]) -> float:
    """The usual distance from one row to the next, measured where rows stand over each other."""
    boxes = [
        (unit[0].box.x0, unit[-1].box.x1, unit[0].box.y0, unit[0].box.y1, _middle(unit[0]))
        for unit in units
    ]
    x0, x1, y0, y1, middle = np.array(boxes, np.float64).reshape(-1, 5).T
    wide, high = x1 - x0, y1 - y0
    found: list[float] = []
    for i in range(len(units)):
        below = middle - middle[i]
        shared = np.minimum(x1, x1[i]) - np.maximum(x0, x0[i])
        over = (shared > 0.3 * np.minimum(wide, wide[i])) & (below > 0.3 * high[i])
        if over.any():
            found.append(float(below[over].min()))
    return median(found) if len(found) >= 3 else 1.0


def _width(unit: list[Word]) -> float:
    return unit[-1].box.x1 - unit[0].box.x0


def _limit(left: Word, right: Word) -> float:
    """How far apart the middles of neighbours may be: a share of the smaller height."""
    return SAME_ROW * min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)


def _behind(left: list[Word], right: list[Word]) -> bool:
    """Whether `right` begins where `left` ends: rows over each other overlap instead."""
    overlap = left[-1].box.x1 - right[0].box.x0
    return overlap < 0.45 * min(_width(left), _width(right)) and left[0].box.x0 < right[0].box.x0


def _character(word: Word) -> float:
    """The width of a character of the word."""
    return (word.box.x1 - word.box.x0) / max(1, len(word.text))


def _middle(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2
