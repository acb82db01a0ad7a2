"""Layout "warunki": a large firm's form with the discount and the net value under each item."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, wanted
from demo.documents.line import cents
from demo.documents.purchase import Purchase, PurchaseLine
from demo.documents.sheet import Column, Sheet

WRITING = Writing(money="1 234,56", day="dots", nip="PL", places=3)
SIZE, STEP = 8.5, 4.1
COLUMNS = (
    Column("lp", "Poz.", 16, "L"),
    Column("index", "Materiał", 38, "L"),
    Column("name", "Opis", 0, "L"),
    Column("quantity", "Ilość", 28),
    Column("unit", "JM", 14, "L"),
    Column("price", "Cena", 30),
    Column("rate", "", 0),
    Column("net", "Wartość", 0),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        s.text(s.right, s.height - 11, f"Strona {s.pages} z {pages}", size=7, align="R")

    sheet.on_new_page = foot
    foot(sheet)
    _document(sheet, purchase, writing)
    seller = blocks.party_lines(purchase.seller, writing)
    y = blocks.draw_party(sheet, sheet.margin, sheet.y, 95, "Sprzedawca", seller, size=8.5)
    buyer = blocks.party_lines(purchase.buyer, writing)
    y = blocks.draw_party(sheet, sheet.margin, y + 6, 95, "Nabywca", buyer, size=8.5)
    sheet.y = max(y, sheet.y + 44) + 5
    _head(sheet)
    for number, line in enumerate(purchase.lines, 1):
        _item(sheet, purchase, line, number, writing)
    _sums(sheet, purchase, writing)


def _document(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    """Number and dates at the right, a label over its value."""
    x, y = sheet.margin + sheet.inner * 0.6, sheet.y
    sold = purchase.sold_on or purchase.issued_on
    facts = [
        (blocks.title(purchase), purchase.number),
        ("Data wystawienia", polish.day(purchase.issued_on, writing.day)),
        ("Data sprzedaży", polish.day(sold, writing.day)),
        ("Warunki płatności", purchase.payment),
    ]
    if purchase.marks:
        facts.append((" / ".join(purchase.marks), ""))
    for label, value in facts:
        sheet.text(x, y, label, size=7.5)
        sheet.text(x, y + 3.6, value, size=9, style="B")
        y += 9


def _head(sheet: Sheet) -> None:
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y)
    sheet.y += 1
    _figures(sheet, "Poz.", "Materiał", "Ilość", "JM", "Cena", "Wartość")
    sheet.text(sheet.margin + 16, sheet.y, "Opis", size=SIZE)
    sheet.y += STEP + 0.5
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y)
    sheet.y += 1


def _figures(
    sheet: Sheet, number: str, index: str, count: str, unit: str, price: str, value: str
) -> None:
    left = sheet.margin
    sheet.text(left, sheet.y, number, size=SIZE)
    sheet.text(left + 16, sheet.y, index, size=SIZE)
    sheet.text(left + 92, sheet.y, count, size=SIZE, align="R")
    sheet.text(left + 96, sheet.y, unit, size=SIZE)
    sheet.text(left + 142, sheet.y, price, size=SIZE, align="R")
    sheet.text(sheet.right, sheet.y, value, size=SIZE, align="R")
    sheet.y += STEP


def _item(
    sheet: Sheet, purchase: Purchase, line: PurchaseLine, number: int, writing: Writing
) -> None:
    """The figures before discount, the name, the discount, and the value after it."""
    names = sheet.wrap(line.name, 100, SIZE)
    if sheet.y + (len(names) + 3) * STEP > sheet.limit:
        sheet.new_page()
        sheet.text(sheet.margin, sheet.y, f"Faktura {purchase.number}", size=7)
        sheet.y += 5
        _head(sheet)
    full = None
    if line.quantity is not None and line.unit_price is not None:
        full = cents(line.quantity * line.unit_price)
    _figures(
        sheet,
        f"{number * 10:06d}",
        line.index,
        writing.count(line.quantity),
        line.unit,
        writing.price(line.unit_price),
        writing.amount(full),
    )
    for name in names:
        sheet.text(sheet.margin + 16, sheet.y, name, size=SIZE)
        sheet.y += STEP
    if line.discount_percent and full is not None and line.net is not None:
        percent = f"{polish.quantity(line.discount_percent, places=3)}- %"
        off = f"{writing.amount(full - line.net)}-"
        _under(sheet, "Rabat", percent, off)
    _under(sheet, f"Wartość netto pozycji   VAT {writing.rate(line.vat_rate)}", "",
           writing.amount(line.net))  # fmt: skip
    sheet.y += 1.2


def _under(sheet: Sheet, label: str, percent: str, value: str) -> None:
    sheet.text(sheet.margin + 16, sheet.y, label, size=SIZE)
    sheet.text(sheet.margin + 142, sheet.y, percent, size=SIZE, align="R")
    sheet.text(sheet.right, sheet.y, value, size=SIZE, align="R")
    sheet.y += STEP


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    sheet.need(40)
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y)
    sheet.y += 1.5
    rows = [("Suma pozycji", purchase.total_net)]
    rows += [
        (f"Podatek VAT {writing.rate(s.rate)} od {writing.amount(s.net)}", s.vat)
        for s in purchase.rate_sums
    ]
    rows.append((f"Kwota końcowa {purchase.currency}", purchase.total_gross))
    for label, value in rows:
        style = "B" if label.startswith("Kwota") else ""
        sheet.text(sheet.margin + 16, sheet.y, label, size=9, style=style)
        sheet.text(sheet.right, sheet.y, writing.amount(value), size=9, style=style, align="R")
        sheet.y += 4.6
    sheet.y += 2
    for text in blocks.remarks(purchase):
        sheet.y = sheet.para(sheet.margin, sheet.y + 1, sheet.inner, text, size=8)
    blocks.ksef_code(sheet, purchase, size_mm=30)
