"""One row of a purchase and the arithmetic of its price, discount and tax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# The letter that tills print for each rate today.
RATE_LETTERS = {"23": "A", "8": "B", "5": "C", "0": "D", "zw": "E"}


def cents(value: Decimal) -> Decimal:
    """Rounded to two places, halves away from zero, as Polish programs round."""
    return value.quantize(CENT, ROUND_HALF_UP)


def rate_percent(rate: str | None) -> Decimal:
    """The number behind a VAT rate; exempt and reverse-charge rates give nought."""
    head = (rate or "").split(" ")[0]
    return Decimal(head) if head.isdigit() else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseLine:
    """One row. `unit_price` is before the discount; net, or gross when `gross_priced`.

    `discount_percent` lowers the unit price, `discount_amount` the value of the whole line: both
    habits exist. A missing quantity, price or rate is None and stays unprinted.
    """

    name: str
    quantity: Decimal | None
    unit: str = "szt."
    unit_price: Decimal | None = None
    vat_rate: str | None = "23"
    gross_priced: bool = False
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    index: str = ""
    gtin: str = ""
    uu_id: str = ""
    pkwiu: str = ""
    delivered_on: date | None = None
    before: bool = False  # StanPrzed: the state before a correction
    number: int | None = None  # NrWierszaFa; by position when None
    stated_value: Decimal | None = None  # value of a row that states no quantity or price
    sku: str = ""  # which article of the catalogue this is; never printed

    @property
    def price_after_discount(self) -> Decimal | None:
        if self.unit_price is None or not self.discount_percent:
            return self.unit_price
        return cents(self.unit_price * (1 - self.discount_percent / 100))

    @property
    def value(self) -> Decimal | None:
        """Line value in the line's own pricing, after discounts; None for descriptive rows."""
        price = self.price_after_discount
        if self.stated_value is not None or self.quantity is None or price is None:
            return self.stated_value
        return cents(self.quantity * price) - self.discount_amount

    @property
    def net(self) -> Decimal | None:
        value = self.value
        if value is None or not self.gross_priced:
            return value
        return value - tax_within(value, self.vat_rate)

    @property
    def gross(self) -> Decimal | None:
        value = self.value
        if value is None or self.gross_priced:
            return value
        return value + cents(value * rate_percent(self.vat_rate) / 100)

    @property
    def vat(self) -> Decimal | None:
        if self.net is None or self.gross is None:
            return None
        return self.gross - self.net


def tax_within(gross: Decimal, rate: str | None) -> Decimal:
    """VAT contained in a gross amount: g · r / (100 + r), to the cent."""
    percent = rate_percent(rate)
    return cents(gross * percent / (100 + percent))
