"""What a slip without a fiscal memory prints of a sale, before it is proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ocr.receipt_rows import Row


@dataclass(slots=True)
class PlainItem:
    """One item as printed; `holds` tells whether quantity × price is the amount."""

    name: str
    amount: Decimal
    row: Row
    name_row: Row
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    mark: str = ""
    holds: bool = False
    gtin: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class PlainCut:
    """A discount or, where negative, a charge; `item` is the item it follows, None for all."""

    amount: Decimal
    label: str
    row: Row
    item: int | None = None


@dataclass(slots=True)
class PlainItems:
    """What was bought; `closes` tells whether it adds up to the total, `net` without the tax."""

    items: list[PlainItem] = field(default_factory=list)
    cuts: list[PlainCut] = field(default_factory=list)
    rates: dict[str, str] = field(default_factory=dict)  # per mark, in percent
    closes: bool = False
    net: bool = False
    tax: Decimal | None = None
    aside: list[Row] = field(default_factory=list)  # amounts among the items that are no goods
