"""The tables that list what was sold: by their headings, or by arithmetic where these do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.bare_amounts import read_amounts
from ocr.cards import read_cards
from ocr.entry import Entry
from ocr.grid import Table
from ocr.headings import AMOUNTS, PRICES, Heading
from ocr.labels import UNITS, squeeze
from ocr.lines import entries
from ocr.nothing_sold import names_nothing_sold
from ocr.rows import Row
from ocr.settle import of_one_state
from ocr.tables import read_tables
from ocr.unheaded import (
    add_up,
    amounts_outside,
    is_printed,
    unheaded,
    unsure,
    values_add_up,
)

_SIDES = {"price_net": "net", "price_gross": "gross"}  # of values by that of prices


def read(
    rows: Sequence[Row], headings: list[Heading], mark: str
) -> tuple[list[Heading], list[Table], list[Entry], bool]:
    """Headings, tables, lines and whether they add up; by arithmetic where headings do not."""
    tables = _without_loose_amounts(read_tables(rows, headings, mark), rows, mark)
    for table in item_tables(tables):
        _prices_of_lines(table, rows, mark)
    found = _lines_of(tables, mark)
    twice = any(t.heading.values > 1 for t in item_tables(tables))
    named = any(_is_name(entry) for entry in found)
    if not twice and named and add_up(found, rows, rows_of_items(tables), mark):
        return headings, tables, found, True
    unlikely = not any(e.section for e in found) and (
        not named or not values_add_up(found, rows, rows_of_items(tables), mark)
    )
    other = (
        _by_products(rows, headings, tables, found, mark)
        or _by_cards(rows, headings, len(found) - unlikely, mark)
        or (None if found else _by_amounts(rows, headings, mark))
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
    if not all(_is_name(entry) for entry in lines):
        return None
    if not shown.sure:
        unsure(lines)
    return instead, again, lines


def _by_cards(
    rows: Sequence[Row],
    headings: Sequence[Heading],
    known: int,
    mark: str,
) -> _Read | None:
    """Items that have no columns, but the same figures on rows around each name.

    They must be more than `known`, the lines that headings told and that seem right.
    """
    table = read_cards(rows, mark)
    if table is None or len(table.items) <= known:
        return None
    return _instead(table, rows, headings, mark)


def _by_amounts(rows: Sequence[Row], headings: Sequence[Heading], mark: str) -> _Read | None:
    """Names with nothing but an amount each, over their sum."""
    table = read_amounts(rows, mark)
    return None if table is None else _instead(table, rows, headings, mark)


def _instead(table: Table, rows: Sequence[Row], headings: Sequence[Heading], mark: str) -> _Read:
    """A table that no heading told, and the tables of other things behind it."""
    others = [h for h in headings if h.kind != "items" and h.first > table.last]
    again = [table, *read_tables(rows, others, mark)]
    return others, again, of_one_state(entries(table, mark))


def _without_loose_amounts(tables: list[Table], rows: Sequence[Row], mark: str) -> list[Table]:
    """The tables; names with nothing but amounts are items only where these add up.

    `Description | Amount` heads payments, fees and summaries as well.
    """
    for table in tables:
        loose = not table.heading.meanings & (PRICES | {"quantity", "no"})
        if table.heading.kind != "items" or not loose or not table.items:
            continue
        names = [n for n, c in enumerate(table.columns) if c.meaning == "name"]
        begun = [item.cells.get(n, [])[:1] for item in table.items for n in names]
        if any(map(names_nothing_sold, begun)) or not values_add_up(
            entries(table.copy(), mark), rows, rows_of_items([table]), mark
        ):
            table.items, table.extras, table.sums = [], [], []
    return tables


def _prices_of_lines(table: Table, rows: Sequence[Row], mark: str) -> None:
    """`Product | Quantity | Price` whose prices add up to the sum: they are the lines' values."""
    meanings = [c.meaning for c in table.columns]
    prices = [n for n, meaning in enumerate(meanings) if meaning in PRICES]
    if "quantity" not in meanings or len(prices) != 1 or AMOUNTS & set(meanings):
        return
    found = entries(table.copy(), mark)
    priced = [(e.quantity, e.numbers.get(meanings[prices[0]])) for e in found]
    if any(AMOUNTS & e.numbers.keys() for e in found):
        return
    told = [(q.value, p.value) for q, p in priced if q is not None and p is not None]
    if len(told) < len(found) or not told:
        return
    outside = amounts_outside(rows, rows_of_items([table]), mark)
    whole = sum((price for _, price in told), Decimal(0))
    multiplied = sum((count * price for count, price in told), Decimal(0))
    if is_printed(whole, outside) and (whole == multiplied or not is_printed(multiplied, outside)):
        columns = list(table.columns)
        side = _SIDES.get(meanings[prices[0]], "value")
        columns[prices[0]] = replace(columns[prices[0]], meaning=side)
        table.columns = tuple(columns)


def _is_name(entry: Entry) -> bool:
    """Whether an entry says what was sold: more than a unit or a sign."""
    text = entry.description.value if entry.description else ""
    return any(sum(map(str.isalpha, w)) > 1 and squeeze(w) not in UNITS for w in text.split())


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
