"""Entries to lines: ambiguous prices and values become net or gross by their sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ocr.entry import Entry
from ocr.equations import PRICE_BASES
from ocr.reading import Line, Proof, Value
from ocr.totals import Totals

_CENT = Decimal("0.01")
_PLAIN = frozenset({"price", "value"})  # with no word of tax in their headings
_NO_TAX = frozenset({"zw", "np", "oo"})
_RATES = (5, 7, 8, 10, 19, 20, 21, 23)
_FEWEST_OF_MANY = 10  # nobody prices fewer units by the hundred


def of_one_state(entries: Sequence[Entry]) -> list[Entry]:
    """Of a correction's rows those that count: differences are left out beside before and after."""
    states = {e.section for e in entries}
    if "before" in states and len(states) > 1 and ("after" in states or "" in states):
        return [e for e in entries if e.section != "difference"]
    if "difference" in states:
        return [e for e in entries if e.section == "difference"]
    return list(entries)


def sides(entries: Sequence[Entry], totals: Totals) -> tuple[str, str, bool]:
    """Whether plain prices and plain values are "net" or "gross" in this document.

    The last is whether totals or headings tell it, rather than the custom of the trade.
    """
    values = [e.numbers["value"].value for e in entries if "value" in e.numbers]
    has_net = any("net" in e.numbers for e in entries)
    has_gross = any("gross" in e.numbers for e in entries)
    value_side = ""
    total = sum(values, Decimal(0))
    nets = ({totals.net.value} if totals.net is not None else set()) | totals.goods
    near_net = any(abs(total - net) <= Decimal("0.05") for net in nets)
    near_gross = totals.gross is not None and abs(total - totals.gross.value) <= Decimal("0.05")
    if near_net != near_gross:
        value_side = "net" if near_net else "gross"
    elif has_net != has_gross:
        value_side = "gross" if has_net else "net"
    elif near_net and near_gross:
        value_side = "net"
    if value_side == "gross" and totals.net is None and all(_untaxed(e) for e in entries):
        value_side = "net"  # who charges no tax prints one sum, which is both
    price_side = ""
    votes = {"net": 0, "gross": 0}
    for entry in entries:
        price = entry.numbers.get("price")
        if price is None or entry.quantity is None:
            continue
        product = price.value * entry.quantity.value
        for meaning, side in (("net", "net"), ("gross", "gross"), ("value", value_side)):
            number = entry.numbers.get(meaning)
            if number is not None and side and abs(product - number.value) <= _CENT * 2:
                votes[side] += 1
    if votes["net"] != votes["gross"]:
        price_side = max(votes, key=lambda side: votes[side])
    known = {m for e in entries for m in e.numbers}
    stated = bool(value_side) or bool(known & {"price_net", "price_gross"})
    told = stated or any(e.section for e in entries)
    if not value_side:
        taxed = "vat" in known or any(e.vat_rate is not None for e in entries)
        value_side = (
            "net" if "price_net" in known or (taxed and "price_gross" not in known) else "gross"
        )
    if value_side == "gross" and votes == {"net": 0, "gross": 0} and _taxed(entries):
        price_side = "net"
    price_side = price_side or ("net" if has_net and not has_gross else value_side)
    return price_side, value_side, told


def _untaxed(entry: Entry) -> bool:
    return entry.vat_rate is not None and entry.vat_rate.value in _NO_TAX


def _taxed(entries: Sequence[Entry]) -> bool:
    """Whether every plain price, with some rate of tax, makes the value of its line."""
    found = [
        (e.quantity.value * e.numbers["price"].value, e.numbers["value"].value)
        for e in entries
        if e.quantity is not None and {"price", "value"} <= e.numbers.keys()
    ]
    return len(found) == len(entries) > 0 and all(
        any(abs(net * (100 + rate) / 100 - gross) <= _CENT for rate in _RATES)
        for net, gross in found
    )


def lines_of(entries: Sequence[Entry], totals: Totals) -> tuple[Line, ...]:
    """The entries as lines, numbered from 1 in document order."""
    price_side, value_side, told = sides(entries, totals)
    if not told:
        for entry in entries:
            for meaning in _PLAIN & entry.numbers.keys():
                # Its product holds on either side of the tax: it proves the figure, not the side.
                entry.numbers[meaning] = replace(entry.numbers[meaning], proof=Proof.GUESSED)
    return tuple(
        _line(entry, position, price_side, value_side)
        for position, entry in enumerate(entries, start=1)
    )


def _line(entry: Entry, position: int, price_side: str, value_side: str) -> Line:
    known = dict(entry.numbers)
    if price := known.pop("price", None):
        known.setdefault(f"price_{price_side}", price)
    if value := known.pop("value", None):
        known.setdefault(value_side, value)
    net, gross, vat = known.get("net"), known.get("gross"), known.get("vat")
    net_price, gross_price = known.get("price_net"), known.get("price_gross")
    after, discount = known.get("price_after"), None
    only_gross = gross is not None and net is None
    if after is not None:
        # Of a catalogue's price and the price after discount, the one that was charged counts.
        of_gross = net_price is None and (gross_price is not None or only_gross)
        net_price, gross_price = (None, after) if of_gross else (after, None)
    elif net_price is None and gross_price is None:
        listed = known.get("list_price")
        net_price, gross_price = (None, listed) if only_gross else (listed, None)
    if after is None:
        discount = _discount(entry, known, net_price or gross_price, net if net_price else gross)
    if entry.quantity is None and (lost := _lost_quantity(known)):
        entry.quantity = lost
    if discount is None:
        net_price = _per_one(net_price, entry.quantity, net)
        gross_price = _per_one(gross_price, entry.quantity, gross)
    return Line(
        position=position,
        description=entry.description,
        quantity=entry.quantity,
        unit=entry.unit,
        unit_price_net=net_price,
        unit_price_gross=gross_price,
        discount=discount,
        line_net=net,
        line_gross=gross,
        vat_rate=entry.vat_rate,
        gtin=entry.gtin,
        article_no=entry.article_no,
        box=entry.box,
        line_vat=vat,
        sale_date=entry.sold,
        before=entry.section == "before",
        printed_number=entry.position,
        row_id=entry.row_id,
    )


