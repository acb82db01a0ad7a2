"""The equations of a purchase document, each as one question about printed numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ocr.reading import DocumentKind, Line, RateTotal, Reading, Value

CENT = Decimal("0.01")
ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_UNTAXED = frozenset({"0", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np", "np I", "np II"})
PRICE_BASES = (Decimal(100), Decimal(1000))  # a price may be for so many units


@dataclass(frozen=True, slots=True)
class Product:
    """How quantity × price gives a line's value: on which side, with a discount or without."""

    side: str  # "net" or "gross"
    discounted: bool = False


def rate_of(text: str) -> Decimal | None:
    """A rate as a share of the net value; 0 for what is not taxed; None where unknown."""
    if text in _UNTAXED:
        return ZERO
    if re.fullmatch(r"\d{1,2}(?:[.,]\d+)?", text):
        return Decimal(text.replace(",", ".")) / _HUNDRED
    return None


def cents(value: Decimal) -> Decimal:
    """Rounded to two decimals, a half away from zero, as Polish law does."""
    return value.quantize(CENT, ROUND_HALF_UP)


def _printed_half(price: Decimal) -> Decimal:
    """Half of the last printed decimal of a price (at least two decimals are meant)."""
    exponent = price.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return Decimal(5).scaleb(-places - 1)


def multiplies(quantity: Decimal, price: Decimal, value: Decimal, discount: Decimal = ZERO) -> bool:
    """quantity × price − discount = value, as far as the printed decimals can tell.

    A price printed with two decimals may stand for a longer one, so that large quantities move the
    value by more than a cent; the slack is bounded by a thousandth of the value.
    """
    full = quantity * price
    slack = min(abs(quantity) * _printed_half(price), abs(value) / 1000) + CENT / 2
    slack = max(slack, CENT / 2)
    targets = [full - discount]
    if discount:
        targets.append(quantity * (price - discount))
    if not discount and price != 0 and abs(quantity) >= 10:
        targets += [full / base for base in PRICE_BASES]
    return any(abs(target - value) <= slack for target in targets)


def product_of(line: Line) -> Product | None:
    """The product that holds in this line, without a discount if it holds without."""
    if line.quantity is None:
        return None
    for side, price, value in (
        ("net", line.unit_price_net, line.line_net),
        ("gross", line.unit_price_gross, line.line_gross),
    ):
        if price is None or value is None:
            continue
        if multiplies(line.quantity.value, price.value, value.value):
            return Product(side)
        if line.discount is not None and multiplies(
            line.quantity.value, price.value, value.value, line.discount.value
        ):
            return Product(side, discounted=True)
    return None


def has_product(line: Line) -> bool:
    """Whether the line prints all that its product needs."""
    net = line.unit_price_net is not None and line.line_net is not None
    gross = line.unit_price_gross is not None and line.line_gross is not None
    return line.quantity is not None and (net or gross)


def taxed(net: Decimal, rate: Decimal, gross: Decimal, slack: Decimal = CENT) -> bool:
    """net × (1 + rate) = gross."""
    return abs(net * (1 + rate) - gross) <= slack


def line_sum(reading: Reading, side: str) -> Decimal | None:
    """Σ of the lines' values less separate discounts; None when a line prints none."""
    total = ZERO
    for line in reading.lines:
        value = line.line_net if side == "net" else line.line_gross
        if value is None:
            return None
        total += -value.value if line.before else value.value
    if not reading.lines:
        return None
    if side == "gross" or reading.kind is not DocumentKind.RECEIPT:
        total -= sum((d.amount.value for d in reading.discounts), ZERO)
    return total


def sum_closes(reading: Reading, side: str) -> bool | None:
    """Whether Σ lines is the document's total on this side; None when that cannot be asked."""
    total = reading.total_net if side == "net" else reading.total_gross
    lines = line_sum(reading, side)
    if total is None or lines is None:
        return None
    return abs(lines - total.value) <= CENT


def header_closes(reading: Reading) -> bool | None:
    """net + VAT = gross, all three printed."""
    net, vat, gross = reading.total_net, reading.total_vat, reading.total_gross
    if net is None or vat is None or gross is None or not (vat.raw or vat.box):
        return None
    return abs(net.value + vat.value - gross.value) <= CENT


def rate_row_holds(row: RateTotal, lines: int) -> bool | None:
    """Whether a row of the tax table is right in itself; None when nothing can be checked.

    Rounding line by line may move the tax by half a cent a line.
    """
    rate = rate_of(row.vat_rate)
    slack = max(CENT, CENT / 2 * lines)
    checks: list[bool] = []
    net, vat, gross = (v.value if v is not None else None for v in (row.net, row.vat, row.gross))
    if net is not None and vat is not None:
        if rate is not None:
            checks.append(abs(net * rate - vat) <= slack)
        if gross is not None:
            checks.append(abs(net + vat - gross) <= CENT)
    elif gross is not None and vat is not None and rate is not None:
        checks.append(abs(gross * rate / (1 + rate) - vat) <= slack)
    return all(checks) if checks else None


def rates_close(reading: Reading) -> bool | None:
    """Whether the tax table holds row by row and adds up to the totals."""
    rows = reading.rate_totals
    if not rows:
        return None
    if any(rate_row_holds(row, len(reading.lines)) is False for row in rows):
        return False
    asked = False
    for column, total in (
        ([r.net for r in rows], reading.total_net),
        ([r.vat for r in rows], reading.total_vat),
        ([r.gross for r in rows], reading.total_gross),
    ):
        if total is None or any(v is None for v in column):
            continue
        asked = True
        if abs(_sum(column) - total.value) > CENT:
            return False
    return True if asked else None


def groups_close(reading: Reading) -> bool | None:
    """Whether the lines of each rate add up to that rate's row of the tax table."""
    if not reading.rate_totals or not reading.lines:
        return None
    for side in ("net", "gross"):
        found = _groups(reading, side)
        if found is not None:
            return found
    return None


def _groups(reading: Reading, side: str) -> bool | None:
    sums: dict[str, Decimal] = {}
    for line in reading.lines:
        value = line.line_net if side == "net" else line.line_gross
        if value is None or line.vat_rate is None:
            return None
        sign = -1 if line.before else 1
        sums[line.vat_rate.value] = sums.get(line.vat_rate.value, ZERO) + sign * value.value
    stated: dict[str, Decimal] = {}
    for row in reading.rate_totals:
        value = row.net if side == "net" else row.gross
        if value is None:
            return None
        stated[row.vat_rate] = stated.get(row.vat_rate, ZERO) + value.value
    slack = CENT * max(1, len(reading.lines) // 4)
    rates = {r for r in sums | stated if sums.get(r, ZERO) or stated.get(r, ZERO)}
    return all(abs(sums.get(r, ZERO) - stated.get(r, ZERO)) <= slack for r in rates)


def single_rate(reading: Reading) -> Decimal | None:
    """The one rate of all lines (and of the tax table, where there is one)."""
    rates = {line.vat_rate.value for line in reading.lines if line.vat_rate is not None}
    rates |= {
        row.vat_rate
        for row in reading.rate_totals
        if row.vat_rate and any(v is not None and v.value for v in (row.net, row.vat, row.gross))
    }
    return rate_of(next(iter(rates))) if len(rates) == 1 else None


def _sum(values: Sequence[Value[Decimal] | None]) -> Decimal:
    return sum((v.value for v in values if v is not None), ZERO)
