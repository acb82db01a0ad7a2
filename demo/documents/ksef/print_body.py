"""Positions, sums, payment and the code of the newer printed form."""

from __future__ import annotations

from collections.abc import Sequence

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.ksef import printed
from demo.documents.ksef.code import certificate_link, verification_link
from demo.documents.ksef.print_parts import GREY, TABLE, pair, section
from demo.documents.purchase import InvoiceType, Purchase, PurchaseLine
from demo.documents.sheet import Column, Sheet


def _sized(
    sheet: Sheet, columns: Sequence[printed.PrintedColumn], rows: Sequence[Sequence[str]]
) -> list[Column]:
    """Widths by content; the name takes what is left, other text gives way when it is too much."""
    widths = []
    for number, column in enumerate(columns):
        cells = [row[number] for row in rows]
        natural = max(sheet.measure(text, 6.8) for text in [*cells, ""])
        head = sheet.measure(column.title, 6.8, "M")
        widths.append(max(min(natural, 42), head if len(columns) < 10 else head * 0.7) + 3.6)
    name = next((n for n, c in enumerate(columns) if c.kind == "name"), len(columns) - 1)
    others = sum(widths) - widths[name]
    if sheet.inner - others < 34:
        # Headings break before the name becomes unreadable.
        shrink = (sheet.inner - 34) / others
        widths = [w * shrink for w in widths]
        others = sum(widths) - widths[name]
    widths[name] = sheet.inner - others
    return [Column(c.kind, c.title, w, c.align) for c, w in zip(columns, widths, strict=True)]


def positions(sheet: Sheet, purchase: Purchase) -> None:
    ordered = purchase.type in (InvoiceType.ADVANCE, InvoiceType.ADVANCE_CORRECTION)
    if purchase.lines:
        section(sheet, "Zamówienie" if ordered else "Pozycje")
        if purchase.gross_priced:
            text = f"Faktura wystawiona w cenach brutto w walucie {purchase.currency}"
        else:
            text = f"Faktura wystawiona w walucie {purchase.currency}"
        sheet.text(sheet.margin, sheet.y, text, size=6.8, style="M")
        sheet.y += 5
        first, second = printed.column_sets(purchase)
        _table(sheet, first, purchase.lines)
        if second:
            sheet.y += 4
            _table(sheet, second, purchase.lines)
    sheet.need(12)
    sheet.y += 5
    amount = polish.money(purchase.total_gross)
    text = printed.total_line(purchase, amount)
    sheet.text(sheet.right, sheet.y, text, size=9.5, style="M", align="R", colour=GREY)
    sheet.y += 7
    if purchase.advances:
        section(sheet, "Faktury zaliczkowe", ruled=False)
        rows = [[str(n), a.ksef_number or a.number] for n, a in enumerate(purchase.advances, 1)]
        columns = [Column("lp", "Lp.", 10, "L"), Column("n", "Numer faktury", 90, "L")]
        sheet.table(columns, rows, TABLE)
        sheet.y += 5


def _table(
    sheet: Sheet, columns: Sequence[printed.PrintedColumn], lines: Sequence[PurchaseLine]
) -> None:
    rows = [
        [printed.text_of(column.kind, line, position) for column in columns]
        for position, line in enumerate(lines, 1)
    ]
    sheet.table(_sized(sheet, columns, rows), rows, TABLE)


def rates(sheet: Sheet, purchase: Purchase) -> None:
    if not purchase.rate_sums:
        return
    section(sheet, "Podsumowanie stawek podatku", ruled=False)
    quarter = (sheet.inner - 8) / 4
    columns = [
        Column("lp", "Lp.", 8, "L"),
        Column("rate", "Stawka podatku", quarter, "L"),
        Column("net", "Kwota netto", quarter),
        Column("vat", "Kwota podatku", quarter),
        Column("gross", "Kwota brutto", quarter),
    ]
    rows = [
        [
            str(number),
            printed.RATES.get(row.rate, row.rate),
            polish.money(row.net),
            polish.money(row.vat),
            polish.money(row.gross),
        ]
        for number, row in enumerate(purchase.rate_sums, 1)
    ]
    sheet.table(columns, rows, TABLE)
    sheet.y += 4


