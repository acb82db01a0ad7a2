"""Rows between items that name a group of them (`Delivery 2`) or say what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from ocr import numbers
from ocr.grid import Column
from ocr.headings import AMOUNTS
from ocr.rows import Row, Token

_EDGE = 0.004  # of the page's width: on the table's left edge
_WIDE = 0.015  # of the page's width: the names have a column before them
_FEWEST = 3  # letters
_WHOLE = 0.9  # of the usual step from item to item

Cells = Mapping[int, Sequence[Token]]


def titles(
    columns: Sequence[Column],
    rows: Sequence[Row],
    cells: Sequence[Cells],
    anchors: Sequence[int],
) -> frozenset[int]:
    """Which of a table's rows are titles; `anchors` are the rows with the figures of an item.

    A title begins on the table's edge, left of the names; or it stands as far from the items around
    it as these from each other, and the first item has one too.
    """
    name = next((n for n, c in enumerate(columns) if c.meaning == "name"), None)
    if name is None or not anchors:
        return frozenset()
    names = min((cells[n][name][0].x0 for n in anchors if cells[n].get(name)), default=0.0)
    table = min(rows[n].x0 for n in anchors)
    texts = [n for n in range(len(rows)) if n not in anchors and _is_text(rows[n])]
    left = {n for n in texts if names - table > _WIDE and rows[n].x0 - table < _EDGE}
    apart = {n for n in texts if _stands_apart(rows, n, anchors)}
    chapters = _chapters(columns, cells, anchors)
    return frozenset(left | chapters | (apart if 0 in apart else set()))


def _chapters(
    columns: Sequence[Column], cells: Sequence[Cells], anchors: Sequence[int]
) -> set[int]:
    """Rows that number a group whose items are numbered below it: `2. Glazura` over `2.1 Klej`."""
    number = next((n for n, c in enumerate(columns) if c.meaning == "no"), None)
    if number is None:
        return set()
    told = ["".join(t.text for t in row.get(number, ())).rstrip(".") for row in cells]
    return {
        n
        for n in range(len(cells) - 1)
        if n not in anchors and n + 1 in anchors and told[n] and told[n + 1] == f"{told[n]}.1"
    }


def group_sums(
    columns: Sequence[Column], cells: Sequence[Cells], anchors: Sequence[int], mark: str
) -> frozenset[int]:
    """Which rows state what the items above are worth together, since the last such row or all.

    Such a row has words, and amounts in no other columns than those of values.
    """
    found: set[int] = set()
    places = [i for i, c in enumerate(columns) if c.meaning in AMOUNTS]
    part, whole = dict.fromkeys(places, Decimal(0)), dict.fromkeys(places, Decimal(0))
    for n, row in enumerate(cells):
        told = {i: value for i in places if (value := _amount(row.get(i, ()), mark)) is not None}
        if n in anchors:
            for i, value in told.items():
                part[i] += value
                whole[i] += value
            continue
        rest = [t for i, tokens in row.items() if i not in told for t in tokens]
        words = sum(c.isalpha() for t in rest for c in t.text) >= _FEWEST
        if (
            told
            and words
            and all(value and value in (part[i], whole[i]) for i, value in told.items())
        ):
            found.add(n)
            part = dict.fromkeys(places, Decimal(0))
    return frozenset(found)


def _amount(tokens: Sequence[Token], mark: str) -> Decimal | None:
    kept = [t.text for t in tokens if numbers.currency(t.text) is None]
    return numbers.amount(" ".join(kept), mark) if kept else None


def _is_text(row: Row) -> bool:
    return len(row.phrases()) == 1 and sum(c.isalpha() for c in row.text) >= _FEWEST


def _stands_apart(rows: Sequence[Row], place: int, anchors: Sequence[int]) -> bool:
    """Whether the row is alone between two items, and they are as far from it as from others."""
    steps = list(_steps(rows, anchors))
    around = [n for n in (place - 1, place + 1) if 0 <= n < len(rows)]
    if not steps or place + 1 not in anchors or not all(n in anchors for n in around):
        return False
    least = _WHOLE * min(steps)
    near = [n for n in around if rows[n].page == rows[place].page]
    return all(abs(rows[n].middle - rows[place].middle) >= least for n in near)


def _steps(rows: Sequence[Row], anchors: Sequence[int]) -> Iterator[float]:
    """Distances of items that nothing stands between."""
    for here, there in pairwise(anchors):
        if there == here + 1 and rows[here].page == rows[there].page:
            yield rows[there].middle - rows[here].middle
