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
_LAST_ZERO = re.compile(r"(?<=\d[.,]\d)[DCc](?=\s|$)")  # `15.0C`, `1,4D`
_ZEROS = re.compile(r"(?<=\d[.,])[aoOQDC]{2}(?=\s|$)")  # `50.aC`
_EIGHT = re.compile(r"(?<=RM)B(?=[.,]\d\d)")
_NO_POINT = re.compile(r"(?<=RM )(\d{1,5}) (\d\d)(?![\d.,])")
_MEASURES = frozenset({"L", "ML", "CL", "KG", "LTR", "MM", "CM"})
_MARK = r"[*#]?\s?(?P<mark>\(?[A-Za-z]{1,3}\d?\)?|\d{1,2}(?!\d)|\*{1,2})"
AMOUNT_LAST = re.compile(
    rf"(?P<amount>-?\s?(?:{SIGN}\s?)?-?(?<!\d)(?<!\d[.,])(?:{_MONEY})(?!\d)-?)\s*{SIGN}?(?:\s\d(?=\s[A-Z]\W*$)|\.(?=[A-Z]\W*$))?(?:\s*{_MARK}(?:\s[A-Z])?)?(?:\W{{0,2}}|\s[#*]{{2}})$"
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
    re.compile(
        rf"(?:MENGE|ANZAHL|QTY|QUANTITY)\W{{0,3}}(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*"
        rf"(?:EP|EINZELPREIS|PREIS|PRICE|UNIT PRICE)\W{{0,3}}{_PRICE}\s*$",
        re.I,
    ),
    # `2 * RM 33.02 UNI ( 3.96)=RM 66.04`: the tax of one in brackets
    re.compile(
        rf"(?P<count>{COUNT})\s*[x*]\s*{_PRICE}\s*(?P<unit>[A-Za-z]{{1,5}})?\s*"
        rf"\(\s*(?:{AMOUNT})\)\s*=?\s*{SIGN}?\s*$"
    ),
    re.compile(
        rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*(?:net\s*)?[x*@à]\s*{_PRICE}\s*=?\s*$", re.I
    ),
    re.compile(rf"{_PRICE}\s*[x*@]\s*(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*=?\s*$", re.I),
)
# A unit that is not in the list is believed where the equation holds.
_WORDED = re.compile(
    rf"(?P<count>{COUNT})\s*(?P<unit>[^\W\d_]{{2,8}})\.?\s*[x*@]\s*{_PRICE}\s*=?\s*$", re.I
)
# `3 UNIT *  4.80  0.00  14.40`, `2 X 5.51 (DISC: 1.53)  7.96`: a discount, of one or of all
_REDUCED = re.compile(
    rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})?\.?\s*[x*@]\s*{_PRICE}\s+\(?(?:DISC\w*)?\W*"
    rf"(?P<cut>{AMOUNT})\W*$",
    re.I,
)
# `0,89 x   1,78`: the figure of the count was not seen.
_UNCOUNTED = re.compile(rf"\s(?P<price>{_MONEY})\s*x\s*$", re.IGNORECASE)
_MOST_TIMES = 99
_HALF_CENT = Decimal("0.005")
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
    text = _mended(plain(row.text))
    hit = AMOUNT_LAST.search(text)
    if hit is None or find_date(text[hit.start() :]) is not None:
        return None
    if hit["mark"] and hit["mark"].upper() in _MEASURES and text[hit.end("amount")].isalpha():
        return None  # `6x1.25L` is a size
    sign = -1 if "-" in hit["amount"] else 1
    amount = sign * money(hit["amount"].replace("-", ""))
    mark = (hit["mark"] or "").strip("()")
    before = text[: hit.start()].rstrip()
    if fuel := _FUEL.search(before):
        return _with(fuel, before, amount, mark)
    for pattern in _FACTORS:
        if factors := pattern.search(before):
            return _with(factors, before, amount, mark)
    for pattern in (_WORDED, _REDUCED):
        worded = pattern.search(before)
        if worded is not None and (read := _with(worded, before, amount, mark)).holds:
            return read
    if uncounted := _UNCOUNTED.search(before):
        price = money(uncounted["price"])
        times = amount / price if price else Decimal(0)
        if times == times.to_integral_value() and 1 < times <= _MOST_TIMES:
            name = before[: uncounted.start()].rstrip()
            return Figures(name, amount, Decimal(int(times)), "", price, mark, True)
    for pattern in _COLUMNS:
        place = 0
        while factors := pattern.search(before, place):
            read = _with(factors, before, amount, mark)
            if read.holds:
                return read
            place = factors.start() + 1  # `03  2,00  14,99`: a code may stand before the count
    return Figures(before, amount, mark=mark)


def _mended(text: str) -> str:
    """With amounts whose zero, eight or point was misread: `15.0C`, `RMB.99`, `RM 88 17`."""
    text = _LAST_ZERO.sub("0", _ZEROS.sub("00", _EIGHT.sub("8", text)))
    return _NO_POINT.sub(r"\1.\2", text)


def _with(factors: re.Match[str], before: str, amount: Decimal, mark: str) -> Figures:
    count = Decimal(factors["count"].replace(",", "."))
    price = _price(factors["price"])
    cut = money(factors["cut"]) if factors.groupdict().get("cut") else Decimal(0)
    full = product(count, price)
    holds = bool(count) and abs(amount) in (full, full - cut, full - product(count, cut))
    if not holds and not cut and count > 1:
        # The price of one is rounded where the till computes with more decimals.
        holds = abs(abs(amount) - full) <= count * _HALF_CENT
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
