"""The figures of a row on a slip without a fiscal memory: quantity, price, amount and tax mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ocr.receipt_rows import Row
from ocr.receipt_tail import product
from ocr.receipt_text import AMOUNT, find_date, money, plain

FEWEST_LETTERS = 2  # of a name there are more
# A blank in front of three figures stands between two columns here: `2 108.00`.
_MONEY = AMOUNT.replace("[ .]", "[.]").replace("[ ,]", "[,]")
SIGN = r"(?:RM|MYR|EUR|€|\$|£)"
COUNT = r"(?<![\d.,])\d{1,4}(?:[.,]\d{1,3})?"
UNIT = (
    r"(?:pcs?|ea|each|unit|units|pkt|pack|pkg|box|btl|set|nos?|kg|g|l|ltr|m|mtr|ft|roll|pair|stk|"
    r"st|stück|stuck|pck|packung|beutel|fl|dose|bund|rolle|x)"
)
_MARK = r"[*#]?\s?(?P<mark>\(?[A-Za-z]{1,3}\d?\)?|\d{1,2}(?!\d)|\*{1,2})"
AMOUNT_LAST = re.compile(
    rf"(?P<amount>-?\s?(?:{SIGN}\s?)?-?(?<!\d)(?<!\d[.,])(?:{_MONEY})(?!\d)-?)\s*{SIGN}?(?:\s*{_MARK})?\W{{0,2}}$"
)
# `1.5000`: some programs print unit prices with four decimals.
_FINE = r"\d{1,5}[.,]\d{4}(?!\d)"
_PRICE = rf"(?:{SIGN}\s?)?(?P<price>{_FINE}|{_MONEY})\s*(?:{SIGN})?(?:\s?/\s?{UNIT})?"
# `38,12 l  1,909 EUR/l`: fuel has three decimals to its price.
_FUEL = re.compile(
    rf"(?P<count>\d{{1,4}}[.,]\d{{1,3}})\s*(?P<unit>[l1|]|ltr|liter|litre|kg)(?!\w)\W*[x*@à]?\s*(?:{SIGN}\s?)?"
    rf"(?P<price>\d[.,]\d{{3}})(?!\d)\s*(?:{SIGN})?\s*(?:/\s?[a-z1|]{{1,5}})?\W*$",
    re.I,
)
_FACTORS = (
    re.compile(rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*[x*@à]\s*{_PRICE}\s*=?\s*$", re.I),
    re.compile(rf"{_PRICE}\s*[x*@]\s*(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*=?\s*$", re.I),
)
# A unit that is not in the list is believed where the equation holds.
_WORDED = re.compile(
    rf"(?P<count>{COUNT})\s*(?P<unit>[^\W\d_]{{2,8}})\.?\s*[x*@]\s*{_PRICE}\s*=?\s*$", re.I
)
_COLUMNS = (
    re.compile(
        rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s+{_PRICE}(?:\s+(?P<cut>{AMOUNT}))?\s*$",
        re.I,
    ),
    re.compile(
        rf"{_PRICE}\s+(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?(?:\s+(?P<cut>{AMOUNT}))?\s*$",
        re.I,
    ),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures at the end of a row; `name` is what stands before them."""

    name: str
    amount: Decimal
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    mark: str = ""
    holds: bool = False


def figures_of(row: Row) -> Figures | None:
    """The figures at the end of a row, or None where it has no amount there."""
    text = plain(row.text)
    hit = AMOUNT_LAST.search(text)
    if hit is None or find_date(text[hit.start() :]) is not None:
        return None
    sign = -1 if "-" in hit["amount"] else 1
    amount = sign * money(hit["amount"].replace("-", ""))
    mark = (hit["mark"] or "").strip("()")
    before = text[: hit.start()].rstrip()
    if fuel := _FUEL.search(before):
        return _with(fuel, before, amount, mark)
    for pattern in _FACTORS:
        if factors := pattern.search(before):
            return _with(factors, before, amount, mark)
    worded = _WORDED.search(before)
    if worded is not None and (read := _with(worded, before, amount, mark)).holds:
        return read
    for pattern in _COLUMNS:
        factors = pattern.search(before)
        if factors is not None:
            read = _with(factors, before, amount, mark)
            if read.holds:
                return read
    return Figures(before, amount, mark=mark)


def _with(factors: re.Match[str], before: str, amount: Decimal, mark: str) -> Figures:
    count = Decimal(factors["count"].replace(",", "."))
    price = _price(factors["price"])
    cut = money(factors["cut"]) if factors.groupdict().get("cut") else Decimal(0)
    full = product(count, price)
    holds = bool(count) and abs(amount) in (full, full - cut)
    name, unit = before[: factors.start()].rstrip(), (factors["unit"] or "").strip()
    # The price before a discount is not what was paid.
    shown = price if full == abs(amount) or not cut else None
    return Figures(name, amount, count, unit, shown, mark, holds)


def _price(text: str) -> Decimal:
    """A unit price with two decimals or, of fuel and in some programs, three or four."""
    fine = re.search(r"[.,]\d{3,4}$", text)
    return money(text).scaleb(2 - (len(fine[0]) - 1)) if fine else money(text)


def factors_alone(text: str) -> tuple[Decimal, Decimal, str] | None:
    """`2 Stk x 1,49` on a row of its own: quantity, price and unit."""
    bare = plain(text).strip()
    for pattern in _FACTORS:
        hit = pattern.search(bare)
        if hit is not None and sum(c.isalpha() for c in bare[: hit.start()]) < FEWEST_LETTERS:
            return Decimal(hit["count"].replace(",", ".")), _price(hit["price"]), hit["unit"] or ""
    return None
