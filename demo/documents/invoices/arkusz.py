"""Layout "arkusz": a spreadsheet form with a coloured head and empty rows to fill."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1234,56", day="dashes", nip="3-2-2-3", price_places=2)
BLUE = (31, 96, 160)
TABLE = TableStyle(
    size=8.5, head_size=8.5, head_fill=BLUE, head_colour=(255, 255, 255), rules="all", pad=0.7
)
EMPTY_ROWS = 14
COLUMNS = (
    Column("lp", "Lp.", 9, "L"),
    Column("index", "SYMBOL", 27, "L"),
    Column("name", "NAZWA TOWARU / USŁUGI", 0, "L"),
    Column("quantity", "ILOŚĆ", 15, "C"),
    Column("unit", "JM", 11, "C"),
    Column("price", "CENA NETTO", 21, "R"),
    Column("discount", "RABAT", 13, "C"),
    Column("net", "WARTOŚĆ NETTO", 25, "R"),
    Column("rate", "VAT", 12, "C"),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def head(s: Sheet) -> None:
        text = f"{purchase.number}, strona {s.pages} z {pages}"
        s.text(s.right, s.y, text, size=8, align="R")
        s.y += 6

    sheet.on_new_page = head
    top = sheet.y
    sheet.box(sheet.margin, top, sheet.inner * 0.4, 20)
    brand = purchase.seller.name.split(" Sp.")[0][:22].upper()
    sheet.text(sheet.margin + sheet.inner * 0.2, top + 6, brand, size=13, style="B", align="C",
               colour=BLUE)  # fmt: skip
    sheet.box(sheet.margin + sheet.inner * 0.4, top, sheet.inner * 0.6, 20, line=0.5)
    title = f"{blocks.title(purchase)} nr {purchase.number}"
    sheet.text(
        sheet.margin + sheet.inner * 0.7, top + 7, title, size=12, style="B", align="C", colour=BLUE
    )
    sheet.y = top + 24
    _parties(sheet, purchase, writing)
    chosen = columns(purchase)
    rows = table_rows(purchase.lines, chosen, writing)
    rows += [[""] * len(chosen) for _ in range(max(0, EMPTY_ROWS - len(rows)))]
    sheet.table(fit(chosen, sheet.inner), rows, TABLE)
    _sums(sheet, purchase, writing)
    blocks.ksef_code(sheet, purchase, size_mm=30)


def _parties(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    x = sheet.margin + 4
    width = sheet.inner * 0.55
    y = blocks.draw_party(
        sheet, x, sheet.y, width, "SPRZEDAWCA:", blocks.party_lines(purchase.seller, writing),
        size=9.5,
    )  # fmt: skip
    facts = [
        ("Data wystawienia:", purchase.issued_on),
        ("Termin płatności:", purchase.due_on),
        ("Data sprzedaży:", purchase.sold_on or purchase.issued_on),
    ]
    row = sheet.y + 5
    for label, value in facts:
        if value is None:
            continue
        sheet.text(sheet.right - 32, row, label, size=8.5, align="R")
        sheet.text(sheet.right - 30, row, polish.day(value, writing.day), size=8.5)
        row += 4.5
    blocks.mark(sheet, purchase, sheet.right - 2, row)
    y = blocks.draw_party(
        sheet, x, max(y, row) + 4, width, "NABYWCA:", blocks.party_lines(purchase.buyer, writing),
        size=9, bold_name=False,
    )  # fmt: skip
    sheet.y = y + 5


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    rows = [("WARTOŚĆ NETTO", purchase.total_net)]
    rows += [(f"VAT {writing.rate(s.rate)}", s.vat) for s in purchase.rate_sums]
    rows.append(("Razem do zapłaty", purchase.total_gross))
    sheet.need(6 * len(rows) + 34)
    sheet.y += 5
    for number, (label, value) in enumerate(rows):
        style = "B" if number == len(rows) - 1 else ""
        text = f"{writing.amount(value)} zł" if style else writing.amount(value)
        sheet.text(sheet.right - 36, sheet.y, label, size=9, style=style, align="R")
        sheet.text(sheet.right - 4, sheet.y, text, size=9, style=style, align="R")
        sheet.y += 5.5
    y = sheet.para(
        sheet.margin + 4, sheet.y, sheet.inner - 8, f"Słownie: {blocks.in_words(purchase)}", size=8
    )
    sheet.rule(sheet.margin + 4, y + 2, sheet.right, y + 2, colour=BLUE)
    y += 4
    facts = [f"Forma płatności: {purchase.payment}, waluta: {purchase.currency}"]
    if purchase.seller.account:
        facts.append(f"Bank: {purchase.seller.bank}")
        facts.append(f"Numer konta: {blocks.spaced_account(purchase.seller.account)}")
    for text in [*facts, *blocks.remarks(purchase)]:
        sheet.text(sheet.margin + 6, y, text, size=8)
        y += 4.2
    sheet.y = y + 3
