"""What each kind of table column prints of a line, and what the truth may claim was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from demo.documents import polish
from demo.documents.purchase import Purchase, PurchaseLine, RateSum
from demo.documents.sheet import Column


@dataclass(frozen=True, slots=True)
class Writing:
    """A program's way of writing numbers, dates, rates and tax numbers."""

    money: str = "1 234,56"
    day: str = "iso"
    nip: str = "3-3-2-2"
    places: int | None = None  # decimal places of quantities
    percent: bool = True  # "23%" or "23"
    price_places: int = 2

    def amount(self, value: Decimal | None) -> str:
        return "" if value is None else polish.money(value, self.money)

    def price(self, value: Decimal | None) -> str:
        if value is None or self.price_places == 2:
            return self.amount(value)
        text = f"{value:.{self.price_places}f}"
        return text if self.money == "1234.56" else text.replace(".", ",")

    def count(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        return polish.quantity(value, places=self.places, comma=self.money != "1234.56")

    def rate(self, rate: str | None) -> str:
        if not rate:
            return ""
        return f"{rate}%" if self.percent and rate.isdigit() else rate


def habits(purchase: Purchase, writing: Writing) -> Writing:
    """The program's writing with the seller's own settings for dates and tax numbers."""
    serial = int(purchase.seller.nip[3:9] or "0")
    days = (writing.day, "iso", "dots", writing.day, "dashes")
    numbers = (writing.nip, writing.nip, "none", "3-2-2-3", "PL")
    return replace(writing, day=days[serial % 5], nip=numbers[serial // 5 % 5])


# column kind → fields of a truth line that it shows
SHOWS: dict[str, tuple[str, ...]] = {
    "name": ("description",),
    "name+index": ("description", "article_no"),
    "name+gtin": ("description", "gtin"),
    "index": ("article_no",),
    "gtin": ("gtin",),
    "quantity": ("quantity",),
    "unit": ("unit",),
    "quantity+unit": ("quantity", "unit"),
    "price": ("unit_price_net",),
    "price_gross": ("unit_price_gross",),
    "discount": ("discount_percent",),
    "price_after": ("unit_price_net_after_discount",),
    "rate": ("vat_rate",),
    "net": ("line_net",),
    "vat": ("line_vat",),
    "gross": ("line_gross",),
}


def cell(kind: str, line: PurchaseLine, position: int, writing: Writing) -> str:
    """The printed text of one column for one line."""
    match kind:
        case "lp":
            return str(position)
        case "name":
            return line.name
        case "name+index":
            return f"{line.name}\n{line.index}" if line.index else line.name
        case "name+gtin":
            return f"{line.name}\nEAN: {line.gtin}" if line.gtin else line.name
        case "index":
            return line.index
        case "gtin":
            return line.gtin
        case "pkwiu":
            return line.pkwiu
        case "unit":
            return line.unit
        case "quantity":
            return writing.count(line.quantity)
        case "quantity+unit":
            return f"{writing.count(line.quantity)} {line.unit}".strip()
        case "price" | "price_gross":
            return writing.price(line.unit_price)
        case "price_after":
            return writing.price(line.price_after_discount)
        case "discount":
            if line.discount_percent:
                return f"{polish.quantity(line.discount_percent)}%"
            return ""
        case "rate":
            return writing.rate(line.vat_rate)
        case "net":
            return writing.amount(line.net)
        case "vat":
            return writing.amount(line.vat)
        case "gross":
            return writing.amount(line.gross)
    raise KeyError(kind)


def table_rows(
    lines: Sequence[PurchaseLine], columns: Sequence[Column], writing: Writing, *, start: int = 1
) -> list[list[str]]:
    return [
        [cell(column.kind, line, number, writing) for column in columns]
        for number, line in enumerate(lines, start)
    ]


def fit(columns: Sequence[Column], width: float) -> list[Column]:
    """Widen the first column of width 0 to fill the table."""
    rest = width - sum(c.width for c in columns)
    return [c if c.width else Column(c.kind, c.title, rest, c.align) for c in columns]


def wanted(columns: Sequence[Column], purchase: Purchase) -> list[Column]:
    """Without the discount, code and barcode columns that this purchase would leave empty."""
    empty = set()
    if not any(line.discount_percent for line in purchase.lines):
        empty |= {"discount", "price_after"}
    if not any(line.index for line in purchase.lines):
        empty.add("index")
    if not any(line.gtin for line in purchase.lines):
        empty.add("gtin")
    return [c for c in columns if c.kind not in empty]


def rate_rows(sums: Sequence[RateSum], writing: Writing) -> list[list[str]]:
    return [
        [
            writing.rate(s.rate),
            writing.amount(s.net),
            writing.amount(s.vat),
            writing.amount(s.gross),
        ]
        for s in sums
    ]
