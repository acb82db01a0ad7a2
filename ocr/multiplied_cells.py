"""Cells that hold quantity, unit and price at once: `12 szt. po 14,50 zł`, `14,50 zł/szt. × 12`."""

from __future__ import annotations

from collections.abc import Sequence

from ocr import numbers
from ocr.grid import NOWHERE, Column, Item, Table
from ocr.headings import PRICES
from ocr.rows import Token

_TIMES = frozenset({"x", "×", "*", "@", "à", "a", "po", "je", "per", "á"})


def part(table: Table, mark: str) -> None:
    """Give quantity and price their own cells where every item prints them in one."""
    meanings = [c.meaning for c in table.columns]
    if table.heading.kind != "items" or meanings.count("quantity") != 1 or not table.items:
        return
    count = meanings.index("quantity")
    prices = [i for i, m in enumerate(meanings) if m in PRICES]
    beside = prices[0] if len(prices) == 1 and abs(prices[0] - count) == 1 else None
    if prices and beside is None:
        return
    found = [_parts(_tokens(item, count, beside), mark) for item in table.items]
    told = [parts for parts in found if parts is not None]
    if len(told) < len(found):
        return
    if beside is None:
        beside = len(table.columns)
        table.columns += (Column("price", "", NOWHERE, NOWHERE),)
    for item, (quantity, price) in zip(table.items, told, strict=True):
        item.anchor = {**item.anchor, count: quantity, beside: price}
        item.cells.update({count: quantity, beside: price})


def _tokens(item: Item, count: int, beside: int | None) -> list[Token]:
    tokens = [t for i in (count, beside) if i is not None for t in item.anchor.get(i, ())]
    return sorted(tokens, key=lambda t: t.x0)


def _parts(tokens: Sequence[Token], mark: str) -> tuple[list[Token], list[Token]] | None:
    """Quantity with its unit, and price, on both sides of the only sign that multiplies."""
    signs = [n for n, t in enumerate(tokens) if t.text.casefold() in _TIMES]
    if len(signs) != 1 or not 0 < signs[0] < len(tokens) - 1:
        return None
    left, right = list(tokens[: signs[0]]), list(tokens[signs[0] + 1 :])
    if _is_price(left):
        left, right = right, left
    counted = numbers.quantity(" ".join(t.text for t in left), mark)
    amounts = [t for t in right if any(map(str.isdigit, t.text))]
    worth = " ".join(t.text for t in right).partition("/")[0]
    if counted is None or not amounts or numbers.amount(worth, mark) is None:
        return None
    return left, right


def _is_price(tokens: Sequence[Token]) -> bool:
    return any(numbers.currency(t.text.partition("/")[0]) is not None for t in tokens)
