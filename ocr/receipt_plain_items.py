"""Items of slips without a fiscal memory: names, quantities, prices, discounts, and their sum."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.identifiers import gtin_valid
from ocr.receipt_names import take_codes
from ocr.receipt_plain_close import CUT_ROW, close, divides
from ocr.receipt_plain_entries import PlainCut, PlainItem, PlainItems
from ocr.receipt_plain_figures import (
    AMOUNT_LAST,
    COUNT,
    FEWEST_LETTERS,
    SIGN,
    UNIT,
    Figures,
    factors_alone,
    figures_of,
)
from ocr.receipt_plain_labels import (
    CHANGE,
    LABELS,
    NOT_THE_SUM,
    PAID,
    ROUNDING,
    SUBTOTAL,
    TAX_PART,
    label_text,
)
from ocr.receipt_plain_names import (
    CODE,
    PRICE_ALONE,
    UNITS_ALONE,
    ends_in_figure,
    may_name,
    names_below,
    names_it,
)
from ocr.receipt_rows import Row
from ocr.receipt_tail import product
from ocr.receipt_text import AMOUNT, folded, money, plain, says

_LEADING = re.compile(
    r"^\W*(?P<count>\d{1,2})°?\s*(?:[x*]\s*|\s)(?=(?:\d{3,14}\s+)?\S*[^\W\d_]{2}|\d{6,14}$)", re.I
)
# `3x 0,85 Duschgel`: quantity and price in front of the name
_LEADING_PRICED = re.compile(
    rf"^\W*(?P<count>{COUNT})\s*(?:{UNIT}\s*)?[x*@à]\s*(?P<price>{AMOUNT})\s+"
    r"(?=\S*[^\W\d_]{2})",
    re.I,
)
_MARK_OF_TAX = re.compile(r"\s?(?:\s[*#][A-Z]{1,3}|<[A-Z]{1,2}>)$")  # behind a name
_BEHIND_NAME = re.compile(r"\s{2}(?P<count>\d{1,3})$")
# `1. `, and the pump of a petrol station: `*ZP 04 `
_POSITION = re.compile(r"^\W*(?:\d{1,3}[.)]|(?:ZP|PUMPE?|SÄULE)\W{0,2}\d{1,2})\s+(?=\S)", re.I)
_RATE = re.compile(
    r"(?<![\w.,])\(?(?P<mark>[A-Z]{1,3}\d?|\d(?=[\s=:)]))\)?\s*[=:@(-]*\s*(?P<rate>\d{1,2})(?:[.,](?P<part>\d{1,2}))?\s?%"
)
_HEADING = ("QTY", "ITEM", "ITEMS", "DESCRIPTION", "PRICE", "AMOUNT", "AMT", "UNIT", "DISC",
            "ARTIKEL", "MENGE", "PREIS", "BETRAG", "BEZEICHNUNG", "ANZAHL", "TOTAL")  # fmt: skip
_NO_ITEM = re.compile(
    r"\b(TEL|FAX|PHONE|INVOICE NO|BILL NO|TABLE|CASHIER|KASSE|BEDIENER|BON|FILIALE|KARTE|"
    r"OFFNUNGSZEITEN)\b|\d\s?UHR\b|"
    r"@[A-Z]|WWW"
)
# What is printed with an amount but is nothing that was bought.
_NO_GOODS = re.compile(
    r"[TLI][O0]TA[LI1]|\bSALES\b|SUMME(?!R)|\bSUM\b|\bG[S5]T\b|\bSST\b|\bTAX\b|MWST|STEUER|NETTO|BRUTTO|"
    r"\bR[OQ0NU]{1,2}ND(I|\b.*\bA[MD])|RUNDUNG|X{4}|RECEIPT|INVOICE|CHANGE|RUCKGELD|GEGEBEN|BETRAG|\bAMOUNT\b|^\W*(CASH|BAR|VISA|"
    r"MASTER\w*|DEBIT|EUR|EURO|RM)\b(?!\s*&)|(?<!\d )(?<!\d)\bEUR\W*$|\bDATE\b|DATUM|"
    r"^\W*BALANCE(\W*(DUE|OWING|B/F|C/F|FORWARD))?\W*$|PAYMENT"
)
_TRAILING = re.compile(rf"\s+(?:{SIGN}\s?)?(?P<price>{AMOUNT})\s*$")
_COUNTED = re.compile(rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})\.?", re.IGNORECASE)
# `PUTTY 1KG @8.50` over or under the figures: the price of one.
_PRICED_NAME = re.compile(rf"^\W*(?P<name>.*[^\W\d]{{2}}.*?)\s*@\s*(?:{SIGN}\s?)?(?:{AMOUNT})\W*$")
_AT_PRICE = re.compile(r"\s*@\s*\d+[.,/][\d.,/]+$")
_TIMES = re.compile(r"\s[*x]\s?(?P<count>\d{1,4})$")  # `FM4290007 *2`
# `BADGE  100 SR  55.00`: the mark of the tax between count and amount
_TAXED_COUNT = re.compile(r"\s(?P<count>\d{1,4})\s(?:SR|ZR|ZRL|ES|OS|TX)$")
_SERVICE_CHARGE = re.compile(r"\bSERV(ICE)?\W{0,2}\s*(CHG|CHARGE|TAX)|BEDIENUNGSGELD")
_LEADING_COUNT = re.compile(r"^\W*(?P<count>\d{1,3})\s*(?:x\s*|\s)(?=\S)", re.I)
_HIGHEST_RATE = 30  # percent


def read_plain_items(rows: Sequence[Row], total: Decimal | None) -> PlainItems:
    """The items between head and sums, in printed order.

    Nothing is repaired: items that do not add up to the total are given as they were read.
    """
    begin = _begin(rows)
    end = _end(rows, begin)
    found = _items(rows[begin:end])
    take_codes(found.items)
    found.rates = _rates(rows[end:])
    if total is not None and found.items:
        close(found, [*found.aside, *rows[end:]], total)
    return found


def goods_of(rows: Sequence[Row]) -> Decimal | None:
    """The sum of the items less their discounts, as they were read; None without items."""
    found = read_plain_items(rows, None)
    if not found.items:
        return None
    cuts = sum((cut.amount for cut in found.cuts), Decimal(0))
    return sum((item.amount for item in found.items), Decimal(0)) - cuts


def _begin(rows: Sequence[Row]) -> int:
    """The row behind the columns' headings, if there are such over the first sum."""
    for place, row in enumerate(rows):
        text = label_text(row.text)
        amount = AMOUNT_LAST.search(plain(row.text))
        if amount is not None and _sums(text):
            return 0
        named = sum(says(row.text, name) for name in _HEADING)
        counts = any(c.isdigit() for c in text)  # `Anzahl Artikel 21`
        if (
            named >= 2
            and amount is None
            and not counts
            and not re.search(r"MWST|NETTO|SUMMARY", text)
        ):
            return place + 1 + _heads_on(rows[place + 1 : place + 2])
    return 0


