"""What so many of a line's units cost on the document, and what a corrected quantity makes of it.

Amounts are in zł: a document in another currency says no value, until a person types it. Pure.
"""

from __future__ import annotations

from decimal import Decimal

# Prices are printed in grosze; a value may differ from price × quantity by their rounding.
_ROUNDING = Decimal("0.005")
_GROSZ = Decimal("0.01")
OWN_CURRENCY = frozenset({"", "PLN", "ZŁ", "ZL"})


def in_own_currency(currency: str | None) -> bool:
    """Whether a document's amounts are in the programme's currency; unprinted ones are."""
    return (currency or "").strip().upper() in OWN_CURRENCY


def worth(
    units: Decimal,
    *,
    quantity: Decimal | None,
    factor: Decimal,
    net: Decimal | None,
    unit_price: Decimal | None,
) -> Decimal | None:
    """What so many of the product's units cost: their share of the line's value, else by its price.

    `quantity` and `unit_price` are of printed units, of which each holds `factor` of the product's.
    `None` when neither was read.
    """
    shown = (quantity or Decimal(0)) * factor
    if net is not None and shown:
        return net * units / shown
    if unit_price is not None and factor:
        return unit_price * units / factor
    return None


def restated(
    *, net: Decimal, unit_price: Decimal | None, was: Decimal, now: Decimal
) -> Decimal | None:
    """A line's value after its quantity was corrected; `None` when nothing on the line says it.

    The value goes with the quantity where the price confirms what was read; it stays where the
    price confirms the new quantity: then the reader took one number for another.
    """
    if unit_price is None:
        return None
    if _confirms(unit_price, was, net):
        return net * now / was
    return net if _confirms(unit_price, now, net) else None


def _confirms(price: Decimal, quantity: Decimal, net: Decimal) -> bool:
    return abs(price * quantity - net) <= quantity * _ROUNDING + _GROSZ
