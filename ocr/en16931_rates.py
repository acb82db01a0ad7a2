"""Compares the tax table of an EN 16931 invoice with its own rates and with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ocr.reading import Discount, Line, Reading
from ocr.xml_source import decimal_in
from ocr.xml_values import Values

_CENT = Decimal("0.01")

Charges = Sequence[tuple[str, Decimal]]  # freight, packing: the rate ("" unknown) and what is added


def compare(reading: Reading, charges: Charges, values: Values) -> None:
    """Note rates whose tax is not their rate of the net, or whose net the rows do not make.

    A correction says otherwise what it changes: left out.
    """
    if reading.correction is not None:
        return
    for rate in reading.rate_totals:
        percent = decimal_in(rate.vat_rate)
        if rate.net and rate.vat and percent is not None:
            tax = rate.net.value * percent / 100
            # Rounded row by row: half a cent each, and some programs round up every time.
            if abs(tax - rate.vat.value) > _CENT * max(5, len(reading.lines)):
                values.note("rate-tax-mismatch", rate=rate.vat_rate)
    found = _by_rate(reading.lines, reading.discounts, charges)
    stated: defaultdict[str, Decimal] = defaultdict(Decimal)
    for rate in reading.rate_totals:
        if rate.net is None or not rate.vat_rate:
            return
        stated[rate.vat_rate] += rate.net.value
    if not found or not stated:
        return
    moved = bool(reading.discounts or charges)
    if moved and abs(_sum(found) - _sum(stated)) > _CENT:
        return  # issuers differ in the sign of what is taken off
    for name in sorted(found.keys() | stated.keys()):
        lines, net = found.get(name, Decimal(0)), stated.get(name, Decimal(0))
        if abs(lines - net) > _CENT:
            values.note("rate-sum-mismatch", rate=name, lines=lines, stated=net)


def _by_rate(
    rows: Sequence[Line], discounts: Sequence[Discount], charges: Charges
) -> dict[str, Decimal]:
    """The net of each rate by rows, allowances and charges; empty where one does not tell it."""
    parts: list[tuple[str, Decimal | None]] = [
        (row.vat_rate.value if row.vat_rate else "", row.line_net.value if row.line_net else None)
        for row in rows
    ]
    parts += [(one.vat_rate or "", -one.amount.value) for one in discounts]
    parts += charges
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for rate, amount in parts:
        if not rate or amount is None:
            return {}
        sums[rate] += amount
    return dict(sums) if rows else {}


def _sum(by_rate: Mapping[str, Decimal]) -> Decimal:
    return sum(by_rate.values(), Decimal(0))
