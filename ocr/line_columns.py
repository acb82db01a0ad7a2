"""A line table's columns after a look at what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from ocr import numbers
from ocr.grid import NOWHERE, Column, Item, Table
from ocr.headings import AMOUNTS, PRICES
from ocr.labels import squeeze
from ocr.rows import Token

_CENT = Decimal("0.01")
_MOST_TAXED = Decimal("1.3")  # times the net: no country of the EU taxes more
_BY_PRICE = ("price_after", "price_net", "price", "price_gross")  # which price makes the value

_LETTERS = re.compile(r"[^\W\d_]{3}")
_CAPITAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,23}")
_CODE = re.compile(r"(?=.*\d)[\w./-]{2,24}")
_ENDS_IN_RATE = re.compile(r"^\D*\d{1,2}(?:[.,]\d{1,2})?\s?%\D*$")
_PLAIN_TAX = frozenset(
    {"vat", "ust", "mwst", "tva", "btw", "ptu", "podatek", "tax", "podatekvat", "gst", "btwvat"}
)


def meanings_of(table: Table, mark: str) -> list[str]:
    """The columns' meanings after a look at what stands in them."""
    meanings = [c.meaning for c in table.columns]

    def texts(index: int) -> list[str]:
        found = (i.anchor.get(index) or i.cells.get(index) for i in table.items)
        return [" ".join(t.text for t in tokens) for tokens in found if tokens]

    for index, meaning in enumerate(meanings):
        cells = texts(index)
        if meaning == "vat_rate" and cells:
            as_amount = sum(
                "%" not in c
                and re.search(r"[.,]\d\d\b", c) is not None
                and not _round_rate(c, mark)
                for c in cells
            )
            if as_amount * 2 > len(cells) or (
                meanings.count("vat_rate") > 1
                and squeeze(table.columns[index].heading) in _PLAIN_TAX
                and all("%" not in c for c in cells)
            ):
                meanings[index] = "vat"
        if meaning == "vat" and cells and "vat_rate" not in meanings:
            rates = sum(_ENDS_IN_RATE.search(c) is not None for c in cells)
            meanings[index] = "vat_rate" if rates == len(cells) else meaning
        if meaning == "no" and cells and not {"quantity", "name"} <= set(meanings):
            plain = sum(re.fullmatch(r"\d{1,4}\.?", c) is not None for c in cells)
            counts = "quantity" not in meanings and plain * 2 < len(cells)
            if counts and all(numbers.quantity(c, mark) for c in cells):
                meanings[index] = "quantity"
            elif "name" not in meanings and all(_LETTERS.search(c) for c in cells):
                meanings[index] = "name"  # `Position` that says what was sold
    _codes_apart(meanings, texts)
    _value_behind_discount(table, meanings, mark)
    _reduced_price(meanings)
    if (worth := _worth_of_lines(table, meanings, mark)) is not None:
        meanings[worth] = "net" if meanings[worth] == "price_net" else "value"
    if "quantity" not in meanings and meanings.count("value") == 2:
        meanings[meanings.index("value")] = "quantity"
    _two_values(table, meanings, mark)
    _sides_by_tax(table, meanings, mark)
    if "name" not in meanings and table.heading.kind == "items":
        letters = {
            i: sum(
                c.isalpha() for item in table.items for t in item.cells.get(i, []) for c in t.text
            )
            for i, m in enumerate(meanings)
            if m in ("", "code", "other")
        }
        if letters and max(letters.values()):
            place = max(letters, key=lambda i: letters[i])
            if meanings[place] == "code" and all(_ends_in_code(i, place) for i in table.items):
                column = replace(table.columns[place], second="code")
                table.columns = (*table.columns[:place], column, *table.columns[place + 1 :])
            meanings[place] = "name"
    return meanings


def _ends_in_code(item: Item, place: int) -> bool:
    """Whether a cell under a code's heading has a name, and a code beside the figures."""
    last, tokens = item.anchor.get(place, []), item.cells.get(place, [])
    coded = len(last) == 1 and _CAPITAL_CODE.fullmatch(last[0].text) is not None
    return coded and len(tokens) > 1 and tokens[-1] is last[0]


