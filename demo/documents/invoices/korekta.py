"""Layout "korekta": a correcting invoice with the rows before, after and their difference."""

from __future__ import annotations

from dataclasses import replace

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, table_rows, wanted
from demo.documents.purchase import Encoding, Purchase, PurchaseLine
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1 234,56", day="iso", nip="3-3-2-2")
TABLE = TableStyle(size=7.5, head_size=7, head_fill=(230, 230, 230), rules="all", pad=0.9)
COLUMNS = (
    Column("lp", "Lp.", 8, "C"),
    Column("index", "Kod", 20, "L"),
    Column("name", "Nazwa towaru", 0, "L"),
    Column("quantity", "Ilość", 15),
    Column("unit", "J.m.", 10, "C"),
    Column("price_after", "Cena netto", 20),
    Column("net", "Wartość netto", 22),
    Column("rate", "VAT", 11, "C"),
    Column("gross", "Wartość brutto", 23),
)


def columns(purchase: Purchase) -> list[Column]:
    chosen = wanted(COLUMNS, purchase)
    if not any(c.kind == "price_after" for c in chosen):
        # Without any discount the one price there is takes the place.
        place = next(i for i, c in enumerate(chosen) if c.kind == "net")
        chosen.insert(place, Column("price", "Cena netto", 20))
    return chosen


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    correction = purchase.correction
    assert correction is not None
    number = f"FAKTURA KORYGUJĄCA nr {purchase.number}"

    def head(s: Sheet) -> None:
        s.text(s.margin, s.y, number, size=8)
        s.text(s.right, s.y, f"Strona {s.pages} z {pages}", size=8, align="R")
        s.y += 7

    sheet.on_new_page = head
    blocks.mark(sheet, purchase, sheet.right, sheet.y)
    sheet.text(sheet.margin, sheet.y, number, size=13, style="B")
    sheet.y += 8
    day = polish.day(purchase.issued_on, writing.day)
    sheet.text(sheet.margin, sheet.y, f"Data wystawienia: {day}", size=8.5)
    sheet.y += 5
    for original in correction.originals:
        issued = polish.day(original.issued_on, writing.day)
        text = f"do faktury nr {original.number} z dnia {issued}"
        if original.ksef_number:
            text += f", numer KSeF {original.ksef_number}"
        sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, text, size=8.5)
    for label, value in (
        ("Przyczyna korekty", correction.reason),
        ("Okres", correction.period),
    ):
        if value:
            sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, f"{label}: {value}", size=8.5)
    sheet.y += 3
    _parties(sheet, purchase, writing)
    if purchase.lines:
        _tables(sheet, purchase, writing)
    _sums(sheet, purchase, writing)
    blocks.ksef_code(sheet, purchase)
    blocks.signatures(sheet, "Podpis odbierającego", f"{purchase.issuer}\nPodpis wystawiającego")


def _parties(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    half = sheet.inner / 2
    top = sheet.y
    ends = [
        blocks.draw_party(
            sheet, sheet.margin + half * n, top, half - 4, label,
            blocks.party_lines(party, writing), size=8.5,
        )
        for n, (label, party) in enumerate(
            (("Sprzedawca", purchase.seller), ("Nabywca", purchase.buyer))
        )
    ]  # fmt: skip
    sheet.y = max(ends) + 3
    former = purchase.correction.former_buyer if purchase.correction else None
    if former is not None:
        lines = blocks.party_lines(former, writing)
        label = "Nabywca przed korektą"
        below = blocks.draw_party(sheet, sheet.margin, sheet.y, sheet.inner, label, lines, size=8.5)
        sheet.y = below + 3


def sections(purchase: Purchase) -> list[tuple[str, list[PurchaseLine]]]:
    """Headed groups of rows in the order printed; one group where only differences are stated."""
    assert purchase.correction is not None
    if not any(line.before for line in purchase.lines):
        if purchase.correction.encoding is Encoding.BEFORE_AFTER:
            return [("Po korekcie", list(purchase.lines))]
        return [("Korekta", list(purchase.lines))]
    before = [replace(line, before=False) for line in purchase.lines if line.before]
    after = [line for line in purchase.lines if not line.before]
    return [("Przed korektą", before), ("Po korekcie", after)]


def _tables(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    chosen = columns(purchase)
    for label, lines in sections(purchase):
        sheet.need(20)
        sheet.text(sheet.margin, sheet.y, label, size=9, style="B")
        sheet.y += 5
        sheet.table(fit(chosen, sheet.inner), table_rows(lines, chosen, writing), TABLE)
        sheet.y += 4


def _sums(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    if purchase.rate_sums:
        sheet.need(30)
        sheet.text(sheet.margin, sheet.y, "Różnica", size=9, style="B")
        widths = (24.0, 26.0, 22.0, 26.0)
        sheet.y += 5
        blocks.rate_table(sheet, purchase, writing, TABLE, x=sheet.margin, widths=widths)
        sheet.y += 3
    total = purchase.total_gross
    label = "Do zwrotu" if total < 0 else "Do zapłaty"
    text = f"{label}: {writing.amount(abs(total))} {purchase.currency}"
    sheet.need(20)
    sheet.text(sheet.margin, sheet.y, text, size=11, style="B")
    words = polish.amount_in_words(abs(total), currency=purchase.currency)
    sheet.y = sheet.para(sheet.margin, sheet.y + 6, sheet.inner, f"Słownie: {words}", size=8)
    for remark in blocks.remarks(purchase):
        sheet.y = sheet.para(sheet.margin, sheet.y + 0.5, sheet.inner, remark, size=8)
    sheet.y += 3
