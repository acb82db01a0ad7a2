"""Layout "chmura": airy, with horizontal rules only, as on-line services print."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, rate_rows, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="iso", nip="none")
GREY = (120, 126, 135)
LINE = (205, 209, 214)
TABLE = TableStyle(size=8, head_size=7.5, rules="rows", rule_colour=LINE, pad=1.6, head_style="B")
COLUMNS = (
    Column("lp", "LP", 8, "L"),
    Column("name", "Nazwa towaru / usługi", 0, "L"),
    Column("quantity+unit", "Ilość", 20),
    Column("price", "Cena netto", 20),
    Column("discount", "Rabat", 13),
    Column("net", "Wartość netto", 23),
    Column("rate", "VAT %", 13),
    Column("vat", "Wartość VAT", 20),
    Column("gross", "Wartość brutto", 23),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot() -> None:
        text = f"{sheet.pages}/{pages}"
        sheet.text(sheet.right, sheet.height - 12, text, size=7, align="R", colour=GREY)
        sheet.text(sheet.margin, sheet.height - 12, purchase.number, size=7, align="L", colour=GREY)

    sheet.on_new_page = lambda _: foot()
    foot()
    y = sheet.y
    sheet.text(sheet.margin, y, f"{blocks.title(purchase)} nr", size=11, colour=GREY)
    sheet.text(sheet.margin, y + 6, purchase.number, size=18, style="M")
    facts = [
        ("Data wystawienia", polish.day(purchase.issued_on, writing.day)),
        ("Data sprzedaży", polish.day(purchase.sold_on or purchase.issued_on, writing.day)),
        ("Sposób płatności", purchase.payment),
    ]
    if purchase.due_on is not None:
        facts.insert(2, ("Termin płatności", polish.day(purchase.due_on, writing.day)))
    if purchase.marks:
        facts.append(("", " ".join(purchase.marks)))
    for label, value in facts:
        sheet.text(sheet.right - 34, y, label, size=8, colour=GREY, align="R")
        sheet.text(sheet.right, y, value, size=8, style="M", align="R")
        y += 4.6
    sheet.y = max(y, sheet.y + 16) + 6
    _parties(sheet, purchase, writing)
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing, chosen)
    sheet.y += 4
    blocks.ksef_code(sheet, purchase, size_mm=30)


def _parties(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    half = sheet.inner / 2
    top = sheet.y
    ends = []
    for x, label, party, full in (
        (sheet.margin, "SPRZEDAWCA", purchase.seller, True),
        (sheet.margin + half, "NABYWCA", purchase.buyer, False),
    ):
        sheet.text(x, top, label, size=7, colour=GREY)
        lines = blocks.party_lines(party, writing)
        if full and party.email:
            lines.append(party.email)
        ends.append(blocks.draw_party(sheet, x, top + 4.5, half - 6, "", lines, size=9))
    sheet.y = max(ends) + 8


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing, chosen: list[Column]) -> None:
    """Totals stand under their columns: first "W tym" per rate, then "Razem"."""
    widths = {c.kind: c.width for c in chosen}
    places = ("net", "rate", "vat", "gross")
    left = sheet.right - sum(widths[k] for k in places) - 24
    columns = [Column("label", "", 24), *(Column(k, "", widths[k]) for k in places)]
    rows = []
    for number, (rate, net, vat, gross) in enumerate(rate_rows(purchase.rate_sums, writing)):
        rows.append(["W tym" if number == 0 else "", net, rate, vat, gross])
    rows.append(
        [
            "Razem",
            writing.amount(purchase.total_net),
            "",
            writing.amount(purchase.total_vat),
            writing.amount(purchase.total_gross),
        ]
    )
    sheet.need(9 * len(rows) + 40)
    sheet.table(columns, rows, TABLE, x=left)
    sheet.y += 5
    total = f"{writing.amount(purchase.total_gross)} {purchase.currency}"
    sheet.text(sheet.right, sheet.y, f"Do zapłaty: {total}", size=14, style="B", align="R")
    sheet.y += 8
    words = f"Słownie: {blocks.in_words(purchase, 'words')}"
    sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, words, size=8, colour=GREY, align="R")
    if purchase.paid:
        sheet.text(sheet.right, sheet.y + 1, f"Zapłacono: {total}", size=8, align="R")
        sheet.y += 5
    elif purchase.seller.account:
        account = blocks.spaced_account(purchase.seller.account)
        text = f"Numer konta: {account} ({purchase.seller.bank})"
        sheet.text(sheet.margin, sheet.y + 2, text, size=8)
        sheet.y += 7
    for text in blocks.remarks(purchase):
        sheet.y = sheet.para(sheet.margin, sheet.y + 1, sheet.inner, text, size=8)
