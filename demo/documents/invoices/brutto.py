"""Layout "brutto": gross prices, as shops print that sell over the counter."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1234,56", day="slashes", nip="3-3-2-2")
TABLE = TableStyle(size=8.5, head_size=8, rules="rows", rule_width=0.15, pad=1.0,
                   head_fill=(230, 236, 228))  # fmt: skip
COLUMNS = (
    Column("lp", "Lp", 8, "C"),
    Column("name", "Towar", 0, "L"),
    Column("quantity", "Ilość", 16),
    Column("unit", "jm", 12, "C"),
    Column("price_gross", "Cena brutto", 24),
    Column("discount", "Rabat", 15),
    Column("rate", "VAT", 13, "C"),
    Column("gross", "Wartość brutto", 28),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        s.text(s.right, s.height - 12, f"str. {s.pages} z {pages}", size=7, align="R")

    sheet.on_new_page = foot
    foot(sheet)
    y = sheet.y
    seller = blocks.party_lines(purchase.seller, writing)
    seller_end = blocks.draw_party(sheet, sheet.margin, y, 90, "", seller, size=10)
    facts = [
        (f"{blocks.title(purchase).upper()} NR", purchase.number),
        ("wystawiona", polish.day(purchase.issued_on, writing.day)),
        ("data sprzedaży", polish.day(purchase.sold_on or purchase.issued_on, writing.day)),
        ("zapłata", purchase.payment + (" - zapłacono" if purchase.paid else "")),
    ]
    if purchase.due_on is not None and not purchase.paid:
        facts.append(("termin", polish.day(purchase.due_on, writing.day)))
    for number, (label, value) in enumerate(facts):
        size = 11 if number == 0 else 9
        sheet.text(
            sheet.right - 58, y, label, size=size, style="B" if number == 0 else "", align="R"
        )
        sheet.text(sheet.right - 55, y, value, size=size, style="B" if number == 0 else "")
        y += size * 0.55
    blocks.mark(sheet, purchase, sheet.right, y + 1)
    sheet.y = max(seller_end, y) + 5
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y, width=0.4)
    buyer = blocks.party_lines(purchase.buyer, writing)
    sheet.y = (
        blocks.draw_party(sheet, sheet.margin, sheet.y + 3, sheet.inner, "NABYWCA", buyer, size=9.5)
        + 6
    )
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing)


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    sheet.need(50)
    sheet.y += 3
    total = f"{writing.amount(purchase.total_gross)} zł"
    sheet.text(sheet.right, sheet.y, f"SUMA BRUTTO: {total}", size=12, style="B", align="R")
    sheet.y += 8
    widths = (22.0, 30.0, 26.0, 30.0)
    blocks.rate_table(
        sheet, purchase, writing, TABLE, x=sheet.right - sum(widths), widths=widths,
        titles=("W tym VAT", "Netto", "Podatek", "Brutto"), total="Ogółem",
    )  # fmt: skip
    sheet.y += 3
    lines = [f"Słownie złotych: {blocks.in_words(purchase)}", *blocks.remarks(purchase)]
    if purchase.payment == "przelew" and purchase.seller.account:
        lines.append(f"Nr rachunku: {blocks.spaced_account(purchase.seller.account)}")
    for text in lines:
        sheet.y = sheet.para(sheet.margin, sheet.y + 0.5, sheet.inner, text, size=9)
    sheet.y += 2
    blocks.ksef_code(sheet, purchase, size_mm=30)
    blocks.signatures(sheet, "Odebrał", f"Wystawił: {purchase.issuer}", size=8)
