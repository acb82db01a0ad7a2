"""Drops the copy of a document that is printed beside or under its original on one sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from ocr.labels import COPY_MARKS
from ocr.rows import Row, Token

_FEW = 15  # words of a document: fewer are a table's heading, or one firm named twice
_PAIRED = 0.6  # of the words that stand twice: a table's figures stand twice by chance
_NEAR = 0.6  # heights by which the same words may stand elsewhere in the copy
_SAME = 0.93  # of the words of both: a copy says that it is one, and may count its page
_COUNT = 2  # signs of what counts pages or prints; another quantity has another value too
_LEAST = 0.3  # of the width of all print, or of its height, between a word and its copy

_Shift = tuple[float, float]


def without_half_copies(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Rows without those that repeat, elsewhere on their page, all else that it says.

    The whole print must stand twice, each word of the copy as far from its original: goods bought
    twice, or what a correction says twice, stand once beside one heading and one total. Figures
    must be the same, but for what counts the prints, so that two invoices of one firm are no
    copies. Gives also how many halves were dropped.
    """
    kept: list[Row] = []
    dropped = 0
    for page in sorted({row.page for row in rows}):
        here = [row for row in rows if row.page == page]
        first = _first_half(here)
        kept += here if first is None else first
        dropped += first is not None
    return kept, dropped


def _first_half(rows: Sequence[Row]) -> list[Row] | None:
    """The rows of the upper or left half where the other one is the same, None elsewhere."""
    tokens = [token for row in rows for token in row.tokens]
    if len(tokens) < 2 * _FEW:
        return None
    shift = _shift(tokens)
    if shift is None:
        return None
    tall = median(token.height for token in tokens)
    across, down = shift
    left, top = min(t.x0 for t in tokens), min(t.y0 for t in tokens)
    width, height = max(t.x1 for t in tokens) - left, max(t.y1 for t in tokens) - top
    if abs(down) < _NEAR * tall and across > _LEAST * width:
        edge = left + across - _NEAR * tall
        halves = [[t for t in tokens if (t.x0 >= edge) is second] for second in (False, True)]
    elif abs(across) < _NEAR * tall and down > _LEAST * height:
        edge = top + down - _NEAR * tall
        halves = [[t for t in tokens if (t.y0 >= edge) is second] for second in (False, True)]
    else:
        return None
    if not _alike(*halves):
        return None
    first = set(map(id, halves[0]))
    cut = (Row(row.page, tuple(t for t in row.tokens if id(t) in first)) for row in rows)
    return [row for row in cut if row.tokens]


def _shift(tokens: Sequence[Token]) -> _Shift | None:
    """How far most words that stand twice stand from themselves, in one and the same direction."""
    places: dict[str, list[Token]] = defaultdict(list)
    for token in tokens:
        if token.key:
            places[token.key].append(token)
    pairs = [pair for pair in places.values() if len(pair) == 2]
    if len(pairs) < _FEW or len(pairs) < _PAIRED * len(places):
        return None
    shifts: list[_Shift] = []
    for one, other in pairs:
        across, down = other.x0 - one.x0, other.y0 - one.y0
        if down < -one.height / 2 or (abs(down) <= one.height / 2 and across < 0):
            across, down = -across, -down
        shifts.append((across, down))
    across, down = median(s[0] for s in shifts), median(s[1] for s in shifts)
    near = _NEAR * median(token.height for token in tokens)
    same = sum(abs(s[0] - across) < near and abs(s[1] - down) < near for s in shifts)
    return (across, down) if same >= _SAME * len(shifts) else None


def _alike(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether two halves say the same: all figures, where none was read from a picture."""
    a, b = (
        Counter(t.key for t in half if t.key and t.key not in COPY_MARKS) for half in (one, other)
    )
    if min(a.total(), b.total()) < _FEW:
        return False
    if (a & b).total() < _SAME * max(a.total(), b.total()):
        return False
    if any(token.doubt for token in (*one, *other)):
        return True
    differ = [key for key in (a - b) + (b - a) if any(map(str.isdigit, key))]
    return all(len(key) <= _COUNT for key in differ)