def _heads_on(rows: Sequence[Row]) -> bool:
    """Whether headings go on in the next row: `QTY  RM  RM  CODE`."""
    words = [word for row in rows for word in re.findall(r"\w+", label_text(row.text))]
    headings = (*_HEADING, "RM", "EUR", "CODE", "TAX", "GST", "NO")
    return bool(words) and all(any(says(word, name) for name in headings) for word in words)


def _end(rows: Sequence[Row], begin: int) -> int:
    """Where sums begin: the first row after an item that names one."""
    seen = False
    for place in range(begin, len(rows)):
        text = label_text(rows[place].text)
        if _sums(text):
            if seen:
                return place
            continue
        seen = seen or figures_of(rows[place]) is not None
    return len(rows)


def _sums(text: str) -> bool:
    if _NO_ITEM.search(text):
        return False
    if SUBTOTAL.search(text) or TAX_PART.search(text) or CHANGE.search(text):
        return True
    if any(pattern.search(text) for _, pattern in LABELS):
        return True
    counts = re.search(r"TOTAL|ITEM(?!\s*(DISC|PROMO))", text)
    return bool(NOT_THE_SUM.search(text) and counts) or bool(
        PAID.search(text) and AMOUNT_LAST.search(plain(text))
    )


def _items(rows: Sequence[Row]) -> PlainItems:
    found = PlainItems()
    pending: list[Row] = []
    below = names_below(rows)
    factors: tuple[Decimal, Decimal, str] | None = None  # of the item that follows
    code: str | None = None
    at: Decimal | None = None  # the price behind the name of the item that follows
    for row, following in itertools.zip_longest(rows, rows[1:]):
        figures = figures_of(row)
        if figures is not None and following is not None and ends_in_figure(figures, following):
            pending.append(row)
            continue
        if (single := PRICE_ALONE.fullmatch(plain(row.text))) is not None:
            if found.items:
                _give_price(found.items[-1], money(single["price"]))
            continue
        alone = factors_alone(row.text)
        if alone is not None and (figures is None or not figures.quantity):
            if not _given_to_last(found, alone):
                factors = alone
            continue
        text = label_text(row.text)
        if TAX_PART.search(text) or ("%" in text and divides(row)):
            pending = []  # a table of taxes, before anything that was sold
            continue
        if figures is None:
            if ROUNDING.search(text):
                found.aside.append(row)
                continue
            bare = re.sub(r"\D", "", text)
            if CODE.fullmatch(text):
                code = bare if gtin_valid(bare) else code
            elif UNITS_ALONE.fullmatch(row.text):
                continue
            elif may_name(text, weak=not pending):
                if below and found.items and not found.items[-1].name:
                    found.items[-1].name = " ".join(row.text.split())
                    found.items[-1].name_row = row
                pending.append(row)
            continue
        if _NO_ITEM.search(text) or _NO_GOODS.search(label_text(figures.name)):
            pending = []
            found.aside.append(row)
            continue
        if _SERVICE_CHARGE.search(text):
            found.aside.append(row)
            continue
        last = found.items[-1] if found.items else None
        if below and last is not None and not last.name and names_it(figures):
            last.name, last.name_row = " ".join(row.text.split()), row
            continue
        if figures.quantity is None and (priced := _PRICED_NAME.search(plain(row.text))):
            if last is not None and _give_price(last, figures.amount):
                if not last.name:
                    last.name, last.name_row = priced["name"], row
            else:
                pending.append(row)
                at = figures.amount
            continue
        if figures.amount < 0 or (CUT_ROW.search(text) and not figures.quantity):
            if not figures.amount:
                continue
            place = len(found.items) - 1 if found.items else None
            if last is not None and figures.mark and last.mark not in ("", figures.mark):
                place = None  # of all goods with that rate
            label = figures.name.strip(" -:")
            found.cuts.append(PlainCut(abs(figures.amount), label, row, place))
            continue
        item = _item(figures, row, pending, below=below)
        if item is None or not item.amount:
            continue
        if item.gtin is None and code is not None:
            item.gtin = code
        if factors is not None and item.price is None and factors[0] * factors[1]:
            _give(item, factors)
        elif at is not None and item.price is None:
            _give_price(item, at)
        at = None
        factors, code, pending = None, None, []
        found.items.append(item)
    return found


