"""The figures at the end of an item row: quantity × price = amount and the VAT letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ocr.receipt_rows import Row
from ocr.receipt_text import money, plain

_CENT = Decimal("0.01")
MOST_COUNTED = 999
_PRICE = r"\d{1,3}[ .]\d{3},\d{2}|\d{1,6}\s?[.,]\s?\d{2}"
# Prices of fuel and screws have up to four decimals; some tills print `12 m x4,5`.
_FINE_PRICE = r"\d{1,6}[.,]\d{3,4}"
_ROUND_PRICE = r"\d{1,6}(?:[.,]\d)?"
_QUANTITY = r"\d{1,6}(?:\s?[.,]\s?\d{1,6})?"
UNIT = (
    r"(?:s[zaż2][tl1]|szt|kg|dag|g|op|opk|opak|kpl|l|lt|m|mb|m\.b|m2|m3|m²|m³|t|but|para|par|pkt|rol|ark"
    r"|us[lłt]|worek|j\.?m)"
)
# Of a figure: `A.2 szt.` has a speck in front, `NAZWA....2 x` leaders.
_ZLOTY = "z[łlkxt1]|PLN"  # as engines read it
_BEGIN = r"(?:(?<![\d.,])|(?<=[^\W\d_]\.)|(?<=[^\d,]\.\.))"
_COUNT = rf"{_BEGIN}(?P<quantity>{_QUANTITY}) ?(?P<unit>{UNIT}[.,]?)?"
_TIMES = r"(?:[x*%]{1,2}|[@à]|(?<=\s)(?:a|po)(?=\s))"
_WORDED_COUNT = (
    rf"{_BEGIN}(?P<quantity>{_QUANTITY}) ?(?P<unit>{UNIT}[.,]?|(?<= )[^\W\d_]{{2,8}}\.?)?"
)
_LETTER = r"(?:PTU\s)?(?P<letter>[A-Za-z0-9€©&])?\W{0,2}$"
# Two blanks are a gap between columns: a figure in front of one belongs to the name.
_FULL = re.compile(
    rf"(?:{_COUNT} ?{_TIMES}|[x*%]{{1,2}})\s*(?P<price>{_PRICE})\s*(?:{_ZLOTY})?"
    rf"(?:\s?/\s?{UNIT}\.?)?"
    r"(?:\s[A-G](?=\s))?\s*[=\-~:]?\s*"
    rf"(?P<amount>-?\s?(?:{_PRICE}))\s*(?:{_ZLOTY})?\s*{_LETTER}",
    re.IGNORECASE,
)
_SPREAD = re.compile(
    rf"(?:^|\s\s){_COUNT}\s*[x*%]{{1,2}}\s*(?P<price>{_PRICE})\s*=?\s*"
    rf"(?P<amount>-?\s?(?:{_PRICE}))\s*{_LETTER}",
    re.IGNORECASE,
)
# A unit that is not in the list is believed where the equation holds.
_WORDED = re.compile(
    rf"{_BEGIN}(?P<quantity>{_QUANTITY}) (?P<unit>[^\W\d_]{{2,8}}\.?) ?[x*]\s*"
    rf"(?P<price>{_PRICE})\s*=?\s*(?P<amount>-?\s?(?:{_PRICE}))\s*{_LETTER}",
    re.IGNORECASE,
)
_TABLE = re.compile(
    rf"{_COUNT}\s+(?P<price>{_PRICE})\s+(?:[=~:-]\s)?(?P<amount>-?\s?(?:{_PRICE}))\s*{_LETTER}",
    re.IGNORECASE,
)
# Other than two decimals tell a price only where a blank ends it; fewer only where it adds up.
_FINE = re.compile(
    rf"{_WORDED_COUNT}(?P<gap> ?)[x*]\s*(?P<price>{_FINE_PRICE})\s+=?\s*"
    rf"(?P<amount>-?\s?(?:{_PRICE}))\s*{_LETTER}",
    re.IGNORECASE,
)
_ROUND = re.compile(
    rf"{_WORDED_COUNT} ?[x*]\s*(?P<price>{_ROUND_PRICE})\s+=?\s*"
    rf"(?P<amount>-?\s?(?:{_PRICE}))\s*{_LETTER}",
    re.IGNORECASE,
)
# The decimal marks or the gap between price and amount were lost: only an equation can split it.
_BARE = re.compile(
    rf"(?:{_COUNT} ?)?[x*]\s*(?P<digits>[\d., ]{{4,16}}?)\s*{_LETTER}", re.IGNORECASE
)
_ENDS = re.compile(rf"[.,](?P<end>\d\d) ?(?P<amount>{_PRICE})")
_HALF = re.compile(
    rf"(?:^|\s\s|(?<=\S) ){_COUNT} ?[x*]\s*(?P<price>{_PRICE})\s*=?\s*"
    rf"(?:\d{{0,5}}[.,]?(?:…|\.\.)[.…]*)?\s*(?P<letter>[A-Z])?\W{{0,2}}$",
    re.I,
)
_FINE_HALF = re.compile(
    rf"(?:^|\s){_COUNT} [x*]\s*(?P<price>{_FINE_PRICE})\s*(?P<letter>[A-Z])?\W{{0,2}}$", re.I
)
_MINUS = re.compile(rf"-\s?(?:{_PRICE})\D*$")
# Alone on its row, whatever the unit is; the amount stands on the next one.
_HALF_ROW = re.compile(
    rf"\W*(?P<quantity>{_QUANTITY}) ?(?P<unit>[^\W\d_]{{2,8}}\.?) ?[x*]\s*"
    rf"(?P<price>{_PRICE}|{_FINE_PRICE})(?P<letter>)\W*"
)
# A figure in front of the `x`, of whatever unit: none that belongs to a word, as in `CM11 x32,50`.
_PRINTED_COUNT = re.compile(r"(?<![^\W_])\d[\d.,]*\s?(?:[^\W_][\w./]{0,8})?\s*$")
_THOUSANDS = re.compile(r"(?<!\S)\d{1,3} $")  # in front of three figures: `1 000 szt`
# `41,87 l. x 6,49`: the letter of the unit read as a one.
_LITRES = re.compile(r"(?<![\d.,])(?P<quantity>\d{1,5}[.,]\d{1,3})\s1\.?\s*$")


@dataclass(frozen=True, slots=True)
class Tail:
    """The figures of a row; `start` is where they begin in the row's text.

    `holds` tells whether quantity × price is the amount; `derived` names what was not printed
    legibly but follows from the two others.
    """

    start: int
    quantity: Decimal | None
    unit: str
    price: Decimal
    amount: Decimal
    letter: str
    holds: bool
    derived: str = ""


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """What a till charges: quantity × price, half a grosz upwards."""
    return (quantity * price).quantize(_CENT, ROUND_HALF_UP)


@lru_cache(maxsize=2048)
def read_tail(text: str, *, printed: bool = False) -> Tail | None:
    """The figures at the end of a row's text, or None when it has none of the known forms.

    A figure that stands there is never replaced by another one, whatever the equation says; text of
    a PDF (`printed`) is not even divided in another way.
    """
    bare = plain(text)
    best: Tail | None = None
    for pattern in (_SPREAD, _FULL, _WORDED, _TABLE, _FINE, _ROUND):
        hit = _last(pattern, bare)
        if hit is None:
            continue
        tail = _checked(hit, bare, printed=printed)
        if tail.holds and not tail.derived:
            return tail
        if _is_better(best, pattern, hit):
            best = tail
    if best is not None and best.holds:
        return best
    split = None if printed else _split(bare)
    if split is not None:
        return split
    return best or _half(bare)


def tail_of(row: Row) -> Tail | None:
    """The figures at the end of a row."""
    return read_tail(row.text, printed=row.printed)


def _is_better(best: Tail | None, pattern: re.Pattern[str], hit: re.Match[str]) -> bool:
    """Whether figures whose equation fails, or lacks a factor, are still those of an item."""
    if pattern in (_SPREAD, _FULL):
        return best is None
    if pattern is _WORDED:  # what was taken for a price without a count has one
        return best is None or best.quantity is None or best.derived == "quantity"
    # `CABLE 2x0,125  30,00` has the same form
    return pattern is _FINE and best is None and bool(hit["gap"])


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The shortest match that reaches the end: names hold figures and multiplications as well."""
    found = None
    start = 0
    while hit := pattern.search(text, start):
        found = hit
        start = hit.start() + 1
        if hit["quantity"]:
            start = max(start, hit.end("quantity"))
    if found is None:
        return None
    # Searching on may have cut the quantity off; take the match that still has it.
    for hit in pattern.finditer(text):
        if hit.end("quantity") == found.end("quantity") and hit["quantity"]:
            return hit
        if hit.start("price") == found.start("price"):
            return hit
    return found


