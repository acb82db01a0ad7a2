"""A table as data: columns between borders, items, and rows that belong to neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ocr.headings import AMOUNTS, PRICES, Heading
from ocr.rows import Row, Token, split

RUNS_ON = 0.62  # heights between words of one text, also in fonts of one width
_RUNNING = frozenset({"name", "code"})  # texts that may be longer than their column
NUMERIC = PRICES | AMOUNTS | {"quantity", "discount"}

_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d\d?)?%")
NOWHERE = -9.0  # left of every page
POSITION = re.compile(r"\d{1,6}(?:[.\-]\d{1,4})*[.)]?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table between two borders; meaning and heading as in `Cell`."""

    meaning: str
    heading: str
    left: float
    right: float
    second: str = ""


@dataclass(slots=True)
class Item:
    """One entry of a table: the tokens of each column by column index, and all its rows."""

    cells: dict[int, list[Token]] = field(default_factory=dict)
    anchor: dict[int, list[Token]] = field(default_factory=dict)  # of the row with the numbers
    rows: list[Row] = field(default_factory=list)
    section: str = ""  # "before", "after" or "difference" of a correction
    cuts: list[list[Token]] = field(default_factory=list)  # amounts of discounts under its figures
    rate_off: list[Token] = field(default_factory=list)  # of a discount, on a row of its own
    rate: Token | None = None  # the rate of tax beside its value after them

    @property
    def place(self) -> int:
        """Which of its rows holds the figures."""
        figures = {id(t) for tokens in self.anchor.values() for t in tokens}
        return next(n for n, row in enumerate(self.rows) if id(row.tokens[0]) in figures)

    def take(self, row: Row, other: Item, *, front: bool = False) -> None:
        """Move a row of text here from another item, behind the own rows or in front of them."""
        moved = {id(t) for t in row.tokens}
        other.rows.remove(row)
        self.rows.insert(0 if front else len(self.rows), row)
        for column, tokens in list(other.cells.items()):
            mine = self.cells.setdefault(column, [])
            at = 0 if front else len(mine)
            mine[at:at] = [t for t in tokens if id(t) in moved]
            other.cells[column] = [t for t in tokens if id(t) not in moved]


@dataclass(slots=True)
class Table:
    """A table as printed: heading, columns, items, sum rows, rows of "discount" and "charge"."""

    heading: Heading
    columns: tuple[Column, ...]
    items: list[Item] = field(default_factory=list)
    sums: list[tuple[Row, dict[int, list[Token]]]] = field(default_factory=list)
    extras: list[tuple[Row, dict[int, list[Token]], str]] = field(default_factory=list)
    last: int = 0  # index of the last row that belongs to it

    def copy(self) -> Table:
        """The table with items of its own, which a first look at its entries may change."""
        items = [
            replace(
                item,
                cells={n: list(tokens) for n, tokens in item.cells.items()},
                anchor=dict(item.anchor),
                rows=list(item.rows),
            )
            for item in self.items
        ]
        return replace(self, items=items)

    @property
    def figures_first(self) -> bool:
        """Whether every item has its figures on its first row, and some have further rows."""
        return all(item.place == 0 for item in self.items) and any(
            len(item.rows) > 1 for item in self.items
        )


Cells = dict[int, list[Token]]  # of one row, by the number of their column


def assigned(columns: Sequence[Column], row: Row) -> Cells:
    """The row's tokens by column: each goes where most of it stands."""
    cells: dict[int, list[Token]] = {}
    for token in row.tokens:
        best = max(
            range(len(columns)),
            key=lambda i: min(columns[i].right, token.x1) - max(columns[i].left, token.x0),
        )
        if columns[best].meaning == "no" and not POSITION.fullmatch(token.text):
            following = columns[best + 1].meaning if best + 1 < len(columns) else ""
            best += following in _RUNNING  # where a text begins left of its heading
        cells.setdefault(best, []).append(token)
    _send_rates_home(columns, cells)
    _send_names_home(columns, cells)
    return cells


