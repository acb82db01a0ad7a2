"""Money is an integer of the smallest unit; `Decimal` only for prices per unit and quantities."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

GROSZ = Decimal("0.01")


def to_grosze(amount: Decimal) -> int:
    """Whole minor units of an amount, half a unit away from zero (the rule of Polish VAT law)."""
    return int(amount.quantize(GROSZ, rounding=ROUND_HALF_UP).scaleb(2))


def to_amount(grosze: int) -> Decimal:
    """The amount in major units with two decimals."""
    return Decimal(grosze).scaleb(-2).quantize(GROSZ)


def half_up(value: Decimal) -> int:
    """The whole number nearest to `value`; a half goes away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
