"""Puts the rows of a table's further pages under its columns where a page is printed shifted.

A page break without repeated headings may move all columns by some millimetres: the page's own
figures show by how much.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from ocr.grid import POSITION
from ocr.rows import Row, Token

_FIGURE = re.compile(r"[-−–]?\d[\d .]*[.,]\d\d\d?\d?|\d{1,2}%")
_FEWEST = 3  # columns of figures that must agree
_EXACT = 0.003  # of the page's width: edges of one column differ by no more
_LEAST = 0.008  # of the page's width: a smaller shift harms no column

_Edge = Callable[[Token], float]
_EDGES: tuple[_Edge, ...] = (lambda t: t.x1, lambda t: t.middle, lambda t: t.x0)


def aligned(rows: Sequence[Row], kept: Sequence[int], numbered: bool) -> Sequence[Row]:
    """The rows with those of shifted pages moved under the columns of the first page.

    `kept` are the rows of one table, `numbered` says that its first column counts them: a number at
    the page's edge stays where it is. Boxes stay as printed; only the geometry is moved.
    """
    first = rows[kept[0]].page if kept else 0
    pages = sorted({rows[i].page for i in kept} - {first})
    moved = list(rows)
    for page in pages:
        shift = _shift(
            [rows[i] for i in kept if rows[i].page == first],
            [rows[i] for i in kept if rows[i].page == page],
        )
        if shift:
            for index, row in enumerate(rows):
                if row.page == page:
                    moved[index] = _moved(row, shift, numbered)
    return moved if pages else rows


def _shift(before: Sequence[Row], after: Sequence[Row]) -> float:
    """How far the columns of figures stand further right than on the first page; 0 where unsure."""
    here, there = _figures(before), _figures(after)
    counts = Counter(len(f) for f in there if len(f) >= _FEWEST)
    if not counts:
        return 0.0
    usual = counts.most_common(1)[0][0]
    for edge in _EDGES:
        old, new = (_edges(figures, usual, edge) for figures in (here, there))
        if not old or not new:
            continue
        steps = [b - a for a, b in zip(old, new, strict=True)]
        if max(steps) - min(steps) <= _EXACT:
            step = median(steps)
            return step if abs(step) >= _LEAST else 0.0
    return 0.0


def _figures(rows: Sequence[Row]) -> list[list[Token]]:
    return [[t for t in row.tokens if _FIGURE.fullmatch(t.text)] for row in rows]


def _edges(figures: Sequence[list[Token]], count: int, edge: _Edge) -> list[float]:
    """Where each column of figures has its edge, if every row has it there; else nothing."""
    full = [[edge(t) for t in tokens] for tokens in figures if len(tokens) == count]
    columns = list(zip(*full, strict=True))
    if not columns or any(max(c) - min(c) > _EXACT for c in columns):
        return []
    return [median(c) for c in columns]


def _moved(row: Row, shift: float, numbered: bool) -> Row:
    first = row.tokens[0]
    stays = numbered and POSITION.fullmatch(first.text) is not None
    return Row(
        row.page,
        tuple(
            t if stays and t is first else replace(t, x0=t.x0 - shift, x1=t.x1 - shift)
            for t in row.tokens
        ),
    )
