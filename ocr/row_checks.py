"""Checks the rows of a structured invoice for what a claim needs and for sums that do not hold."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ocr import identifiers
from ocr.reading import Line, Severity
from ocr.xml_values import Values

_CENT = Decimal("0.01")


def plausibility(rows: Iterable[Line], values: Values) -> None:
    """Note rows that lack a quantity or a value, or whose product differs under every reading.

    `P_10` is a discount per unit with some issuers and of the whole line with others, so a row is
    only called odd when neither reading gives its value.
    """
    for row in rows:
        value, price = row.line_net or row.line_gross, row.unit_price_net or row.unit_price_gross
        if row.quantity is None:
            values.note("line-without-quantity", line=row.position)
        if value is None:
            values.note("line-without-value", line=row.position)
        if row.gtin is not None and not identifiers.gtin_valid(row.gtin.value):
            values.note("gtin-checksum", Severity.INFO, line=row.position, value=row.gtin.value)
        if row.quantity is None or value is None or price is None:
            continue
        if (row.line_net is None) != (row.unit_price_net is None):
            continue  # a net price beside a gross value: nothing to compare
        discount = row.discount.value if row.discount else Decimal(0)
        quantity = row.quantity.value
        plain, per_unit = quantity * price.value - discount, quantity * (price.value - discount)
        off = min(abs(plain - value.value), abs(per_unit - value.value))
        if off > abs(quantity) * _half_of_last_digit(price.value) + _CENT:
            values.note(
                "line-product-mismatch", Severity.INFO, line=row.position, value=value.value
            )


def _half_of_last_digit(price: Decimal) -> Decimal:
    """By how much a printed price may differ from the one that was multiplied."""
    exponent = price.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return Decimal(5).scaleb(-decimals - 1)


def line_sum(rows: Iterable[Line], stated: Decimal | None, values: Values) -> None:
    """Note when the rows do not add up to the stated sum of rows."""
    nets = [row.line_net.value for row in rows if row.line_net]
    if stated is not None and nets and abs(sum(nets, Decimal(0)) - stated) > _CENT:
        values.note("line-sum-mismatch", lines=sum(nets, Decimal(0)), stated=stated)
