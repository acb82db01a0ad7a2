"""The tables that list what was sold: by their headings, or by arithmetic where these do not."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.cards import read_cards
from ocr.entry import Entry
from ocr.grid import Table
from ocr.headings import Heading
from ocr.lines import entries
from ocr.rows import Row
from ocr.settle import of_one_state
from ocr.tables import read_tables
from ocr.unheaded import add_up, unheaded, unsure


def read(
    rows: Sequence[Row], headings: list[Heading], mark: str
) -> tuple[list[Heading], list[Table], list[Entry], bool]:
    """Headings, tables, lines and whether they add up; by arithmetic where headings do not."""
    tables = read_tables(rows, headings, mark)
    found = _lines_of(tables, mark)
    twice = any(t.heading.values > 1 for t in item_tables(tables))
    if not twice and add_up(found, rows, rows_of_items(tables), mark):
        return headings, tables, found, True
    other = _by_products(rows, headings, tables, found, mark) or _by_cards(
        rows, headings, found, mark
    )
    if other is not None:
        return *other, True
    return headings, tables, found, False


_Read = tuple[list[Heading], list[Table], list[Entry]]


def _by_products(
    rows: Sequence[Row],
    headings: Sequence[Heading],
    tables: Sequence[Table],
    found: Sequence[Entry],
    mark: str,
) -> _Read | None:
    """The table whose columns hold products, whatever stands over them."""
    rates = [t for t in tables if t.heading.kind != "items"]
    shown = unheaded(rows, mark, rows_between(rates))
    if shown is None or shown.lines < len(found):
        return None
    others = [h for h in headings if h.kind != "items" and h.first > shown.heading.last]
    instead = [shown.heading, *others]
    again = read_tables(rows, instead, mark)
    lines = _lines_of(again, mark)
    if len(lines) != shown.lines or (found and not add_up(lines, rows, rows_of_items(again), mark)):
        return None
    if not shown.sure:
        unsure(lines)
    return instead, again, lines


def _by_cards(
    rows: Sequence[Row],
    headings: Sequence[Heading],
    found: Sequence[Entry],
    mark: str,
) -> _Read | None:
    """Items that have no columns, but the same figures on rows around each name."""
    table = read_cards(rows, mark)
    if table is None or len(table.items) < len(found):
        return None
    others = [h for h in headings if h.kind != "items" and h.first > table.last]
    again = [table, *read_tables(rows, others, mark)]
    return others, again, of_one_state(entries(table, mark))


def _lines_of(tables: Sequence[Table], mark: str) -> list[Entry]:
    return of_one_state([e for t in item_tables(tables) for e in entries(t, mark)])


def rows_of_items(tables: Sequence[Table]) -> frozenset[int]:
    return rows_between([t for t in tables if t.heading.kind in ("items", "codes")])


def rows_between(tables: Sequence[Table]) -> frozenset[int]:
    """The rows from the headings of tables that have items to their last row."""
    inside: set[int] = set()
    for table in tables:
        if table.items:
            inside.update(range(table.heading.first, table.last + 1))
    return frozenset(inside)


def item_tables(tables: Sequence[Table]) -> list[Table]:
    """The tables that list what was sold: the richest one and those built like it."""
    items = [t for t in tables if t.heading.kind == "items" and t.items]
    if not items:
        return []
    best = max(items, key=lambda t: (len(t.heading.meanings), len(t.items)))
    wanted = best.heading.meanings - {"code", "classification", "discount", ""}
    return [
        t
        for t in items
        if len(wanted & t.heading.meanings) >= 0.7 * len(wanted | (t.heading.meanings - {""}))
        or t is best
    ]
