"""Headings of narrow columns that a program prints sideways, laid into the row of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Protocol

_FEWEST = 3  # sideways texts side by side: one or two are a note up the margin
_LONGEST = 30  # letters of a heading
_BLANK = 0.2  # of the letters' height
_APART = 1.2  # of the letters' height: another text begins


class Glyph(Protocol):
    """A letter in shown coordinates; `turn` is the clockwise turn that would make it upright."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    turn: int


Laid = tuple[str, float, float, float, float]  # text, x0, y0, x1, y1


def laid(glyphs: Sequence[Glyph], turn: int, upright: Sequence[Glyph]) -> list[Laid]:
    """The sideways headings as they would stand upright in their row, each over its own column.

    `turn` is that of the upright letters. Texts count only where several stand side by side over
    one height: what runs up a margin alone would cross the rows of the page.
    """
    strips = [s for s in _strips(glyphs, turn) if 1 < len(s[0]) <= _LONGEST]
    found: list[Laid] = []
    for _, _, top, _, bottom in strips:
        band = [s for s in strips if _overlap(s[2], s[4], top, bottom) > 0.5]
        if len(band) < _FEWEST or len({round(s[1]) for s in band}) < _FEWEST or found:
            continue
        tall = median(s[3] - s[1] for s in band)
        top, bottom = min(s[2] for s in band), max(s[4] for s in band)
        beside = [y for g in upright if top < (y := (g.y0 + g.y1) / 2) < bottom]
        middle = median(beside) if beside else bottom - tall / 2
        found += [(s[0], s[1], middle - tall / 2, s[3], middle + tall / 2) for s in band]
    return found


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    return (min(a1, b1) - max(a0, b0)) / max(0.1, min(a1 - a0, b1 - b0))


def _strips(glyphs: Sequence[Glyph], turn: int) -> Iterator[Laid]:
    """Texts that stand on their side, each with its box."""
    strip: list[Glyph] = []
    for glyph in glyphs:
        if (glyph.turn - turn) % 360 not in (90, 270):
            continue
        if strip and not _goes_on(strip[-1], glyph):
            yield _text(strip)
            strip = []
        if strip or not glyph.text.isspace():
            strip.append(glyph)
    if strip:
        yield _text(strip)


def _gap(last: Glyph, glyph: Glyph) -> float:
    return max(glyph.y0 - last.y1, last.y0 - glyph.y1)


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    wide = max(last.x1 - last.x0, glyph.x1 - glyph.x0, 0.1)
    beside = min(last.x1, glyph.x1) - max(last.x0, glyph.x0)
    return beside > 0.5 * wide and _gap(last, glyph) < _APART * wide


def _text(strip: Sequence[Glyph]) -> Laid:
    text = strip[0].text
    for last, glyph in pairwise(strip):
        wide = max(glyph.x1 - glyph.x0, 0.1)
        text += (" " if _gap(last, glyph) > _BLANK * wide else "") + glyph.text
    return (
        " ".join(text.split()),
        min(g.x0 for g in strip),
        min(g.y0 for g in strip),
        max(g.x1 for g in strip),
        max(g.y1 for g in strip),
    )