def more(sheet: Sheet, purchase: Purchase) -> None:
    marks = []
    if purchase.to_receipt:
        marks.append("- Faktura, o której mowa w art. 109 ust. 3d ustawy")
    if purchase.related:
        marks.append("- Istniejące powiązania między nabywcą a dokonującym dostawy towarów")
    if purchase.self_billed:
        marks.append("- Samofakturowanie")
    if purchase.split_payment:
        marks.append("- Mechanizm podzielonej płatności")
    if not marks and not purchase.notes:
        return
    section(sheet, "Dodatkowe informacje")
    for text in marks:
        sheet.text(sheet.margin, sheet.y, text, size=7)
        sheet.y += 3.5
    if purchase.notes:
        sheet.text(sheet.margin, sheet.y, "Dodatkowy opis", size=7, style="M")
        sheet.y += 4.5
        columns = [
            Column("lp", "Lp.", 8, "L"),
            Column("k", "Rodzaj informacji", 50, "L"),
            Column("v", "Treść informacji", sheet.inner - 58, "L"),
        ]
        rows = [[str(n), key, value] for n, (key, value) in enumerate(purchase.notes, 1)]
        sheet.table(columns, rows, TABLE)
    sheet.y += 4


def payment(sheet: Sheet, purchase: Purchase) -> None:
    section(sheet, "Płatność")
    if purchase.paid:
        sheet.y = pair(sheet, sheet.margin, sheet.y, "Informacja o płatności", "Zapłacono", 90)
        day = polish.day(purchase.issued_on, "dots")
        sheet.y = pair(sheet, sheet.margin, sheet.y, "Data zapłaty", day, 90)
    form = purchase.payment.capitalize()
    sheet.y = pair(sheet, sheet.margin, sheet.y, "Forma płatności", form, 90) + 1
    half = sheet.inner * 0.48
    if purchase.due_on is not None and not purchase.paid:
        columns = [Column("due", "Termin płatności", half, "L")]
        sheet.table(columns, [[polish.day(purchase.due_on, "dots")]], TABLE)
    sheet.y += 5
    if purchase.payment == "przelew" and purchase.seller.account:
        section(sheet, "Numer rachunku bankowego", ruled=False)
        rows = [
            ["Pełny numer rachunku", blocks.spaced_account(purchase.seller.account)],
            ["Nazwa banku", purchase.seller.bank],
        ]
        columns = [Column("k", "", 34, "L"), Column("v", "", half - 34, "L")]
        sheet.table(columns, rows, TABLE)
        sheet.y += 5
    if purchase.order_number or purchase.delivery_notes:
        section(sheet, "Warunki transakcji")
        if purchase.order_number:
            columns = [Column("o", "Numer zamówienia", half, "L")]
            sheet.table(columns, [[purchase.order_number]], TABLE)
            sheet.y += 3
        if purchase.delivery_notes:
            columns = [Column("wz", "Numer WZ", half, "L")]
            sheet.table(columns, [[note] for note in purchase.delivery_notes], TABLE)
        sheet.y += 5


def registers(sheet: Sheet, purchase: Purchase) -> None:
    seller = purchase.seller
    known = [
        (k, v) for k, v in (("KRS", seller.krs), ("REGON", seller.regon), ("BDO", seller.bdo)) if v
    ]
    if known:
        section(sheet, "Rejestry")
        columns = [Column(k, k, sheet.inner / len(known), "L") for k, _ in known]
        sheet.table(columns, [[v for _, v in known]], TABLE)
        sheet.y += 6


def code(sheet: Sheet, purchase: Purchase) -> None:
    sheet.need(62)
    section(sheet, "Sprawdź, czy Twoja faktura znajduje się w KSeF!")
    top = sheet.y - 2
    link = verification_link(purchase)
    sheet.picture(blocks.qr_picture(link), sheet.margin - 1, top, 48)
    x = sheet.margin + 55
    sheet.text(
        x, top + 3,
        "Nie możesz zeskanować kodu z obrazka? Kliknij w link weryfikacyjny i przejdź do "
        "weryfikacji faktury!", size=6.6, style="M",
    )  # fmt: skip
    y = top + 8
    for part in sheet.wrap(link, 88, 7):
        sheet.text(x, y, part, size=7, colour=(0, 0, 220))
        sheet.link(x, y, sheet.measure(part, 7), 3, link)
        y += 3.2
    number = (purchase.ksef.number if purchase.ksef else "") or "OFFLINE"
    sheet.text(sheet.margin, top + 49, number, size=7, style="M")
    if number == "OFFLINE":
        second = blocks.qr_picture(certificate_link(purchase))
        sheet.picture(second, x, top + 16, 40)
        sheet.text(x, top + 56, "CERTYFIKAT", size=7, style="M")
    system = purchase.ksef.system if purchase.ksef else ""
    sheet.y = top + 60
    if system:
        pair(sheet, sheet.margin, sheet.y, "Wytworzona w", system, 120)
