"""Items of slips without a fiscal memory: names, quantities, prices, discounts, and their sum."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ocr.identifiers import gtin_valid
from ocr.receipt_names import take_codes
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
    SUBTOTAL,
    TAX_PART,
    label_text,
)
from ocr.receipt_rows import Row
from ocr.receipt_tail import product
from ocr.receipt_text import AMOUNT, folded, money, plain, says

_LEADING = re.compile(
    r"^\W*(?P<count>\d{1,3})\s*(?:x\s*|\s)(?=(?:\d{6,14}\s+)?\S*[^\W\d_]{2})", re.I
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
_CODE = re.compile(
    r"\W*(?:(?=[\w-]*\d{4})[\w-]{5,20}|(?=(?:[^\d\s]*\d){4})[A-Z]{0,3}\d+(?:[-/]\d+)+)\W*"
)
_RATE = re.compile(
    r"(?<![\w.,])\(?(?P<mark>[A-Z]{1,3}\d?|\d(?=[\s=:)]))\)?\s*[=:@(-]*\s*(?P<rate>\d{1,2})(?:[.,](?P<part>\d{1,2}))?\s?%"
)
_HEADING = ("QTY", "ITEM", "ITEMS", "DESCRIPTION", "PRICE", "AMOUNT", "AMT", "UNIT", "DISC",
            "ARTIKEL", "MENGE", "PREIS", "BETRAG", "BEZEICHNUNG", "ANZAHL", "TOTAL")  # fmt: skip
_CUT = re.compile(r"\b(RABATT|NACHLASS|DISC|DISCOUNT|LESS|COUPON|GUTSCHEIN|VOUCHER|PROMO\w*)\b")
_ROUNDING = re.compile(r"ROUND|RND\b|RUNDUNG")
_SERVICE = re.compile(r"\bSERV\w*\s*(CHG|CHARGE|TAX)?|\bSVC\b|BEDIENUNG")
_DELIVERY = re.compile(
    r"\b(DELIVER\w*|SHIPPING|SHIPMENT|POSTAGE|FREIGHT|CARRIAGE|TRANSPORT\w*|HANDLING|PACKAGING|"
    r"VERSAND\w*|LIEFER\w*|ZUSTELL\w*|FRACHT|PORTO)\b"
)
_TAX = re.compile(r"\b(GST|SST|VAT|TAX|G5T|GS7)\b")
_NO_ITEM = re.compile(
    r"\b(TEL|FAX|PHONE|INVOICE NO|BILL NO|TABLE|CASHIER|KASSE|BEDIENER|BON|FILIALE|KARTE)\b|"
    r"@[A-Z]|WWW"
)
# What is printed with an amount but is nothing that was bought.
_NO_GOODS = re.compile(
    r"[TLI][O0]TA[LI1]|\bSALES\b|SUMME|\bSUM\b|\bG[S5]T\b|\bSST\b|\bTAX\b|MWST|STEUER|NETTO|BRUTTO|"
    r"\bR[OQ0NU]{1,2}ND(I|\b.*\bA[MD])|X{4}|RECEIPT|INVOICE|CHANGE|RUCKGELD|GEGEBEN|BETRAG|\bAMOUNT\b|^\W*(CASH|BAR|VISA|"
    r"MASTER\w*|DEBIT|EUR|EURO|RM)\b(?!\s*&)|(?<!\d )(?<!\d)\bEUR\W*$|\bDATE\b|DATUM|"
    r"BALANCE|PAYMENT"
)
_TRAILING = re.compile(rf"\s+(?:{SIGN}\s?)?(?P<price>{AMOUNT})\s*$")
_MOST_AHEAD = 2  # rows over the first item that may look like one
_HEADED = re.compile(
    r"\b(TEL|TE1|FAX|PHONE|DATE|TIME|DATUM|INVOICE|RECEIPT|GST|TAX)\b|(?<!\d)\d{5}\s[A-Z]{3}|:"
)
_UNITS_ALONE = re.compile(r"(?:kg|eur|euro|rm|stk|stück|price|preis|[€/()\s])+", re.IGNORECASE)
_COUNTED = re.compile(rf"(?P<count>{COUNT})\s*(?P<unit>{UNIT})\.?", re.IGNORECASE)
_HIGHEST_RATE = 30  # percent


@dataclass(slots=True)
class PlainItem:
    """One item as printed; `holds` tells whether quantity × price is the amount."""

    name: str
    amount: Decimal
    row: Row
    name_row: Row
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    mark: str = ""
    holds: bool = False
    gtin: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class PlainCut:
    """A discount or, where negative, a charge; `item` is the item it follows, None for all."""

    amount: Decimal
    label: str
    row: Row
    item: int | None = None


@dataclass(slots=True)
class PlainItems:
    """What was bought; `closes` tells whether it adds up to the total, `net` without the tax."""

    items: list[PlainItem] = field(default_factory=list)
    cuts: list[PlainCut] = field(default_factory=list)
    rates: dict[str, str] = field(default_factory=dict)  # per mark, in percent
    closes: bool = False
    net: bool = False
    tax: Decimal | None = None


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
        _close(found, rows[end:], total)
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
            return place + 1
    return 0


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
    return bool(NOT_THE_SUM.search(text) and re.search(r"TOTAL|ITEM", text)) or bool(
        PAID.search(text) and AMOUNT_LAST.search(plain(text))
    )


def _items(rows: Sequence[Row]) -> PlainItems:
    found = PlainItems()
    pending: list[Row] = []
    below = _names_below(rows)
    factors: tuple[Decimal, Decimal, str] | None = None  # of the item that follows
    code: str | None = None
    for row in rows:
        figures = figures_of(row)
        alone = factors_alone(row.text)
        if alone is not None and (figures is None or not figures.quantity):
            if not _given_to_last(found, alone):
                factors = alone
            continue
        text = label_text(row.text)
        if figures is None:
            bare = re.sub(r"\D", "", text)
            if _CODE.fullmatch(text):
                code = bare if gtin_valid(bare) else code
            elif _UNITS_ALONE.fullmatch(row.text):
                continue
            elif sum(c.isalpha() for c in text) > FEWEST_LETTERS:
                if below and found.items and not found.items[-1].name:
                    found.items[-1].name = " ".join(row.text.split())
                    found.items[-1].name_row = row
                pending.append(row)
            continue
        if _NO_ITEM.search(text) or _NO_GOODS.search(label_text(figures.name)):
            pending = []
            continue
        if figures.amount < 0 or (_CUT.search(text) and not figures.quantity):
            if not figures.amount:
                continue
            place = len(found.items) - 1 if found.items else None
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
        factors, code, pending = None, None, []
        found.items.append(item)
    return found


def _names_below(rows: Sequence[Row]) -> bool:
    """Whether figures stand over the names: the first row with figures has none, nor the last."""
    last = figures_of(rows[-1]) if rows else None
    if last is not None and sum(c.isalpha() for c in last.name) <= FEWEST_LETTERS:
        return False
    headed = True
    for row in rows:
        figures = figures_of(row)
        if figures is not None and headed:
            letters = sum(c.isalpha() for c in figures.name)
            return letters <= FEWEST_LETTERS or _CODE.fullmatch(figures.name) is not None
        if figures is not None:
            return False
        headed = _HEADED.search(folded(row.text)) is not None
    return False


def _item(figures: Figures, row: Row, pending: Sequence[Row], *, below: bool) -> PlainItem | None:
    """The item of a row with figures; without a name where it stands `below`."""
    name, name_row = _POSITION.sub("", figures.name).strip(" -:"), row
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
    price, holds = figures.price, figures.holds
    if price is None and (last := _TRAILING.search(name)):
        single = money(last["price"])
        if product(quantity or Decimal(1), single) == figures.amount:
            name, price, holds = name[: last.start()], single, True
            quantity = quantity or Decimal(1)
    letters = sum(c.isalpha() for c in name)
    if letters <= FEWEST_LETTERS or _CODE.fullmatch(name):
        article = name.strip() if _CODE.fullmatch(name) else None
        if below:
            name = ""
        elif not pending:
            return None
        else:
            name, name_row = _POSITION.sub("", pending[-1].text), pending[-1]
            name = re.sub(r"\s+(EUR|EURO|RM|€)$", "", name)  # the heading of the amounts
    name = _MARK_OF_TAX.sub("", name)
    first, _, rest = name.partition(" ")
    if article is None and rest and _CODE.fullmatch(first) and first.isdigit():
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


def _adjustments(rows: Sequence[Row]) -> Iterator[tuple[str, Decimal, Row]]:
    """What the foot adds to the items or takes off: roundings, service, tax, discounts."""
    for row in rows:
        figures = figures_of(row)
        text = folded(row.text)
        if figures is None or not figures.amount:
            continue
        if _ROUNDING.search(text):
            if abs(figures.amount) < Decimal("0.1"):
                yield "rounding", figures.amount, row
                if figures.amount > 0:  # the sign is small and easily lost
                    yield "rounding", -figures.amount, row
        elif _CUT.search(text):
            yield "cut", -abs(figures.amount), row
        elif _SERVICE.search(text):
            yield "service", figures.amount, row
        elif _DELIVERY.search(text) and figures.amount > 0:
            yield "delivery", figures.amount, row
        elif _TAX.search(text) and figures.amount > 0:
            yield "tax", figures.amount, row


def _close(found: PlainItems, foot: Sequence[Row], total: Decimal) -> None:
    """Finds what the slip adds between the items and its total, and takes it over where one fits.

    Rows over the first item and under the last one may look like items: those that are too many
    are left out where the others give the total. Fewer additions are likelier; of each sort the
    slip makes one.
    """
    options = list(_adjustments(foot))[:10]
    count = len(found.items)
    for left_out in range(count):
        for ahead in range(min(left_out, _MOST_AHEAD) + 1):
            chosen = found.items[ahead : count - left_out + ahead]
            cuts = [
                replace(cut, item=cut.item - ahead)
                for cut in found.cuts
                if cut.item is not None and ahead <= cut.item < ahead + len(chosen)
            ]
            summed = sum((i.amount for i in chosen), Decimal(0)) - sum(c.amount for c in cuts)
            added = _added(options, total - summed, most=3 if not left_out else 1)
            if added is not None:
                found.items, found.cuts, found.closes = chosen, cuts, True
                _take_over(found, added)
                return


def _added(
    options: Sequence[tuple[str, Decimal, Row]], missing: Decimal, *, most: int
) -> tuple[tuple[str, Decimal, Row], ...] | None:
    """The fewest additions that make up what is missing."""
    for count in range(most + 1):
        for chosen in itertools.combinations(options, count):
            sorts = {sort for sort, _, _ in chosen}
            if len(sorts) == count and sum(amount for _, amount, _ in chosen) == missing:
                return chosen
    return None


def _take_over(found: PlainItems, added: Sequence[tuple[str, Decimal, Row]]) -> None:
    for sort, amount, row in added:
        if sort == "tax":
            found.net = True
            found.tax = amount if len(added) == 1 else None
        else:
            label = figures.name if (figures := figures_of(row)) else row.text
            found.cuts.append(PlainCut(-amount, label.strip(" -:"), row))