def _worth_of_lines(table: Table, meanings: Sequence[str], mark: str) -> int | None:
    """The column whose amounts are quantity times price, less a rate off, in every line.

    Asked only of a table that prints no other value of its lines: its heading is unknown, or says
    `price` of what the line is worth (`Prix unitaire  Rem.  Prix HT`).
    """
    if "quantity" not in meanings or AMOUNTS & set(meanings) or not table.items:
        return None
    for price in (i for m in _BY_PRICE for i, other in enumerate(meanings) if other == m):
        for worth, meaning in enumerate(meanings):
            if worth > price and (meaning in ("", "other") or meaning in PRICES):
                priced = [item for item in table.items if item.anchor.get(price)]
                checks = [_multiplies(item, meanings, price, worth, mark) for item in priced]
                if checks and all(checks) and 2 * len(checks) > len(table.items):
                    return worth
    return None


def _multiplies(item: Item, meanings: Sequence[str], price: int, worth: int, mark: str) -> bool:
    def text(index: int) -> str:
        return " ".join(t.text for t in item.anchor.get(index, ()))

    count = numbers.quantity(text(meanings.index("quantity")), mark)
    each, total = numbers.amount(text(price), mark), numbers.amount(text(worth), mark)
    if count is None or each is None or total is None:
        return False
    off = text(meanings.index("discount")) if "discount" in meanings else ""
    rate = numbers.amount(off.rstrip("% "), mark) if off.endswith("%") else None
    product = count[0] * each * (1 - (rate or Decimal(0)) / 100)
    return abs(abs(product) - abs(total)) <= _CENT / 2


def _codes_apart(meanings: list[str], texts: Callable[[int], list[str]]) -> None:
    """Of two columns of names (`Artikel | Bezeichnung`) the one that holds codes is the code's."""
    if meanings.count("name") != 2:
        return
    first = meanings.index("name")
    if "no" not in meanings and texts(first) == [str(n) for n in range(1, len(texts(first)) + 1)]:
        meanings[first] = "no"  # `Item` counts the rows of a table that names `Details` too
        return
    if "code" in meanings:
        return
    places = [i for i, meaning in enumerate(meanings) if meaning == "name"]
    coded = [_holds_codes(texts(i)) for i in places]
    if sum(coded) == 1:
        meanings[places[coded.index(True)]] = "code"


def _holds_codes(cells: Sequence[str]) -> bool:
    """Whether cells are codes: one word each, most with figures, the others in capitals."""
    if not cells or not all(_CAPITAL_CODE.fullmatch(c) or _CODE.fullmatch(c) for c in cells):
        return False
    return 2 * sum(_CODE.fullmatch(c) is not None for c in cells) > len(cells)


def _two_values(table: Table, meanings: list[str], mark: str) -> None:
    """Of two columns of values without a side the greater, on every row, is the one with tax."""
    if meanings.count("value") != 2 or {"net", "gross"} & set(meanings):
        return
    places = [i for i, meaning in enumerate(meanings) if meaning == "value"]
    told = [
        [numbers.amount(" ".join(t.text for t in item.anchor.get(i, ())), mark) for i in places]
        for item in table.items
    ]
    pairs = [(abs(a), abs(b)) for a, b in told if a is not None and b is not None]
    if not pairs or len(pairs) < len(told):
        return
    for (net, gross), rising in ((places, True), (places[::-1], False)):
        sides = [(a, b) if rising else (b, a) for a, b in pairs]
        if all(low < high <= _MOST_TAXED * low for low, high in sides):
            meanings[net], meanings[gross] = "net", "gross"
            return


