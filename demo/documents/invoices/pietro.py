"""Layout "pietro": names run across the page over their figures, dates stand over their labels."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, cell, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="iso", nip="none")
RATES = TableStyle(size=8, head_size=8, head_style="", rules="rows", rule_width=0.1, pad=0.7)
SIZE, STEP = 8.5, 4.2
FIRST, INDENT = 10.0, 12.0  # mm: where names and the figures under them begin
COLUMNS = (
    Column("index", "Kod", 30, "L"),
    Column("quantity+unit", "Ilość", 24),
    Column("price", "Cena przed rab.", 28),
    Column("discount", "Rabat", 16),
    Column("price_after", "Cena netto", 26),
    Column("rate", "VAT", 16),
    Column("net", "Wartość netto", 30),
)


def columns(purchase: Purchase) -> list[Column]:
    return [Column("lp", "Lp", 8), Column("name", "Nazwa towaru/usługi", 0), *_figures(purchase)]


def _figures(purchase: Purchase) -> list[Column]:
    chosen = wanted(COLUMNS, purchase)
    if any(c.kind == "price_after" for c in chosen):
        return chosen
    return [Column("price", "Cena netto", 28) if c.kind == "price" else c for c in chosen]


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        s.text(s.width / 2, s.height - 11, f"{s.pages}/{pages}", size=7, align="C")

    sheet.on_new_page = foot
    foot(sheet)
    _dates(sheet, purchase, writing)
    _parties(sheet, purchase, writing)
    title = f"{blocks.title(purchase)} {purchase.number}"
    sheet.text(sheet.width / 2, sheet.y, title, size=14, style="B", align="C")
    sheet.y += 7
    if purchase.marks:
        sheet.text(sheet.width / 2, sheet.y, " / ".join(purchase.marks), size=9, align="C")
        sheet.y += 5
    chosen = _figures(purchase)
    _head(sheet, chosen)
    for number, line in enumerate(purchase.lines, 1):
        names = sheet.wrap(line.name, sheet.inner - FIRST, SIZE, "B")
        if sheet.y + (len(names) + 1) * STEP + 2 > sheet.limit:
            sheet.new_page()
            sheet.text(
                sheet.right, sheet.y, f"{purchase.number}   {sheet.pages}", size=7, align="R"
            )
            sheet.y += 5
            _head(sheet, chosen)
        sheet.text(sheet.margin, sheet.y, str(number), size=SIZE)
        for name in names:
            sheet.text(sheet.margin + FIRST, sheet.y, name, size=SIZE, style="B")
            sheet.y += STEP
        _row(sheet, chosen, [cell(c.kind, line, number, writing) for c in chosen])
        sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y, dash=0.4)
        sheet.y += 0.8
    _sums(sheet, purchase, writing)


def _dates(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    """A column of small boxes: the value, and under it what it is."""
    x = sheet.right - 35
    sold = purchase.sold_on or purchase.issued_on
    facts = [
        (purchase.place or purchase.seller.city, "Miejsce wystawienia"),
        (polish.day(purchase.issued_on, writing.day), "Data wystawienia"),
        (polish.day(sold, writing.day), "Data dokonania lub zakończenia dostawy"),
    ]
    for value, label in facts:
        sheet.text(x, sheet.y, value, size=9, align="C")
        sheet.text(x, sheet.y + 4, label, size=6.5, align="C", colour=(90, 90, 90))
        sheet.y += 7.5
    sheet.y += 3


def _parties(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    """The buyer on the left, the seller on the right."""
    top, half = sheet.y, sheet.inner / 2
    ends = []
    for x, label, party, full in (
        (sheet.margin, "Nabywca", purchase.buyer, False),
        (sheet.margin + half, "Sprzedawca", purchase.seller, True),
    ):
        lines = blocks.party_lines(party, writing, full=full)
        ends.append(blocks.draw_party(sheet, x, top, half - 5, label, lines, size=8.5))
    sheet.y = max(ends) + 6


def _head(sheet: Sheet, chosen: list[Column]) -> None:
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y)
    sheet.y += 1
    sheet.text(sheet.margin, sheet.y, "Lp", size=SIZE)
    sheet.text(sheet.margin + FIRST, sheet.y, "Nazwa towaru/usługi", size=SIZE)
    sheet.y += STEP
    _row(sheet, chosen, [c.title for c in chosen])
    sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y)
    sheet.y += 1


def _row(sheet: Sheet, chosen: list[Column], texts: list[str]) -> None:
    spare = sheet.inner - INDENT - sum(c.width for c in chosen)
    x = sheet.margin + INDENT
    for column, text in zip(chosen, texts, strict=True):
        width = column.width + spare / len(chosen)
        place = x if column.align == "L" else x + width
        sheet.text(place, sheet.y, text, size=SIZE, align=column.align)
        x += width
    sheet.y += STEP


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    sheet.need(50)
    sheet.y += 4
    widths = (20.0, 26.0, 24.0, 28.0)
    blocks.rate_table(
        sheet, purchase, writing, RATES, x=sheet.right - sum(widths), widths=widths,
        titles=("Stawka", "Netto", "VAT", "Brutto"),
    )  # fmt: skip
    sheet.y += 4
    total = f"{writing.amount(purchase.total_gross)} {purchase.currency}"
    sheet.text(sheet.margin, sheet.y, f"Razem do zapłaty: {total}", size=11, style="B")
    sheet.y += 6
    words = f"Słownie: {blocks.in_words(purchase)}"
    sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, words, size=8)
    facts = [f"Forma płatności: {purchase.payment}"]
    if purchase.due_on is not None:
        facts.append(f"termin płatności {polish.day(purchase.due_on, writing.day)}")
    for text in (", ".join(facts), *blocks.remarks(purchase)):
        sheet.y = sheet.para(sheet.margin, sheet.y + 1, sheet.inner, text, size=8)
    sheet.y += 3
    blocks.ksef_code(sheet, purchase, size_mm=30)