def _per_one(
    price: Value[Decimal] | None, quantity: Value[Decimal] | None, value: Value[Decimal] | None
) -> Value[Decimal] | None:
    """The price of one unit where it is printed for a hundred or a thousand; its print stays `raw`.

    Only the line's own value can tell: headings say it in many ways, or not at all.
    """
    if price is None or quantity is None or value is None or not price.value:
        return price
    full = price.value * quantity.value
    if abs(quantity.value) < _FEWEST_OF_MANY or abs(full - value.value) <= 2 * _CENT:
        return price
    if quantity.confidence < 1.0 and re.search(r"\d[.,]\d{3}$", quantity.raw):
        return price  # `20,000` where an engine took other commas for points: twenty, not many
    for base in PRICE_BASES:
        if abs(full / base - value.value) <= _CENT / 2:
            return replace(price, value=price.value / base)
    return price


def _lost_quantity(known: dict[str, Value[Decimal]]) -> Value[Decimal] | None:
    """A figure that an engine missed, where value / price is a whole number: a guess to show."""
    for price, value in (("price_net", "net"), ("price_gross", "gross")):
        if price not in known or value not in known or known[price].value <= 0:
            continue
        if known[value].confidence == 1.0 and known[price].confidence == 1.0:
            return None  # a text layer loses nothing: what is not there was not printed
        count = known[value].value / known[price].value
        whole = count.to_integral_value()
        if 0 < whole < 10_000 and abs(whole * known[price].value - known[value].value) <= _CENT / 2:
            return Value(whole, Proof.GUESSED, 0.0, None, "")
    return None


def _discount(
    entry: Entry,
    known: dict[str, Value[Decimal]],
    price: Value[Decimal] | None,
    value: Value[Decimal] | None,
) -> Value[Decimal] | None:
    """The printed discount as the money that it takes off the line; its print stays in `raw`.

    A percentage says so by its sign or its heading; a bare number is what makes the line hold.
    Half of the programs take it off the value, the others off the price, which they round first.
    """
    discount = known.get("discount")
    if discount is None or discount.value == 0 or price is None or entry.quantity is None:
        return None if discount is None or discount.value == 0 else discount
    full = price.value * entry.quantity.value
    if value is not None and abs(full - value.value) <= _CENT / 2:
        return None  # the price is the one after the discount
    if discount.value < 0 and value is not None and _taken_off(full, discount.value, value.value):
        discount = replace(discount, value=-discount.value)  # `-10%`: printed as what is taken off
    off = (full * discount.value / 100).quantize(_CENT)
    cut = (price.value * (100 - discount.value) / 100).quantize(_CENT, ROUND_HALF_UP)
    by_percent = value is not None and (
        abs(full - off - value.value) <= _CENT * 2 or cut * entry.quantity.value == value.value
    )
    percent = entry.percent_discount
    if not percent and value is not None:
        holds = any(
            abs(target - value.value) <= _CENT
            for target in (full - discount.value, full - discount.value * entry.quantity.value)
        )
        percent = not holds and by_percent
    if not percent:
        return discount
    if value is not None and by_percent:
        off = (full - value.value).quantize(_CENT)
    raw = discount.raw if "%" in discount.raw else f"{discount.raw}%"
    return replace(discount, value=off, raw=raw)


def _taken_off(full: Decimal, discount: Decimal, value: Decimal) -> bool:
    """Whether the minus of a discount says that the line is worth less, as its column says too."""
    return abs(value) < abs(full) and abs(full - discount - value) > _CENT


def join_codes(lines: Sequence[Line], entries: Sequence[Entry]) -> tuple[Line, ...]:
    """Lines with the codes of a second table: by position number if it tells, else by order."""
    by_number: dict[str, Entry] = {}
    for entry in entries:
        by_number.setdefault(_plain(entry.position), entry)
    one_to_one = len(by_number) == len(entries) == len(lines)
    joined: list[Line] = []
    for index, line in enumerate(lines):
        found = by_number.get(str(line.position)) if one_to_one else None
        if found is None and len(entries) == len(lines):
            found = entries[index]
        if found is None:
            joined.append(line)
            continue
        joined.append(
            replace(
                line,
                gtin=line.gtin or found.gtin,
                article_no=line.article_no or found.article_no,
                sale_date=line.sale_date or found.sold,
                row_id=line.row_id or found.row_id,
                before=line.before or found.section == "before",
            )
        )
    return tuple(joined)


def _plain(position: str) -> str:
    return re.sub(r"\D", "", position).lstrip("0")
