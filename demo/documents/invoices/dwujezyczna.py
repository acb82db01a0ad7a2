"""Layout "dwujezyczna": every label in Polish and English."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1.234,56", day="dots", nip="PL", places=2)
TABLE = TableStyle(size=7.5, head_size=6.5, rules="rows", rule_colour=(150, 150, 150), pad=1.1,
                   head_style="B")  # fmt: skip
COLUMNS = (
    Column("lp", "Lp.\nNo.", 8, "C"),
    Column("index", "Kod\nCode", 18, "L"),
    Column("name", "Nazwa\nDescription", 0, "L"),
    Column("quantity", "Ilość\nQty", 17),
    Column("unit", "J.m.\nUnit", 11, "C"),
    Column("price", "Cena netto\nNet price", 20),
    Column("discount", "Rabat\nDiscount", 16),
    Column("net", "Wartość netto\nNet value", 22),
    Column("rate", "VAT\n%", 10, "C"),
    Column("gross", "Wartość brutto\nGross value", 23),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        text = f"Strona / Page {s.pages} / {pages}"
        s.text(s.width / 2, s.height - 12, text, size=6.5, align="C")

    sheet.on_new_page = foot
    foot(sheet)
    top = sheet.y
    sheet.text(sheet.margin, top, f"{blocks.title(purchase)} / Invoice", size=15, style="B")
    sheet.text(sheet.margin, top + 7, f"nr / no. {purchase.number}", size=11)
    blocks.mark(sheet, purchase, sheet.right, top)
    sheet.y = top + 16
    facts = [
        ("Data wystawienia / Issue date", polish.day(purchase.issued_on, writing.day)),
        (
            "Data sprzedaży / Sale date",
            polish.day(purchase.sold_on or purchase.issued_on, writing.day),
        ),
        ("Płatność / Payment", purchase.payment),
    ]
    if purchase.due_on is not None:
        facts.append(("Termin / Due date", polish.day(purchase.due_on, writing.day)))
    step = sheet.inner / len(facts)
    for number, (label, value) in enumerate(facts):
        x = sheet.margin + number * step
        sheet.text(x, sheet.y, label, size=6.5, colour=(110, 110, 110))
        sheet.text(x, sheet.y + 3.5, value, size=9, style="B")
    sheet.y += 12
    half = sheet.inner / 2
    ends = [
        blocks.draw_party(
            sheet, sheet.margin + half * n, sheet.y, half - 5, label,
            blocks.party_lines(party, writing), size=8.5, label_size=7.5,
        )
        for n, (label, party) in enumerate(
            (("Sprzedawca / Seller", purchase.seller), ("Nabywca / Buyer", purchase.buyer))
        )
    ]  # fmt: skip
    sheet.y = max(ends) + 6
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing)


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    rows = [("Razem netto / Total net", purchase.total_net)]
    rows += [(f"VAT {writing.rate(s.rate)}", s.vat) for s in purchase.rate_sums]
    rows.append(("Do zapłaty / Total due", purchase.total_gross))
    sheet.need(5 * len(rows) + 46)
    sheet.y += 4
    for number, (label, value) in enumerate(rows):
        last = number == len(rows) - 1
        style, size = ("B", 10.5) if last else ("", 8.5)
        text = f"{writing.amount(value)} {purchase.currency}"
        sheet.text(sheet.right - 45, sheet.y, label, size=size, style=style, align="R")
        sheet.text(sheet.right, sheet.y, text, size=size, style=style, align="R")
        sheet.y += 5.2
    sheet.y += 2
    lines = [f"Słownie / In words: {blocks.in_words(purchase)}"]
    if purchase.seller.account:
        lines.append(f"Konto / Account: PL {blocks.spaced_account(purchase.seller.account)}")
    if purchase.order_number:
        lines.append(f"Zamówienie / Order: {purchase.order_number}")
    for text in [*lines, *blocks.remarks(purchase)]:
        sheet.y = sheet.para(sheet.margin, sheet.y + 0.8, sheet.inner, text, size=8)
    sheet.y += 3
    blocks.ksef_code(sheet, purchase, size_mm=30)
