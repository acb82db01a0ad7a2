"""Cells of a table as an engine read them: ruling lines as ones, % as 96, headings not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from ocr import numbers
from ocr.entry import Entry
from ocr.grid import Table
from ocr.headings import PRICES
from ocr.labels import UNITS
from ocr.rows import Token
from ocr.unit_letters import misread

_BARS = frozenset("1Il|")
_PERCENT = re.compile(r"(\d{1,2})(?:96|9%|%6|9/6|0/0|%0)")
_BARRED = re.compile(r"[.,]\d\d1$")
_TWO_DECIMALS = re.compile(r"[.,]\d\d$")
_FEWEST = 3  # counts that all end so: none of them has thousandths
_LONG_NUMBER = 4  # figures: more is no row's number but a code
_MOST = 0.8  # of the cells of a column that must be counts


def as_percent(text: str) -> str:
    """`2396`, `22%6` → `23%`, `22%`: no discount and no rate has so many figures."""
    found = _PERCENT.fullmatch(text)
    return f"{found[1]}%" if found else text


def is_ruled(tokens: Sequence[Token]) -> bool:
    """Whether a cell for an amount holds nothing but a ruling line: amounts have decimals."""
    return all(t.doubt and t.text in _BARS for t in tokens)


def counted(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a quantity's cell, figures first, without a ruling line before the figures.

    `szt | 15,00` is read as `szt 1 15,00` where the columns of unit and quantity ran together.
    """
    if not all(t.doubt for t in tokens):
        return list(tokens)
    units = [t for t in tokens if t.key in UNITS or misread(t.text)]
    figures = [t for t in tokens if t not in units]
    if len(figures) > 1 and figures[0].text in _BARS and units and tokens[0] in units:
        figures = figures[1:]
    return [*figures, *units]


def number_rows(table: Table, meanings: Sequence[str]) -> None:
    """Give back the numbers of rows that stand before the text of the next column.

    `7 KAB-22324` as a code: the columns lean with the paper. Only where the column of numbers is
    empty and the number is the one that follows, so no code loses its first figures.
    """
    if "no" not in meanings:
        return
    column = meanings.index("no")
    last = 0
    for item in table.items:
        own = item.anchor.get(column)
        beside = item.anchor.get(column + 1, [])
        if own:
            told = own[0].text.strip(".:|")
            last = int(told) if told.isdecimal() and len(told) < _LONG_NUMBER else -1
        elif last >= 0 and len(beside) > 1 and beside[0].doubt:
            number = beside[0]
            if number.text.strip(".:|") != str(last + 1):
                return
            for cells in (item.anchor, item.cells):
                cells[column] = [number]
                cells[column + 1] = [t for t in cells[column + 1] if t is not number]
            last += 1
        else:
            return


def with_quantity(table: Table, meanings: Sequence[str], mark: str) -> list[str]:
    """The meanings, with the column of quantities known by its cells where its heading is unread.

    It stands between name and price; without it no line could be checked.
    """
    found = list(meanings)
    prices = [i for i, m in enumerate(found) if m in PRICES]
    if "quantity" in found or "name" not in found or not prices or not table.items:
        return found
    for index in range(found.index("name") + 1, prices[0]):
        cells = [item.anchor.get(index) or [] for item in table.items]
        told = [tokens for tokens in cells if tokens and all(t.doubt for t in tokens)]
        counts = sum(_is_count(counted(tokens), mark) for tokens in told)
        if found[index] == "" and counts >= _MOST * len(table.items):
            found[index] = "quantity"
            return found
    return found


def without_lines_behind(entries: Sequence[Entry]) -> None:
    """Takes the ruling line off `8,001` where a table prints its counts with two decimals."""
    counts = [(e, e.quantity) for e in entries if e.quantity is not None]
    barred = [(e, q) for e, q in counts if _BARRED.search(q.raw) and q.confidence < 1.0]
    plain = sum(_TWO_DECIMALS.search(q.raw) is not None for _, q in counts)
    if len(barred) + plain < len(counts) or not (plain or len(barred) >= _FEWEST):
        return
    for entry, count in barred:
        entry.quantity = replace(count, value=count.value.quantize(Decimal("0.01"), ROUND_DOWN))


def _is_count(tokens: Sequence[Token], mark: str) -> bool:
    text = " ".join(misread(t.text) or t.text for t in tokens)
    read = numbers.quantity(text, mark)
    return read is not None and read[0] > 0
