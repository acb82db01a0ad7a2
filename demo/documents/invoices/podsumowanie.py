"""Layout "podsumowanie": two headed boxes, positions and summary, decimal points."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, fit, rate_rows, table_rows, wanted
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

WRITING = Writing(money="1234.56", day="iso", nip="none", percent=False)
LINE = (210, 210, 210)
TABLE = TableStyle(size=8, head_size=8, rules="all", rule_colour=LINE, rule_width=0.4, pad=1.2)
COLUMNS = (
    Column("lp", "Lp", 9, "R"),
    Column("name+gtin", "Nazwa towaru/usługi", 0, "L"),
    Column("quantity+unit", "Ilość", 19),
    Column("price", "Cena netto", 22),
    Column("discount", "Rabat %", 13),
    Column("net", "Wartość netto", 24),
    Column("rate", "VAT", 11),
    Column("vat", "Wartość VAT", 19),
    Column("gross", "Wartość brutto", 22),
)


def columns(purchase: Purchase) -> list[Column]:
    return wanted(COLUMNS, purchase)


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    def foot(s: Sheet) -> None:
        y = s.height - 14
        s.rule(s.margin - 4, y, s.right + 4, y, width=0.3)
        s.text(s.margin - 4, y + 1.5, f"Druk: {purchase.seller.email}", size=7, style="I")
        s.text(s.right + 4, y + 1.5, f"Strona: {s.pages}/{pages}", size=7, style="I", align="R")

    sheet.on_new_page = foot
    foot(sheet)
    place = f", {purchase.place}" if purchase.place else ""
    issued = polish.day(purchase.issued_on, writing.day)
    sheet.text(sheet.margin, sheet.y, f"Wystawiono dnia: {issued}{place}", size=8.5)
    blocks.mark(sheet, purchase, sheet.right, sheet.y)
    middle = sheet.margin + sheet.inner * 0.58
    y = sheet.y + 5
    y = sheet.para(
        middle,
        y,
        sheet.right - middle,
        f"{blocks.title(purchase)} nr {purchase.number}",
        size=11,
        style="B",
    )
    facts = [
        ("Data sprzedaży:", polish.day(purchase.sold_on or purchase.issued_on, writing.day)),
        ("Sposób zapłaty:", purchase.payment.capitalize()),
    ]
    if purchase.due_on is not None:
        facts.append(("Termin płatności:", polish.day(purchase.due_on, writing.day)))
    if purchase.order_number:
        facts.append(("Zamówienie:", purchase.order_number))
    for label, value in facts:
        sheet.text(middle, y, label, size=8.5)
        sheet.text(middle + 28, y, value, size=8.5)
        y += 4
    top = y + 7
    half = sheet.inner * 0.5
    left = blocks.draw_party(
        sheet, sheet.margin, top, half, "Sprzedawca:", blocks.party_lines(purchase.seller, writing),
        size=8.5, label_size=10.5, bold_name=False,
    )  # fmt: skip
    right = blocks.draw_party(
        sheet, middle, top, sheet.right - middle, "Nabywca:",
        blocks.party_lines(purchase.buyer, writing), size=8.5, label_size=10.5, bold_name=False,
    )  # fmt: skip
    sheet.y = max(left, right) + 8
    sheet.text(sheet.margin, sheet.y, "POZYCJE FAKTURY", size=10, style="B")
    sheet.y += 7
    chosen = columns(purchase)
    sheet.table(fit(chosen, sheet.inner), table_rows(purchase.lines, chosen, writing), TABLE)
    _summary(sheet, purchase, writing)
    blocks.ksef_code(sheet, purchase, size_mm=28)
    blocks.signatures(
        sheet, "Faktura bez podpisu odbiorcy", "Osoba upoważniona do wystawienia faktury VAT",
        dots=False,
    )  # fmt: skip


def _summary(sheet: Sheet, purchase: Purchase, writing: Writing) -> None:
    rows = rate_rows(purchase.rate_sums, writing)
    facts = [
        ("Zapłacono:", purchase.total_gross if purchase.paid else None),
        ("Pozostało do zapłaty:", blocks.due(purchase)),
    ]
    height = 6 * (len(rows) + 6)
    sheet.need(height + 14)
    sheet.y += 7
    sheet.text(sheet.margin, sheet.y, "PODSUMOWANIE", size=10, style="B")
    top = sheet.y + 6
    y = top + 2
    stops = [sheet.margin + sheet.inner * f for f in (0.30, 0.47, 0.64, 0.79, 0.995)]
    heads = ("", "Wartość netto", "Stawka VAT", "VAT", "Wartość brutto")
    for x, head in zip(stops, heads, strict=True):
        sheet.text(x, y, head, size=8, style="B", align="R")
    y += 5
    for rate, net, vat, gross in rows:
        shown = f"{rate}%" if rate.isdigit() else rate
        for x, text in zip(stops, ("", net, shown, vat, gross), strict=True):
            sheet.text(x, y, text, size=8, align="R")
        y += 4.8
    currency = purchase.currency
    totals = (purchase.total_net, None, purchase.total_vat, purchase.total_gross)
    sheet.text(stops[0], y, "Razem:", size=8, style="B", align="R")
    for x, value in zip(stops[1:], totals, strict=True):
        text = "" if value is None else f"{writing.amount(value)} {currency}"
        sheet.text(x, y, text, size=8, style="B", align="R")
    y += 4.8
    for label, value in facts:
        if value is None:
            continue
        sheet.text(stops[0], y, label, size=8, style="B", align="R")
        sheet.text(stops[4], y, f"{writing.amount(value)} {currency}", size=8, align="R")
        y += 4.8
    sheet.text(stops[0], y, "Słownie:", size=8, style="B", align="R")
    words = blocks.in_words(purchase)
    sheet.text(stops[4], y, words, size=8, style="B", align="R")
    y += 4.8
    if purchase.seller.account:
        sheet.text(stops[0], y, "Konto bankowe:", size=8, style="B", align="R")
        account = blocks.spaced_account(purchase.seller.account)
        sheet.text(stops[4], y, account, size=8, align="R")
        y += 4.8
    sheet.text(stops[0], y, "Uwagi:", size=8, style="B", align="R")
    for text in blocks.remarks(purchase) or [""]:
        sheet.text(stops[4], y, text, size=8, align="R")
        y += 4.8
    sheet.box(sheet.margin, top, sheet.inner, y + 3 - top, border=LINE, line=0.4)
    sheet.y = y + 8