def _send_names_home(columns: Sequence[Column], cells: Cells) -> None:
    """`… adhesive 25 kg     24,000`: what runs on from a long name is no count beside the count."""
    for index in range(1, len(columns)):
        if columns[index].meaning != "quantity" or columns[index - 1].meaning != "name":
            continue
        name, counts = cells.get(index - 1, []), cells.get(index, [])
        if not name or not counts or name[-1].doubt:
            continue
        parts = split(Row(name[-1].page, (name[-1], *counts)), RUNS_ON)
        behind = parts[1].tokens if len(parts) > 1 else ()
        if len(parts[0].tokens) > 1 and behind and behind[0].text[0].isdigit():
            cells[index - 1] = [*name, *parts[0].tokens[1:]]
            cells[index] = [t for part in parts[1:] for t in part.tokens]


def _send_rates_home(columns: Sequence[Column], cells: dict[int, list[Token]]) -> None:
    """`2 Stk 19 %` under a quantity beside the rates: a centred rate may begin left of its column.

    No figure but a discount or a rate has a percent sign behind it.
    """
    for index in range(len(columns) - 1):
        here = columns[index].meaning
        if columns[index + 1].meaning != "vat_rate" or here not in PRICES | {"quantity"}:
            continue
        tokens, beside = cells.get(index, []), cells.get(index + 1, [])
        line = [*tokens, *beside[:1]]
        signed = [n for n in range(1, len(tokens)) if _is_rate(line[n : n + 2])]
        if len(signed) == 1 and tokens[0].text[-1].isdigit():
            cells[index] = tokens[: signed[0]]
            cells[index + 1] = [*tokens[signed[0] :], *beside]


def _is_rate(tokens: Sequence[Token]) -> bool:
    text = "".join(t.text for t in tokens)
    return _RATE.match(text) is not None and tokens[0].text[-1] in "%0123456789"


def assigned_text(table: Table, row: Row) -> dict[int, list[Token]]:
    """The tokens of a row without figures: words that follow each other stay in one column.

    A name that is printed under the figures runs on below their columns; what stands over the
    figures (`Heading.upper`) has columns of its own.
    """
    columns, upper = table.columns, table.heading.upper
    cells: dict[int, list[Token]] = {}
    if upper:
        for token in row.tokens:
            begun = [n for n, c in enumerate(upper) if c.x0 <= token.x1]
            index = len(columns) - len(upper) + (begun[-1] if begun else 0)
            cells.setdefault(index, []).append(token)
        return cells
    for phrase in split(row, RUNS_ON):
        parts = assigned(columns, phrase)
        index = min(parts)
        if columns[index].meaning in _RUNNING and len(parts) > 1:
            parts = {index: list(phrase.tokens)}
        for index, tokens in parts.items():
            cells.setdefault(index, []).extend(tokens)
    return cells


def joined_name(columns: Sequence[Column], row: Row, cells: Cells) -> Cells:
    """The cells of a numbered row that is one text and nothing else: they are its name's.

    `3 | Elbow 16 mm 90 deg.` over its figures reaches into their columns, and counts nothing there.
    """
    if not {c.meaning for c in columns} & AMOUNTS or any(_MONEY.search(t.text) for t in row.tokens):
        return cells
    position = position_of(columns, cells)
    text = [t for t in row.tokens if position is None or t is not row.tokens[0]]
    if position is None or not text or any(t.doubt for t in text):
        return cells
    begun = min((i for i in cells if columns[i].meaning != "no"), default=None)
    if begun is None or columns[begun].meaning not in _RUNNING:
        return cells
    if len(split(Row(row.page, tuple(text)), RUNS_ON)) > 1:
        return cells
    first = next(i for i in cells if columns[i].meaning == "no")
    return {first: cells[first], begun: text} if len(cells[first]) == 1 else cells


def position_of(columns: Sequence[Column], cells: dict[int, list[Token]]) -> str | None:
    for index, column in enumerate(columns):
        if column.meaning == "no" and index in cells:
            text = "".join(t.text for t in cells[index])
            return text if POSITION.fullmatch(text) else None
    return None
