"""What both printed forms of an e-invoice say: titles, rates in words, columns, roles."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from demo.documents import polish
from demo.documents.ksef.rows import decimal_text
from demo.documents.purchase import Encoding, InvoiceType, Purchase, PurchaseLine

TITLES = {
    InvoiceType.VAT: "Faktura podstawowa",
    InvoiceType.SIMPLIFIED: "Faktura uproszczona",
    InvoiceType.ADVANCE: "Faktura zaliczkowa",
    InvoiceType.FINAL: "Faktura rozliczeniowa",
    InvoiceType.CORRECTION: "Faktura korygująca",
    InvoiceType.ADVANCE_CORRECTION: "Faktura korygująca fakturę zaliczkową",
    InvoiceType.FINAL_CORRECTION: "Faktura korygująca fakturę rozliczeniową",
}
RATES = {
    "23": "23% lub 22%", "8": "8% lub 7%", "5": "5%", "0": "0%", "0 KR": "0%", "0 WDT": "0%",
    "0 EX": "0%", "zw": "zwolnione od podatku", "oo": "odwrotne obciążenie",
    "np I": "niepodlegające opodatkowaniu", "np II": "niepodlegające opodatkowaniu",
}  # fmt: skip
ROLES = {
    1: "Faktor", 2: "Odbiorca", 3: "Podmiot pierwotny", 4: "Dodatkowy nabywca",
    5: "Wystawca faktury", 6: "Dokonujący płatności", 11: "Pracownik",
}  # fmt: skip
EFFECTS = {
    1: "Korekta skutkująca w dacie ujęcia faktury pierwotnej",
    2: "Korekta skutkująca w dacie wystawienia faktury korygującej",
    3: "Korekta skutkująca w dacie innej",
}
COLLECTIVE = (Encoding.COLLECTIVE, Encoding.COLLECTIVE_WITH_ROW)


def title(purchase: Purchase) -> str:
    """The kind of invoice as the print-out names it."""
    correction = purchase.correction
    if correction is not None and correction.encoding in COLLECTIVE:
        return "Faktura korygująca zbiorcza (rabat)"
    return TITLES[purchase.type]


def total_line(purchase: Purchase, amount: str) -> str:
    """The sentence with the amount due."""
    label = "Kwota należności ogółem"
    if purchase.type.corrects:
        label = "Korekta kwoty należności ogółem"
    elif purchase.type is InvoiceType.FINAL:
        label = "Kwota pozostała do zapłaty"
    elif purchase.type is InvoiceType.ADVANCE:
        label = "Otrzymana kwota zapłaty (zaliczki)"
    return f"{label}: {amount} {purchase.currency}"


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column of positions: its kind, heading, alignment, and whether it may move away."""

    kind: str
    title: str
    align: str = "L"
    movable: bool = False


COLUMNS = (
    PrintedColumn("lp", "Lp."),
    PrintedColumn("uu_id", "Unikalny numer wiersza"),
    PrintedColumn("name", "Nazwa towaru lub usługi"),
    PrintedColumn("price", "Cena jedn. netto", "R"),
    PrintedColumn("price_gross", "Cena jedn. brutto", "R"),
    PrintedColumn("quantity", "Ilość", "R"),
    PrintedColumn("unit", "Miara"),
    PrintedColumn("discount", "Rabat", "R"),
    PrintedColumn("rate", "Stawka podatku"),
    PrintedColumn("net", "Wartość sprzedaży netto", "R"),
    PrintedColumn("gross", "Wartość sprzedaży brutto", "R"),
    PrintedColumn("before", "Stan przed"),
    PrintedColumn("gtin", "GTIN", "L", True),
    PrintedColumn("pkwiu", "PKWiU", "L", True),
    PrintedColumn("delivered", "Data dostawy / wykonania", "L", True),
    PrintedColumn("index", "Indeks", "L", True),
)
# The first table takes this many columns; beyond it the movable ones get a table of their own.
FIRST_TABLE = 9


def text_of(kind: str, line: PurchaseLine, position: int) -> str:
    """One cell of the positions table."""
    match kind:
        case "lp":
            return str(line.number or position)
        case "uu_id":
            return line.uu_id
        case "name":
            return line.name
        case "price":
            return "" if line.gross_priced else _price(line.unit_price)
        case "price_gross":
            return _price(line.unit_price) if line.gross_priced else ""
        case "quantity":
            return "" if line.quantity is None else polish.quantity(line.quantity)
        case "unit":
            return line.unit if line.quantity is not None else ""
        case "discount":
            if line.discount_percent and line.unit_price is not None:
                after = line.price_after_discount or Decimal(0)
                return _price(line.unit_price - after)
            return _price(line.discount_amount) if line.discount_amount else ""
        case "rate":
            rate = line.vat_rate or ""
            return f"{rate}%" if rate.isdigit() else rate
        case "net":
            return "" if line.gross_priced or line.value is None else polish.money(line.value)
        case "gross":
            shown = line.gross_priced and line.value is not None
            return polish.money(line.value or Decimal(0)) if shown else ""
        case "before":
            return "Tak" if line.before else ""
        case "gtin":
            return line.gtin
        case "pkwiu":
            return line.pkwiu
        case "delivered":
            return polish.day(line.delivered_on, "dots") if line.delivered_on else ""
        case "index":
            return line.index
    raise KeyError(kind)


def _price(value: Decimal | None) -> str:
    """Two decimals, more only where the price has them."""
    if value is None:
        return ""
    if value == value.quantize(Decimal("0.01")):
        return polish.money(value)
    return decimal_text(value).replace(".", ",")


def column_sets(purchase: Purchase) -> tuple[list[PrintedColumn], list[PrintedColumn]]:
    """Columns of the first table, and of the second keyed by `Lp.` (empty when not needed)."""
    used = [
        column
        for column in COLUMNS
        if any(text_of(column.kind, line, 1) for line in purchase.lines)
    ]
    if len(used) <= FIRST_TABLE:
        return used, []
    first = [c for c in used if not c.movable]
    moved = [c for c in used if c.movable]
    return first, [COLUMNS[0], *moved] if moved else []
