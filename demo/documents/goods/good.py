"""One article of the fictitious trade: its names, code, unit and usual price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """`price` is the usual net price of one unit. Brand and family are empty for no-name goods."""

    sku: str  # the manufacturer's own number
    gtin: str
    name: str  # as a catalogue writes it
    short: str  # as a wholesaler abbreviates it
    price: Decimal
    unit: str = "szt."
    brand: str = ""
    family: str = ""
    vat_rate: str = "23"
    pack: int = 1  # usual multiple when bought
    carton_gtin: str = ""
    carton_units: int = 0
