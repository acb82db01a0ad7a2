"""Layout "szeryf": a small trader's form in a serif face, title in the middle."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="words", nip="3-2-2-3", percent=True)
TABLE = TableStyle(size=9, head_size=8.5, rules="all", rule_width=0.15, pad=0.9, head_style="B")
COLUMNS = (
    Column("lp", "L.p.", 9, "C"),
    Column("name", "Nazwa", 0, "L"),
    Column("unit", "Jedn.", 12, "C"),
    Column("quantity", "Ilość", 13, "C"),
    Column("price", "Cena jedn. netto", 20),
    Column("discount", "Upust", 13, "C"),
    Column("net", "Wartość netto", 22),
    Column("rate", "Stawka VAT", 14, "C"),
    Column("vat", "Kwota VAT", 19),
    Column("gross", "Wartość z podatkiem", 23),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        s.text(s.width / 2, s.height - 12, f"- {s.pages} -", size=8, align="C")

    if pages > 1:
        sheet.on_new_page = foot
        foot(sheet)
    issued = polish.day(purchase.issued_on, writing.day)
    place = f"{purchase.place}, dnia " if purchase.place else ""
    sheet.text(sheet.right, sheet.y, f"{place}{issued}", size=10, align="R")
    sheet.y += 12
    title = f"{blocks.title(purchase).upper()} Nr {purchase.number}"
    sheet.text(sheet.width / 2, sheet.y, title, size=15, style="B", align="C")
    sheet.y += 7
    if purchase.marks:
        sheet.text(sheet.width / 2, sheet.y, "/".join(purchase.marks), size=10, align="C")
    sheet.y += 9
    half = sheet.inner / 2
    top = sheet.y
    ends = []
    for x, label, party in (
        (sheet.margin, "SPRZEDAWCA", purchase.seller),
        (sheet.margin + half + 4, "NABYWCA", purchase.buyer),
    ):
        lines = blocks.party_lines(party, writing)
        ends.append(
            blocks.draw_party(sheet, x, top, half - 4, label, lines, size=10, label_size=10)
        )
    sheet.y = max(ends) + 5
    sold = polish.day(purchase.sold_on or purchase.issued_on, writing.day)
    sheet.text(sheet.margin, sheet.y, f"Data dokonania dostawy: {sold}", size=9.5)
    sheet.y += 8
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _sums(sheet, purchase, writing, chosen)


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing, chosen: list[Column]) -> None:
    """The sums continue the table to the right: RAZEM, then "w tym" per rate."""
    widths = {c.kind: c.width for c in chosen}
    kinds = ("net", "rate", "vat", "gross")
    columns = [Column("label", "", 20), *(Column(k, "", widths[k]) for k in kinds)]
    rows = [
        [
            "RAZEM",
            writing.amount(purchase.total_net),
            "X",
            writing.amount(purchase.total_vat),
            writing.amount(purchase.total_gross),
        ]
    ]
    for number, row in enumerate(purchase.rate_sums):
        rows.append(
            [
                "w tym:" if number == 0 else "",
                writing.amount(row.net),
                writing.rate(row.rate),
                writing.amount(row.vat),
                writing.amount(row.gross),
            ]
        )
    sheet.need(7 * len(rows) + 30)
    sheet.table(columns, rows, TABLE, x=sheet.right - sum(c.width for c in columns))
    sheet.y += 6
    total = f"{writing.amount(purchase.total_gross)} zł"
    sheet.text(sheet.margin, sheet.y, f"Do zapłaty: {total}", size=12, style="B")
    sheet.y = sheet.para(
        sheet.margin, sheet.y + 7, sheet.inner, f"słownie: {blocks.in_words(purchase, 'words')}",
        size=10,
    )  # fmt: skip
    lines = [f"Forma zapłaty: {purchase.payment}"]
    if purchase.due_on is not None and not purchase.paid:
        lines[0] += f", termin: {polish.day(purchase.due_on, writing.day)}"
    if purchase.payment == "przelew" and purchase.seller.account:
        lines.append(f"na konto: {blocks.spaced_account(purchase.seller.account)}")
    for text in [*lines, *blocks.remarks(purchase)]:
        sheet.y = sheet.para(sheet.margin, sheet.y + 0.5, sheet.inner, text, size=10)
    sheet.y += 2
    blocks.ksef_code(sheet, purchase, size_mm=32)
    blocks.signatures(
        sheet, "podpis osoby upoważnionej do odbioru", "podpis osoby upoważnionej do wystawienia",
        size=8,
    )  # fmt: skip
