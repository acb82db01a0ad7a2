"""Layout "optima": a dense form of an accounting suite, codes under names, shaded rows."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="dots", nip="none", places=2, price_places=4)
SHADE = (240, 243, 247)
TABLE = TableStyle(
    size=7, head_size=6.8, head_fill=(214, 222, 232), rules="head", zebra=SHADE, pad=0.8
)
COLUMNS = (
    Column("lp", "Lp.", 8, "R"),
    Column("name+index", "Nazwa towaru/usługi\nKod", 0, "L"),
    Column("gtin", "EAN", 22, "L"),
    Column("quantity", "Ilość", 14),
    Column("unit", "jm", 9, "C"),
    Column("discount", "Rabat", 11),
    Column("price", "Cena netto", 19),
    Column("rate", "VAT", 9, "C"),
    Column("net", "Netto", 19),
    Column("gross", "Brutto", 19),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        y = s.height - 11
        s.rule(s.margin, y, s.right, y, colour=(150, 150, 150))
        s.text(s.margin, y + 1, f"{purchase.number}", size=6.5)
        s.text(s.right, y + 1, f"Strona {s.pages} z {pages}", size=6.5, align="R")

    sheet.on_new_page = foot
    foot(sheet)
    _head(sheet, purchase, writing)
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing)


def _head(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    top = sheet.y
    right = sheet.margin + sheet.inner * 0.56
    seller = blocks.party_lines(purchase.seller, writing, full=True)
    seller.append(f"Tel.: {purchase.seller.phone}")
    left_end = blocks.draw_party(
        sheet, sheet.margin, top, sheet.inner * 0.5, "Sprzedawca", seller, size=8, label_size=7
    )
    title = blocks.title(purchase)
    sheet.box(right, top, sheet.right - right, 20, fill=SHADE, border=None)
    sheet.text(right + 3, top + 2, title, size=12, style="B")
    sheet.text(right + 3, top + 8, f"Numer: {purchase.number}", size=10, style="B")
    if purchase.marks:
        sheet.text(sheet.right - 3, top + 2, purchase.marks[0], size=8, align="R")
    issued = polish.day(purchase.issued_on, writing.day)
    sold = polish.day(purchase.sold_on or purchase.issued_on, writing.day)
    sheet.text(right + 3, top + 14, f"Data wyst.: {issued}   Data sprz.: {sold}", size=7.5)
    y = top + 23
    facts = [f"Forma płatności: {purchase.payment}"]
    if purchase.due_on is not None:
        facts.append(f"Termin płatności: {polish.day(purchase.due_on, writing.day)}")
    if purchase.seller.account:
        facts.append(f"Rachunek: {blocks.spaced_account(purchase.seller.account)}")
    if purchase.delivery_notes:
        facts.append(f"Do WZ: {', '.join(purchase.delivery_notes)}")
    for fact in facts:
        sheet.text(right + 3, y, fact, size=7)
        y += 3.6
    buyer = blocks.party_lines(purchase.buyer, writing)
    below = blocks.draw_party(
        sheet, sheet.margin, left_end + 4, sheet.inner * 0.5, "Nabywca", buyer, size=8, label_size=7
    )
    sheet.y = max(below, y) + 4


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    sheet.need(40)
    sheet.y += 3
    top = sheet.y
    style = TableStyle(size=7, head_size=6.8, head_fill=(214, 222, 232), rules="rows", pad=0.7,
                       rule_colour=(170, 170, 170))  # fmt: skip
    blocks.rate_table(
        sheet, purchase, writing, style, x=sheet.margin, widths=(16, 24, 22, 24),
        titles=("Stawka", "Netto", "VAT", "Brutto"),
    )  # fmt: skip
    bottom = sheet.y
    x = sheet.margin + 100
    width = sheet.right - x
    sheet.box(x, top, width, 16, fill=SHADE, border=None)
    paid = purchase.total_gross - blocks.due(purchase)
    rows = (
        ("Razem do zapłaty:", purchase.total_gross, 10.5),
        ("Zapłacono:", paid, 8),
        ("Pozostaje:", blocks.due(purchase), 8),
    )
    y = top + 1.5
    for label, value, size in rows:
        style_ = "B" if size > 9 else ""
        sheet.text(x + 2, y, label, size=size, style=style_)
        text = f"{writing.amount(value)} {purchase.currency}"
        sheet.text(sheet.right - 2, y, text, size=size, style=style_, align="R")
        y += size * 0.5
    words = f"Słownie: {blocks.in_words(purchase)}"
    y = sheet.para(x + 2, y + 2, width - 2, words, size=7)
    for text in blocks.remarks(purchase):
        y = sheet.para(x + 2, y + 1, width - 2, text, size=7)
    sheet.y = max(bottom, y) + 3
    blocks.ksef_code(sheet, purchase, size_mm=30)
    sheet.need(18)
    sheet.y += 8
    for place, text in ((sheet.margin, f"Wystawił(a): {purchase.issuer}"), (x, "Odebrał(a)")):
        sheet.rule(place, sheet.y, place + 55, sheet.y, width=0.15)
        sheet.text(place, sheet.y + 1, text, size=7)