def _number(text: str) -> Decimal:
    return Decimal(re.sub(r"\s", "", text).replace(",", "."))


def _price(text: str) -> Decimal:
    """A price with whatever decimals it has."""
    return _number(text) if re.fullmatch(rf"{_FINE_PRICE}|{_ROUND_PRICE}", text) else money(text)


def _checked(hit: re.Match[str], text: str, *, printed: bool) -> Tail:
    price = _price(hit["price"])
    amount = money(hit["amount"])
    unit = (hit["unit"] or "").strip()
    letter = (hit["letter"] or "").upper()
    start = hit.start("quantity") if hit["quantity"] else hit.start()
    quantity = _number(hit["quantity"]) if hit["quantity"] else None
    if quantity and text[:start].rstrip(" ").endswith("-") and _MINUS.search(text[: hit.end()]):
        amount = -abs(amount)  # `-1 szt x 24,90  -24,90`: taken back
    tail = Tail(start, quantity, unit, price, amount, letter, holds=False)
    if quantity is not None and product(quantity, price) == abs(amount):
        return replace(tail, holds=True)
    thousands = _THOUSANDS.search(text[:start]) if quantity is not None else None
    if thousands and re.fullmatch(r"\d{3}", hit["quantity"]):
        whole = _number(text[thousands.start() : hit.end("quantity")])
        if product(whole, price) == abs(amount):
            return replace(tail, start=thousands.start(), quantity=whole, holds=True)
    upto = text[: hit.end("quantity") if quantity is not None else hit.start()]
    litres = None if printed else _LITRES.search(upto)
    if litres and product(_number(litres["quantity"]), price) == abs(amount):
        found = _number(litres["quantity"])
        return replace(tail, start=litres.start(), quantity=found, unit="l", holds=True)
    if quantity is None:
        return _counted(tail, text[:start])
    return _unglued(tail, hit["quantity"], text[:start])


