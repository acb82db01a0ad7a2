"""Slips that print one price for each item and neither quantity nor unit price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ocr.receipt_items import PRICED, Cut, Item, Items, letters_of
from ocr.receipt_rates import opens_foot
from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail
from ocr.receipt_text import amounts

FEWEST = 2
_ROW = re.compile(
    r"(?P<name>.*[^\W\d_]{3}.*?)\s{1,2}(?P<amount>-?\s?\d[\d .,]*)\s?(?P<letter>[A-G])?$"
)


def read_priced(rows: Sequence[Row], total: Decimal | None) -> Items | None:
    """The run of rows of name and amount above the foot that gives the total.

    None where no run adds up: a name beside an amount may be anything.
    """
    if total is None:
        return None
    end = next((i for i, row in enumerate(rows) if _ends_items(row.text)), 0)
    items = Items()
    left = total
    for row in reversed(rows[:end]):
        hit = _ROW.match(row.text)
        found = list(amounts(row.text))
        if hit is None or len(found) != 1 or found[0].start < hit.start("amount"):
            if items.items:
                break
            continue
        value = found[0].value
        left -= value
        if value < 0:
            items.cuts.insert(0, Cut(-value, hit["name"].strip(), row, None))
        else:
            items.items.insert(0, _item(hit, value, row))
        if left == 0 and len(items.items) >= FEWEST:
            return items
    return None


def _ends_items(text: str) -> bool:
    return opens_foot(text) and any(True for _ in amounts(text))


def _item(hit: re.Match[str], value: Decimal, row: Row) -> Item:
    letter = hit["letter"] or ""
    tail = Tail(hit.start("amount"), None, "", value, value, letter, holds=True, derived=PRICED)
    return Item(" ".join(hit["name"].split()), tail, row, row, letters_of(letter), bool(letter))