def _sides_by_tax(table: Table, meanings: list[str], mark: str) -> None:
    """Correct which columns are net, tax and gross where in every row other ones are.

    `Netto | Rab. | Netto po rab. | VAT | Kwota VAT | Brutto`: of two columns of one side the one
    that the rate of its row turns into the tax and the other side is the line's value.
    """
    if "vat_rate" not in meanings or not table.items or meanings.count("net") < 2:
        return

    def values(index: int, item: Item) -> Decimal | None:
        return numbers.amount(" ".join(t.text for t in item.anchor.get(index, ())), mark)

    rated = meanings.index("vat_rate")
    rates = [
        numbers.vat_rate(" ".join(t.text for t in item.anchor.get(rated, ())))
        for item in table.items
    ]
    if not all(rate is not None and rate.isdigit() for rate in rates):
        return
    nets = [i for i, meaning in enumerate(meanings) if meaning == "net"]
    for gross in (i for i, meaning in enumerate(meanings) if meaning in ("gross", "value")):
        fits = [
            net
            for net in nets
            if all(
                (low := values(net, item)) is not None
                and (high := values(gross, item)) is not None
                and abs(low * (100 + int(rate or 0)) / 100 - high) <= _CENT
                for item, rate in zip(table.items, rates, strict=True)
            )
        ]
        if len(fits) == 1:
            for net in nets:
                meanings[net] = "net" if net in fits else "other"
            return


def name_rows(table: Table) -> None:
    """Make a column of the names that stand in rows of their own under no heading at all."""
    if table.heading.kind != "items" or any(c.meaning == "name" for c in table.columns):
        return
    found: list[list[Token]] = []
    for item in table.items:
        figures = {id(t) for tokens in item.anchor.values() for t in tokens}
        told = {id(t) for tokens in item.cells.values() for t in tokens}  # of rows that say a thing
        rows = [r for r in item.rows if not any(id(t) in figures for t in r.tokens)]
        rows = [r for r in rows if any(id(t) in told for t in r.tokens)]
        words = [t for r in rows for t in r.tokens]
        if not any(sum(c.isalpha() for c in t.text) > 2 for t in words):
            return
        found.append(words)
    if not any(c.meaning == "code" for c in table.columns) or not found:
        return
    place = len(table.columns)
    table.columns += (Column("name", "", NOWHERE, NOWHERE),)
    texts = {i for i, c in enumerate(table.columns) if c.meaning in ("code", "other", "gtin", "")}
    for item, words in zip(table.items, found, strict=True):
        moved = {id(t) for t in words}
        for column, tokens in list(item.cells.items()):
            if column in texts:
                item.cells[column] = [t for t in tokens if id(t) not in moved]
        kept = {id(t) for tokens in item.cells.values() for t in tokens}
        item.cells[place] = [t for t in words if id(t) not in kept]


def _reduced_price(meanings: list[str]) -> None:
    """Of two equal headings with a discount between them the second is the price after it."""
    for price in ("price_net", "price_gross", "price"):
        if meanings.count(price) == 2 and "discount" in meanings:
            first = meanings.index(price)
            second = meanings.index(price, first + 1)
            if first < meanings.index("discount") < second:
                meanings[second] = "price_after"


def _value_behind_discount(table: Table, meanings: list[str], mark: str) -> None:
    """Of two equal headings of prices the second is the value where it is count times price.

    `Množství  J.cena  Sleva  Cena  DPH  Celkem`: programs save the word `value`.
    """
    for price in ("price_net", "price"):
        if meanings.count(price) != 2 or "net" in meanings or "quantity" not in meanings:
            continue
        first = meanings.index(price)
        second = meanings.index(price, first + 1)
        several = any(_telling(item, meanings, mark) for item in table.items)
        if several and all(_multiplies(i, meanings, first, second, mark) for i in table.items):
            meanings[second] = "net" if "gross" in meanings else "value"


def _telling(item: Item, meanings: Sequence[str], mark: str) -> bool:
    """Whether a product says more than 1 × price = price."""
    text = " ".join(t.text for t in item.anchor.get(meanings.index("quantity"), ()))
    count = numbers.quantity(text, mark)
    return count is not None and count[0] != 1


def _round_rate(text: str, mark: str) -> bool:
    value = numbers.amount(text, mark)
    return value is not None and value in {
        Decimal(n)
        for n in (0, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27)
    }
