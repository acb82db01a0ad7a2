"""Rows that spell out one rate of tax: `stawka 8%: netto 100,00 VAT 8,00 brutto 108,00`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from ocr import numbers
from ocr.reading import RateTotal
from ocr.rows import Row
from ocr.totals import Amount

_CENT = Decimal("0.01")
_PER_LINE = Decimal("0.1")  # taxes that were rounded line by line
_HUNDRED = Decimal(100)
_SIDES = ("net", "vat", "gross")
_RATE = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d{1,2})?\s?%")
_FEWEST = 2


def parts_by_rate(
    rows: Sequence[Row], amounts: Sequence[Amount]
) -> tuple[list[Amount], list[RateTotal]]:
    """The amounts without those of rows that name a rate and its sums, and these rows' sums.

    Two such rows at least with different rates: a single one says the document's totals.
    """
    found: dict[int, RateTotal] = {}
    for index, told in groupby(sorted(amounts, key=lambda a: a.row), key=lambda a: a.row):
        part = _part(rows[index], list(told))
        if part is not None:
            found[index] = part
    if len({part.vat_rate for part in found.values()}) < max(_FEWEST, len(found)):
        return list(amounts), []
    return [a for a in amounts if a.row not in found], list(found.values())


def _part(row: Row, told: Sequence[Amount]) -> RateTotal | None:
    """The sums of one rate, where net and tax make the gross and the rate makes the tax."""
    by_side = {a.meaning: a.value for a in told}
    said = {(a.meaning, a.value.value) for a in told}
    rates = _RATE.findall(row.text)
    if by_side.keys() != set(_SIDES) or len(said) > len(_SIDES) or len(rates) != 1:
        return None
    rate = numbers.vat_rate(rates[0])
    net, vat, gross = (by_side[side].value for side in _SIDES)
    if rate is None or abs(net + vat - gross) > _CENT:
        return None
    if abs(net * Decimal(rate) / _HUNDRED - vat) > _PER_LINE:
        return None
    return RateTotal(rate, by_side["net"], by_side["vat"], by_side["gross"])
