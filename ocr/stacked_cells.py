"""Counts that stand over their unit in one cell, half a row above and below the item's figures."""

from __future__ import annotations

from collections.abc import Sequence

from ocr import numbers
from ocr.grid import RUNS_ON, Column, assigned
from ocr.headings import AMOUNTS, PRICES
from ocr.rows import Row, Token, split

_HALF_A_ROW = 1.05  # heights between a count and the figures beside it
_COUNTED = frozenset({"quantity", "unit"})


def with_counts(
    rows: Sequence[Row], kept: Sequence[int], columns: Sequence[Column], mark: str
) -> tuple[list[Row], list[int]]:
    """The rows, with counts and units moved to the figures that they stand half a row from.

    The second are those of `kept`, the table's rows, that still hold something.
    """
    found = list(rows)
    empty: set[int] = set()
    places = {n for n, c in enumerate(columns) if c.meaning in _COUNTED}
    if not any(columns[n].meaning == "quantity" for n in places):
        return found, list(kept)
    for index in kept:
        row = found[index]
        if row.tokens[0].doubt or not _lacks_count(columns, row, mark):
            continue
        for near in (index - 1, index + 1):
            if near in kept and near not in empty and _close(row, found[near]):
                moved = _counts(columns, found[near], places)
                rest = tuple(t for t in found[near].tokens if t not in moved)
                if moved and not _has_figures(columns, found[near], mark):
                    row = Row(row.page, _with(row.tokens, moved, over=near < index))
                    if rest:
                        found[near] = Row(row.page, rest)
                    else:
                        empty.add(near)
        found[index] = row
    return found, [n for n in kept if n not in empty]


def _one_text(row: Row, first: Token, last: Token) -> bool:
    """Whether a row runs on from one token to another behind it, without a gap."""
    part = tuple(t for t in row.tokens if first.x0 <= t.x0 <= last.x0)
    return len(part) > 1 and len(split(Row(row.page, part), RUNS_ON)) == 1


def _close(one: Row, other: Row) -> bool:
    if one.page != other.page:
        return False
    return abs(one.middle - other.middle) < _HALF_A_ROW * max(one.height, other.height)


def _counts(columns: Sequence[Column], row: Row, places: set[int]) -> list[Token]:
    cells = assigned(columns, row)
    return [t for n in places for t in cells.get(n, [])]


def _with(tokens: Sequence[Token], moved: Sequence[Token], *, over: bool) -> tuple[Token, ...]:
    """The row's tokens with those of one cell that stand over them, or under, in reading order.

    A unit may be wider than the count over it, and begin left of it.
    """
    left, right = min(t.x0 for t in moved), max(t.x1 for t in moved)
    beside = [n for n, t in enumerate(tokens) if t.x0 < right and t.x1 > left]
    rest = [n for n, t in enumerate(tokens) if t.x0 < left]
    place = len(rest)
    if beside:
        place = beside[0] if over else beside[-1] + 1
    return (*tokens[:place], *moved, *tokens[place:])


def _lacks_count(columns: Sequence[Column], row: Row, mark: str) -> bool:
    """Whether a row has a price and a value, and nothing in the column of counts."""
    cells = assigned(columns, row)
    counts = [t for n, tokens in cells.items() if columns[n].meaning == "quantity" for t in tokens]
    names = [t for n, tokens in cells.items() if columns[n].meaning == "name" for t in tokens]
    if counts and not (names and _one_text(row, names[-1], counts[-1])):
        return False
    told = _amounts(columns, cells, mark)
    return bool(told & PRICES) and bool(told & AMOUNTS)


def _has_figures(columns: Sequence[Column], row: Row, mark: str) -> bool:
    return bool(_amounts(columns, assigned(columns, row), mark))


def _amounts(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> set[str]:
    return {
        columns[n].meaning
        for n, tokens in cells.items()
        if columns[n].meaning in PRICES | AMOUNTS
        and numbers.amount(" ".join(t.text for t in tokens), mark) is not None
    }
