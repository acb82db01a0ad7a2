"""Slips that print one price for each item and neither quantity nor unit price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ocr.receipt_entries import DISCOUNTS, PRICED, Cut, Item, Items, letters_of
from ocr.receipt_rates import opens_foot
from ocr.receipt_rows import Row
from ocr.receipt_tail import MOST_COUNTED, Tail
from ocr.receipt_text import amounts, says

FEWEST = 2
_COUNT_BEHIND = re.compile(r"(?<![\w.,])\d[\d.,]* ?(?:szt|op|opak|kpl)\w*\.?\W*$", re.IGNORECASE)
_PRICED_ROW = re.compile(
    r"(?P<name>.*[^\W\d_]{3}.*?)\s{1,2}(?P<amount>\d[\d .,]*\d)\s?(?P<letter>[A-G])\W?"
)
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


def priced_item(row: Row, known: frozenset[str] = frozenset()) -> Item | None:
    """The item of a row that prints a name, one amount and its VAT letter, no more."""
    hit = _PRICED_ROW.fullmatch(row.text)
    found = list(amounts(row.text))
    if hit is None or len(found) != 1 or found[0].value <= 0 or says(row.text, *DISCOUNTS, "PO"):
        return None
    if found[0].start < hit.start("amount") or (known and hit["letter"] not in known):
        return None
    value = found[0].value
    start = hit.start("amount")
    tail = Tail(start, None, "", value, value, hit["letter"], holds=True, derived=PRICED)
    return Item(" ".join(hit["name"].split()), tail, row, row, (hit["letter"],), True)


def counted_item(row: Row, name_row: Row) -> Item | None:
    """The item of a row of price and amount alone, whose count in front of them was lost.

    None where the name ends with a count: then it was not lost.
    """
    found = list(amounts(row.text))
    if (
        len(found) != 2
        or sum(c.isalpha() for c in row.text) > 1
        or any(c.isdigit() for c in row.text[: found[0].start])
        or not 0 < found[0].value <= found[1].value
    ):
        return None
    price, amount = found[0].value, found[1].value
    count = amount / price
    if (
        _COUNT_BEHIND.search(name_row.text)
        or count != count.to_integral_value()
        or count > MOST_COUNTED
    ):
        return None
    letter = row.text[found[1].end :].strip(" *.,").upper()[:1]
    start = found[0].start
    tail = Tail(start, count, "", price, amount, letter, holds=True, derived="quantity")
    return Item(" ".join(name_row.text.split()), tail, row, name_row, letters_of(letter), True)


def take_priced(items: Items, missing: Decimal) -> None:
    """Takes the rows that print one amount for items, where together they are what is missing."""
    if not items.priced or sum(item.tail.amount for _, item in items.priced) != missing:
        return
    for place, item in reversed(items.priced):
        items.items.insert(place, item)
        for cut in items.cuts:
            if cut.item is not None and cut.item >= place:
                cut.item += 1
    items.priced = []
