"""Layout "hurt": a wholesaler's wide form with codes, barcodes, order and delivery numbers."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="dots", nip="none", places=3)
TABLE = TableStyle(size=7.5, head_size=7, head_fill=(238, 238, 238), rules="all",
                   rule_colour=(90, 90, 90), rule_width=0.15, pad=0.8)  # fmt: skip
COLUMNS = (
    Column("lp", "Lp", 8, "C"),
    Column("index", "Indeks", 26, "L"),
    Column("gtin", "Kod EAN", 25, "L"),
    Column("name", "Nazwa", 0, "L"),
    Column("quantity", "Ilość", 17),
    Column("unit", "JM", 10, "C"),
    Column("price", "Cena kat.", 19),
    Column("discount", "Rabat", 13),
    Column("price_after", "Cena netto", 19),
    Column("net", "Wartość netto", 22),
    Column("rate", "% VAT", 12, "C"),
    Column("vat", "Wart. VAT", 18),
    Column("gross", "Wart. brutto", 22),
)


def columns(purchase: Purchase) -> list[Column]:
    chosen = wanted(COLUMNS, purchase)
    if not any(c.kind == "price_after" for c in chosen):
        return [Column("price", "Cena netto", 19) if c.kind == "price" else c for c in chosen]
    return chosen


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def head(s: Sheet) -> None:
        s.text(s.margin, s.y, f"{purchase.seller.name}   NIP {purchase.seller.nip}", size=7)
        text = f"{blocks.title(purchase)} {purchase.number}   strona {s.pages} / {pages}"
        s.text(s.right, s.y, text, size=7, align="R")
        s.y += 6

    sheet.on_new_page = head
    _head(sheet, purchase, writing)
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing)
    if sheet.pages == pages and pages > 1:
        sheet.text(sheet.right, sheet.height - 10, f"strona {pages} / {pages}", size=7, align="R")


def _head(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    top = sheet.y
    third = sheet.inner / 3
    seller = blocks.party_lines(purchase.seller, writing, full=True)
    seller.append(f"tel. {purchase.seller.phone}  {purchase.seller.email}")
    buyer = blocks.party_lines(purchase.buyer, writing)
    if purchase.buyer.customer_number:
        buyer.append(f"Nr klienta: {purchase.buyer.customer_number}")
    goal = purchase.recipient or purchase.buyer
    shipped = [goal.name, goal.street, goal.town]
    ends = []
    for number, (label, lines) in enumerate(
        (("SPRZEDAWCA", seller), ("NABYWCA", buyer), ("ODBIORCA", shipped))
    ):
        x = sheet.margin + number * third
        ends.append(
            blocks.draw_party(
                sheet, x, top, third - 6, label, lines, size=8, label_size=7.5, bold_name=True
            )
        )
    sheet.y = max(ends) + 3
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y, width=0.5)
    sheet.y += 2.5
    title = f"{blocks.title(purchase).upper()} {purchase.number}"
    sheet.text(sheet.margin, sheet.y, title, size=14, style="B")
    facts = [
        f"Data wystawienia: {polish.day(purchase.issued_on, writing.day)}",
        f"Data dostawy: {polish.day(purchase.sold_on or purchase.issued_on, writing.day)}",
    ]
    if purchase.due_on is not None:
        facts.append(f"Termin płatności: {polish.day(purchase.due_on, writing.day)}")
    facts.append(f"Forma płatności: {purchase.payment}")
    sheet.text(sheet.right, sheet.y, "   ".join(facts), size=8, align="R")
    more = []
    if purchase.order_number:
        more.append(f"Zamówienie: {purchase.order_number}")
    if purchase.delivery_notes:
        more.append(f"WZ: {', '.join(purchase.delivery_notes)}")
    more += purchase.marks
    sheet.text(sheet.right, sheet.y + 4.5, "   ".join(more), size=8, align="R")
    sheet.y += 11


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    sheet.need(46)
    sheet.y += 3
    top = sheet.y
    widths = (22.0, 26.0, 22.0, 26.0)
    blocks.rate_table(
        sheet, purchase, writing, TABLE, x=sheet.right - sum(widths), widths=widths,
        titles=("Stawka", "Netto", "VAT", "Brutto"), total="RAZEM",
    )  # fmt: skip
    bottom = sheet.y
    y = top
    total = f"{writing.amount(purchase.total_gross)} {purchase.currency}"
    sheet.text(sheet.margin, y, f"DO ZAPŁATY: {total}", size=13, style="B")
    width = sheet.inner - sum(widths) - 8
    y = sheet.para(sheet.margin, y + 7, width, f"słownie: {blocks.in_words(purchase)}", size=8)
    if purchase.seller.account:
        account = f"{purchase.seller.bank}: {blocks.spaced_account(purchase.seller.account)}"
        sheet.text(sheet.margin, y + 1, account, size=8)
        y += 5
    for text in blocks.remarks(purchase):
        y = sheet.para(sheet.margin, y + 1, width, text, size=7.5)
    y = sheet.para(
        sheet.margin, y + 1, width,
        "Towar pozostaje własnością sprzedawcy do chwili zapłaty. Reklamacje ilościowe w dniu "
        "odbioru.", size=6.5,
    )  # fmt: skip
    sheet.y = max(y, bottom) + 2
    blocks.ksef_code(sheet, purchase, size_mm=28)
    sheet.need(14)
    y = sheet.y + 7
    for x, text in ((0.08, "Wystawił"), (0.42, "Wydał z magazynu"), (0.76, "Odebrał")):
        left = sheet.margin + sheet.inner * x
        sheet.rule(left, y, left + 40, y, dash=0.4)
        name = f"{text}: {purchase.issuer}" if text == "Wystawił" and purchase.issuer else text
        sheet.text(left + 20, y + 1, name, size=7, align="C")
    sheet.y = y + 6
