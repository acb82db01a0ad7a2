"""Lines that print a name and an amount each, under no headings, straight over their sum.

Any statement adds up: balances and charges, taxes, means of payment. That something was sold is
told by the sum alone that is taxed: it is the net, and net, tax and gross stand under the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ocr.grid import NOWHERE, Column, Item, Table
from ocr.headings import Cell, Heading
from ocr.nothing_sold import names_nothing_sold
from ocr.products import Figure, aligned, figures_of
from ocr.rows import Row, with_minus, with_whole_numbers
from ocr.table_rows import is_sum

_MOST_ROWS = 400  # of a document that is searched
_FEWEST = 2  # lines: a single amount is the sum itself
_FEWEST_LETTERS = 3
_STEP = 3.2  # row heights from line to line
_TO_SUM = 7.0  # row heights from the last line to its sum
_BELOW = 8  # rows of sums that are looked at
_CENT = Decimal("0.01")
_RATES = frozenset(
    map(Decimal, ("5", "5.5", "6", "7", "8", "9", "10", "12", "13", "16", "19"))
) | frozenset(map(Decimal, range(20, 28)))
_MEANINGS = ("name", "value")


def read_amounts(rows: Sequence[Row], mark: str) -> Table | None:
    """The table of such lines; None where they do not add up to a sum under them."""
    if len(rows) > _MOST_ROWS or any(t.doubt for row in rows[:3] for t in row.tokens):
        return None
    rows = [with_minus(with_whole_numbers(row)) for row in rows]
    for place, row in enumerate(rows):
        if not is_sum(row, mark):
            continue
        run = _run_above(rows, place, mark)
        below = [r for r in rows[place : place + _BELOW] if r.page == row.page]
        sums = frozenset(f.value for r in below for f in figures_of(r, mark) if f.money)
        run = [] if any(names_nothing_sold(rows[n].tokens) for n, _ in run) else run
        for start in range(len(run) - _FEWEST + 1):
            part = run[start:]
            if _is_taxed(sum((f.value for _, f in part), Decimal(0)), sums):
                return _table(part, rows)
        if run:
            return None
    return None


def _is_taxed(total: Decimal, sums: frozenset[Decimal]) -> bool:
    """Whether a printed tax of a usual rate makes a printed gross of this printed net."""
    return total in sums and any(
        total + tax in sums and any(abs(total * rate / 100 - tax) <= _CENT for rate in _RATES)
        for tax in sums
        if 0 < tax < total
    )


def _run_above(rows: Sequence[Row], place: int, mark: str) -> list[tuple[int, Figure]]:
    """The rows straight above the first sum that have words and one amount, under one another."""
    run: list[tuple[int, Figure]] = []
    for index in range(place - 1, -1, -1):
        row, below = rows[index], rows[index + 1]
        reach = _STEP if run else _TO_SUM
        if row.page != below.page or below.middle - row.middle > reach * row.height:
            break
        figures = [f for f in figures_of(row, mark) if f.money]
        letters = sum(c.isalpha() for t in row.tokens for c in t.text if not _is_money(t.text))
        if len(figures) != 1 or letters < _FEWEST_LETTERS or is_sum(row, mark):
            break
        if run and not aligned(figures[0].token, run[0][1].token):
            break
        run.insert(0, (index, figures[0]))
    return run


def _is_money(text: str) -> bool:
    return any(map(str.isdigit, text))


def _table(run: Sequence[tuple[int, Figure]], rows: Sequence[Row]) -> Table:
    items: list[Item] = []
    for index, figure in run:
        row = rows[index]
        name = [t for t in row.tokens if t.x1 <= figure.token.x0]
        item = Item(rows=[row])
        item.cells = {0: name, 1: [figure.token]}
        item.anchor = {1: [figure.token]}
        items.append(item)
    first = run[0][0]
    cells = tuple(Cell(m, "", NOWHERE, NOWHERE) for m in _MEANINGS)
    columns = tuple(Column(m, "", NOWHERE, NOWHERE) for m in _MEANINGS)
    return Table(Heading(first, first - 1, cells, 0.0), columns, items, last=run[-1][0])
