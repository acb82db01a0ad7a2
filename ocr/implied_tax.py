"""A tax that no figure states: what a net and a gross total leave between them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

_SLACK = Decimal("0.05")  # taxes that were rounded line by line
_HUNDRED = Decimal(100)
# The rates that states of Europe have, in percent.
_STATES = tuple(
    map(
        Decimal,
        ("2.1", "2.5", "2.6", "3.8", "4.8", "5.5", "6.5", "7.7", "8.1", "9.5", "13.5", "25.5"),
    )
) + tuple(map(Decimal, (3, 4, 5, 6, 7, 8, 9, *range(10, 26), 27)))


def plausible(net: Decimal, gross: Decimal, rates: Collection[Decimal] = ()) -> bool:
    """Whether gross − net can be the tax at the document's rates (in percent).

    Of several printed rates any mixture may be meant; where none is printed, one that a state has.
    """
    tax = gross - net
    if tax == 0:
        return True
    if net == 0 or (tax > 0) != (net > 0):
        return False
    if len(set(rates)) > 1:
        low, high = min(rates), max(rates)
        bounds = abs(net) * low / _HUNDRED - _SLACK, abs(net) * high / _HUNDRED + _SLACK
        return bounds[0] <= abs(tax) <= bounds[1]
    return any(
        abs(net * rate / _HUNDRED - tax) <= _SLACK
        for rate in (set(rates) - {Decimal(0)} or _STATES)
    )