def _counted(tail: Tail, before: str) -> Tail:
    """A quantity that stands nowhere on the row follows from price and amount where it is whole."""
    if tail.price <= 0 or _PRINTED_COUNT.search(before):
        return tail
    count = abs(tail.amount) / tail.price
    if count == count.to_integral_value() and 0 < count <= MOST_COUNTED:
        return replace(tail, quantity=Decimal(int(count)), holds=True, derived="quantity")
    return tail


def _unglued(tail: Tail, printed: str, before: str) -> Tail:
    """A quantity in one piece with the name before it: the end of its figures that the equation
    allows, none of them where they all are the name's.
    """
    if not before[-1:].isalpha() and before[-1:] not in ("/", "x", "-"):
        return tail
    ends = [printed[cut:].lstrip(".,") for cut in range(1, len(printed))]
    fitting = {
        end
        for end in ends
        if re.fullmatch(_QUANTITY, end) and product(_number(end), tail.price) == abs(tail.amount)
    }
    if len(fitting) == 1:
        (end,) = fitting
        start = tail.start + len(printed) - len(end)
        return replace(tail, start=start, quantity=_number(end), holds=True, derived="quantity")
    if tail.unit or not before[-1:].isalpha():
        return tail
    counted = _counted(replace(tail, start=tail.start + len(printed), quantity=None), "")
    return counted if counted.holds else tail


def _split(text: str) -> Tail | None:
    """Price and amount run together or without their marks, where one split alone adds up."""
    hit = _last_bare(text)
    if hit is None:
        return None
    if hit["digits"][0] in ",.":
        return _without_whole(hit)
    digits = re.sub(r"\D", "", hit["digits"])
    quantity = _number(hit["quantity"]) if hit["quantity"] else Decimal(1)
    found = []
    for cut in range(3, len(digits) - 2):
        price, amount = money(digits[:cut]), money(digits[cut:])
        if price and product(quantity, price) == amount and str(digits[cut]) != "0" * (amount >= 1):
            found.append((price, amount))
    if len(found) != 1 or (hit["quantity"] is None and len(digits) % 2):
        return None
    start = hit.start("quantity") if hit["quantity"] else hit.start()
    return Tail(
        start,
        quantity,
        (hit["unit"] or "").strip(),
        *found[0],
        (hit["letter"] or "").upper(),
        holds=True,
        derived="" if hit["quantity"] else "quantity",
    )


def _without_whole(hit: re.Match[str]) -> Tail | None:
    """`1 x,79 7,79`: the figures before the mark of the price were not seen, its end fits."""
    letter = (hit["letter"] or "").upper()
    printed = hit["digits"].strip()
    parts = _ENDS.fullmatch(printed)
    if parts is None and letter.isdigit():  # no letter, but the last figure
        parts, letter = _ENDS.fullmatch(printed + letter), ""
    if parts is None or not hit["quantity"] or not (quantity := _number(hit["quantity"])):
        return None
    amount = money(parts["amount"])
    price = (amount / quantity).quantize(_CENT)
    if product(quantity, price) != amount or f"{price:f}"[-2:] != parts["end"]:
        return None
    unit, start = (hit["unit"] or "").strip(), hit.start("quantity")
    return Tail(start, quantity, unit, price, amount, letter, holds=True, derived="price")


def _last_bare(text: str) -> re.Match[str] | None:
    found = None
    for hit in _BARE.finditer(text):
        found = hit
    return found


def _half(text: str) -> Tail | None:
    """Only quantity and price are legible: the amount follows."""
    hit = _HALF.search(text) or _HALF_ROW.fullmatch(text) or _FINE_HALF.search(text)
    if hit is None:
        return None
    quantity, price = _number(hit["quantity"]), _price(hit["price"])
    return Tail(
        hit.start("quantity"),
        quantity,
        (hit["unit"] or "").strip(),
        price,
        product(quantity, price),
        (hit["letter"] or "").upper(),
        holds=False,
        derived="amount",
    )
