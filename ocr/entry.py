"""One item of a line table, before it is known whether its prices are net or gross."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ocr.reading import Box, Value


@dataclass(slots=True)
class Entry:
    """What one item of a table says; `price` and `value` are not yet known to be net or gross."""

    position: str = ""
    description: Value[str] | None = None
    quantity: Value[Decimal] | None = None
    unit: Value[str] | None = None
    numbers: dict[str, Value[Decimal]] = field(default_factory=dict)
    percent_discount: bool = False
    vat_rate: Value[str] | None = None
    gtin: Value[str] | None = None
    article_no: Value[str] | None = None
    rate_box: Box | None = None
    rate_code: str = ""  # a letter that the document explains elsewhere
    section: str = ""
    row_id: str = ""
    sold: Value[date] | None = None
    box: Box | None = None
