"""Words to printed rows, for slips: one column of text whose figures stand at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ocr.reading import Box, Page, Word

SAME_ROW = 0.55  # of the smaller height: how far apart the middles of neighbours may be
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
    chains: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        nearest: list[Word] | None = None
        distance = 1.0
        for chain in chains:
            gap = _apart(chain[-1], word)
            if gap < min(distance, SAME_ROW) and chain[-1].box.x1 < word.box.x1:
                nearest, distance = chain, gap
        if nearest is None:
            chains.append([word])
        else:
            nearest.append(word)
    rows = [Row(tuple(chain), max(w.box.y1 - w.box.y0 for w in chain)) for chain in chains]
    return sorted(rows, key=lambda row: sum(_middle(w) for w in row.words) / len(row.words))


def _character(word: Word) -> float:
    """The width of a character of the word."""
    return (word.box.x1 - word.box.x0) / max(1, len(word.text))


def _middle(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2


def _apart(left: Word, right: Word) -> float:
    """Distance of the middles as a share of the smaller height."""
    smaller = min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    return abs(_middle(left) - _middle(right)) / max(smaller, 1e-6)