def _item(figures: Figures, row: Row, pending: Sequence[Row], *, below: bool) -> PlainItem | None:
    """The item of a row with figures; without a name where it stands `below`."""
    name, name_row = _POSITION.sub("", figures.name).strip(" -:*"), row
    quantity, unit, article = figures.quantity, figures.unit, None
    if quantity is None and (counted := _COUNTED.fullmatch(name)):
        quantity, unit = Decimal(counted["count"].replace(",", ".")), counted["unit"]
        name = ""
    elif quantity is None and (column := _BEHIND_NAME.search(name)):
        quantity, name = Decimal(column["count"]), name[: column.start()]
    elif (
        quantity is None
        and (lead := _LEADING_PRICED.match(name))
        and product(Decimal(lead["count"].replace(",", ".")), money(lead["price"]))
        == figures.amount
    ):
        figures = replace(figures, price=money(lead["price"]), holds=True)
        quantity, name = Decimal(lead["count"].replace(",", ".")), name[lead.end() :]
    elif quantity is None and (lead := _LEADING.match(name)):
        quantity, name = Decimal(lead["count"]), name[lead.end() :]
    elif quantity is None and (times := _TIMES.search(name) or _TAXED_COUNT.search(name)):
        quantity, name = Decimal(times["count"]), name[: times.start()]
    price, holds = figures.price, figures.holds
    if price is None and (last := _TRAILING.search(name)):
        single = money(last["price"])
        lead = _LEADING_COUNT.match(name) if quantity is None else None
        if lead and product(Decimal(lead["count"]), single) == figures.amount:
            # `2 1" ROD  6.00  12.00`: the equation tells that the name begins behind the count
            name, last = name[lead.end() :], None
            quantity, price, holds = Decimal(lead["count"]), single, True
            name = _TRAILING.sub("", name)
        elif product(quantity or Decimal(1), single) == figures.amount:
            name, price, holds = name[: last.start()], single, True
            quantity = quantity or Decimal(1)
    letters = sum(c.isalpha() for c in name)
    if letters <= FEWEST_LETTERS or CODE.fullmatch(name):
        article = name.strip() if CODE.fullmatch(name) else None
        if below:
            name = ""
        elif not pending:
            if not (figures.holds and figures.quantity):
                return None
            name = ""  # its name was not seen, its figures are whole
        else:
            name, name_row = _POSITION.sub("", pending[-1].text), pending[-1]
            name = re.sub(r"\s+(EUR|EURO|RM|€)$", "", name)  # the heading of the amounts
            name = _AT_PRICE.sub("", name)
            lead = _LEADING.match(name)
            times = re.search(r"[x*]\s*$", lead[0], re.IGNORECASE) if lead else None
            if lead and (Decimal(lead["count"]) == quantity or (quantity is None and times)):
                quantity, name = Decimal(lead["count"]), name[lead.end() :]
    name = _MARK_OF_TAX.sub("", name).removesuffix(" @")
    first, _, rest = name.partition(" ")
    if article is None and rest and CODE.fullmatch(first) and first.isdigit():
        article, name = first, rest
    item = PlainItem(" ".join(name.split()), figures.amount, row, name_row, quantity, unit, price)
    item.mark, item.holds = figures.mark, holds
    digits = article or ""
    if digits.isdigit() and len(digits) in (8, 12, 13, 14) and gtin_valid(digits):
        item.gtin, article = digits, None
    item.article = article
    return item


