"""Layout "ramka": framed parties and a full grid, as the older desktop programs print."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="iso", nip="3-3-2-2")
GRID = TableStyle(size=7.5, head_size=7, head_fill=(225, 225, 225), rules="all", pad=0.9)
COLUMNS = (
    Column("lp", "Lp.", 8, "C"),
    Column("index", "Kod", 19, "L"),
    Column("name", "Nazwa towaru lub usługi", 0, "L"),
    Column("quantity", "Ilość", 13),
    Column("unit", "J.m.", 10, "C"),
    Column("price", "Cena netto", 17),
    Column("discount", "Rabat", 11),
    Column("net", "Wartość netto", 19),
    Column("rate", "VAT", 10, "C"),
    Column("vat", "Kwota VAT", 16),
    Column("gross", "Wartość brutto", 20),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    number = f"{blocks.title(purchase)} nr {purchase.number}"

    def head(s: Sheet) -> None:
        s.text(s.margin, s.y, number, size=8)
        s.text(s.right, s.y, f"Strona {s.pages} z {pages}", size=8, align="R")
        s.y += 7

    sheet.on_new_page = head
    top = sheet.y
    blocks.mark(sheet, purchase, sheet.right, top)
    sheet.text(sheet.margin, top, purchase.seller.name, size=9, style="B")
    sheet.text(sheet.margin, top + 5, f"tel. {purchase.seller.phone}", size=7.5)
    sheet.y = top + 12
    sheet.text(sheet.width / 2, sheet.y, number, size=14, style="B", align="C")
    sheet.y += 9
    facts = [
        f"Data wystawienia: {polish.day(purchase.issued_on, writing.day)}",
        f"Data sprzedaży: {polish.day(purchase.sold_on or purchase.issued_on, writing.day)}",
    ]
    if purchase.place:
        facts.insert(0, f"Miejsce wystawienia: {purchase.place}")
    if purchase.delivery_notes:
        facts.append(f"Dot. WZ: {', '.join(purchase.delivery_notes)}")
    for fact in facts:
        sheet.text(sheet.right, sheet.y, fact, size=8, align="R")
        sheet.y += 4
    sheet.y += 2
    _parties(sheet, purchase, writing)
    chosen = columns(purchase)
    rows = table_rows(purchase.lines, chosen, writing)
    sheet.table(fit(chosen, sheet.inner), rows, GRID)
    _sums(sheet, purchase, writing)
    blocks.ksef_code(sheet, purchase)
    blocks.signatures(
        sheet,
        "Imię i nazwisko osoby uprawnionej do odbioru faktury",
        f"{purchase.issuer}\nImię i nazwisko osoby uprawnionej do wystawienia faktury",
    )


def _parties(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    half = sheet.inner / 2 - 1.5
    seller = blocks.party_lines(purchase.seller, writing, full=True)
    if purchase.seller.account:
        seller.append(f"{purchase.seller.bank} {blocks.spaced_account(purchase.seller.account)}")
    buyer = blocks.party_lines(purchase.buyer, writing)
    if purchase.buyer.customer_number:
        buyer.append(f"Nr kontrahenta: {purchase.buyer.customer_number}")
    top = sheet.y
    left, right = sheet.margin, sheet.margin + half + 3
    below = max(
        blocks.draw_party(sheet, left + 2, top + 1.5, half - 4, "Sprzedawca:", seller, size=8.5),
        blocks.draw_party(sheet, right + 2, top + 1.5, half - 4, "Nabywca:", buyer, size=8.5),
    )
    for x in (left, right):
        sheet.box(x, top, half, below - top + 1.5)
    sheet.y = below + 5


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    style = TableStyle(size=7.5, head_size=7, head_fill=(225, 225, 225), pad=0.9)
    sheet.y += 2
    widths = (20.0, 19.0, 16.0, 20.0)
    blocks.rate_table(sheet, purchase, writing, style, x=sheet.right - sum(widths), widths=widths)
    sheet.need(26)
    sheet.y += 3
    y = sheet.y
    sheet.text(sheet.margin, y, f"Sposób zapłaty: {purchase.payment}", size=8)
    if purchase.due_on is not None and not purchase.paid:
        due_on = polish.day(purchase.due_on, writing.day)
        sheet.text(sheet.margin, y + 4, f"Termin zapłaty: {due_on}", size=8)
    amount = f"{writing.amount(purchase.total_gross)} {purchase.currency}"
    sheet.text(sheet.margin, y + 9, f"Razem do zapłaty: {amount}", size=11, style="B")
    sheet.y = sheet.para(
        sheet.margin, y + 15, sheet.inner, f"Słownie: {blocks.in_words(purchase)}", size=8
    )
    for text in blocks.remarks(purchase):
        sheet.y = sheet.para(sheet.margin, sheet.y + 1, sheet.inner, text, size=7.5)
    sheet.y += 3