def _given_to_last(found: PlainItems, factors: tuple[Decimal, Decimal, str]) -> bool:
    """Whether quantity × price is the amount of the item above, which gets them."""
    last = found.items[-1] if found.items else None
    if last is None or last.price is not None or product(*factors[:2]) != last.amount:
        return False
    _give(last, factors)
    return True


def _give_price(item: PlainItem, price: Decimal) -> bool:
    """Whether a price of one unit, printed behind `@`, is that of the item."""
    if item.price is not None or product(item.quantity or Decimal(1), price) != item.amount:
        return False
    item.quantity, item.price, item.holds = item.quantity or Decimal(1), price, True
    return True


def _give(item: PlainItem, factors: tuple[Decimal, Decimal, str]) -> None:
    if product(*factors[:2]) == item.amount:
        item.quantity, item.price, item.unit = factors
        item.holds = True


def _rates(rows: Sequence[Row]) -> dict[str, str]:
    """The rates that the foot prints for the marks behind the amounts."""
    rates: dict[str, str] = {}
    for row in rows:
        for hit in _RATE.finditer(folded(plain(row.text))):
            part = (hit["part"] or "").rstrip("0")
            rate = hit["rate"].lstrip("0") or "0"
            if int(rate) > _HIGHEST_RATE:
                continue
            rates.setdefault(hit["mark"], f"{rate}.{part}" if part else rate)
    return rates
