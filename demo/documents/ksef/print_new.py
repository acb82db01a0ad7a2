"""The printed form that the tax administration's current generator draws."""

from __future__ import annotations

from collections.abc import Sequence

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.ksef import printed
from demo.documents.ksef.code import verification_link
from demo.documents.purchase import InvoiceType, Party, Purchase, PurchaseLine
from demo.documents.sheet import Column, Sheet, TableStyle

GREY = (80, 84, 92)
LINE = (186, 186, 190)
TABLE = TableStyle(
    size=6.8,
    head_size=6.8,
    head_style="M",
    head_align="",
    head_fill=(246, 247, 252),
    rules="all",
    rule_colour=LINE,
    rule_width=0.3,
    pad=1.5,
)


def draw_new(purchase: Purchase, pages: int) -> Sheet:
    """The whole print-out; `pages` is the number of its pages, from a first drawing."""
    sheet = Sheet(
        "roboto", issued_on=purchase.issued_on, title=purchase.number, margin=14, bottom=22
    )

    def foot(s: Sheet) -> None:
        s.text(s.right, s.height - 16, f"{s.pages} z {pages}", size=6.8, align="R", style="M")

    sheet.on_new_page = foot
    foot(sheet)
    _title(sheet, purchase)
    _corrected(sheet, purchase)
    _parties(sheet, purchase)
    _details(sheet, purchase)
    _positions(sheet, purchase)
    _rates(sheet, purchase)
    _more(sheet, purchase)
    _payment(sheet, purchase)
    _registers(sheet, purchase)
    _code(sheet, purchase)
    return sheet


def _title(sheet: Sheet, purchase: Purchase) -> None:
    y = sheet.y
    sheet.text(sheet.margin, y, "Krajowy System ", size=17)
    x = sheet.margin + sheet.measure("Krajowy System ", 17)
    sheet.text(x, y, "e", size=17, style="B", colour=(220, 20, 20))
    sheet.text(x + sheet.measure("e", 17, "B"), y, "-Faktur", size=17, style="M")
    rows = (
        ("Numer Faktury:", 8.5, ""),
        (purchase.number, 15, "M"),
        (printed.title(purchase), 8.5, ""),
    )
    y += 9
    for text, size, style in rows:
        sheet.text(sheet.right, y, text, size=size, style=style, align="R")
        y += size * 0.5
    number = (purchase.ksef.number if purchase.ksef else "") or "OFFLINE"
    sheet.text(sheet.right, y, number, size=8.5, align="R")
    x = sheet.right - sheet.measure(number, 8.5)
    sheet.text(x, y, "Numer KSEF:", size=8.5, style="M", align="R")
    sheet.y = y + 8


def _section(sheet: Sheet, name: str, *, ruled: bool = True) -> None:
    sheet.need(22)
    if ruled:
        sheet.rule(sheet.margin, sheet.y, sheet.right, sheet.y, colour=LINE, width=0.3)
        sheet.y += 4
    if name:
        sheet.text(sheet.margin, sheet.y, name, size=9.5, style="M", colour=GREY)
        sheet.y += 7.5


def _pair(sheet: Sheet, x: float, y: float, label: str, value: str, width: float) -> float:
    """`Label: value` with the label in medium weight; answers the y below."""
    text = f"{label}: "
    indent = sheet.measure(text, 7, "M")
    lines = sheet.wrap(value, width - indent, 7)
    if len(lines) > 1 and indent > width * 0.5:
        sheet.text(x, y, text, size=7, style="M")
        return sheet.para(x, y + 3.1, width, value, size=7)
    sheet.text(x, y, text, size=7, style="M")
    for number, line in enumerate(lines):
        sheet.text(x + (indent if number == 0 else 0), y, line, size=7)
        y += 3.1
    return y


def _party(sheet: Sheet, x: float, y: float, party: Party, width: float, buyer: bool) -> float:
    if party.nip:
        y = _pair(sheet, x, y, "NIP", party.nip, width)
    elif party.eu_vat:
        y = _pair(sheet, x, y, "Numer Vat-UE", party.eu_vat, width)
    else:
        y = _pair(sheet, x, y, "Brak identyfikatora", "Tak", width)
    y = _pair(sheet, x, y, "Nazwa", party.name, width)
    if party.street or party.city:
        y += 3
        sheet.text(x, y, "Adres", size=7, style="M", colour=GREY)
        y += 3.3
        for line in (party.street, party.town, "Polska"):
            if line:
                sheet.text(x, y, line, size=7)
                y += 3.1
    contact = [(k, v) for k, v in (("E-mail", party.email), ("Tel.", party.phone)) if v]
    if contact:
        y += 3
        sheet.text(x, y, "Dane kontaktowe", size=7, style="M", colour=GREY)
        y += 3.3
        for label, value in contact:
            y = _pair(sheet, x, y, label, value, width)
    if party.customer_number:
        y = _pair(sheet, x, y, "Numer klienta", party.customer_number, width)
    if buyer:
        y += 2.5
        for text in (
            "Faktura dotyczy jednostki podrzędnej JST: NIE",
            "Faktura dotyczy członka grupy GV: NIE",
        ):
            sheet.text(x, y, text, size=7, style="M")
            y += 3.1
    return y


def _corrected(sheet: Sheet, purchase: Purchase) -> None:
    correction = purchase.correction
    if correction is None:
        return
    _section(sheet, "")
    half = sheet.inner / 2
    x2 = sheet.margin + half + 2
    top = sheet.y
    y = top
    sheet.text(sheet.margin, y, "Dane faktury korygowanej", size=9.5, style="M", colour=GREY)
    y += 7.5
    if correction.reason:
        y = _pair(
            sheet, sheet.margin, y, "Przyczyna korekty dla faktur korygujących", correction.reason,
            half - 6,
        )  # fmt: skip
    effect = printed.EFFECTS[correction.effect]
    y = _pair(sheet, sheet.margin, y, "Typ skutku korekty", effect, half - 6)
    if correction.period:
        label = "Okres, do którego odnosi się udzielany opust lub obniżka"
        y = _pair(sheet, sheet.margin, y, label, correction.period, half - 6)
    left_end = y
    y = top
    for original in correction.originals:
        if y + 18 > sheet.limit:
            sheet.new_page()
            y, left_end = sheet.y, sheet.y
        head = "Dane identyfikacyjne faktury korygowanej"
        sheet.text(x2, y, head, size=9.5, style="M", colour=GREY)
        y += 7.5
        label = "Data wystawienia faktury, której dotyczy faktura korygująca"
        y = _pair(sheet, x2, y, label, polish.day(original.issued_on, "iso"), half)
        y = _pair(sheet, x2, y, "Numer faktury korygowanej", original.number, half)
        if original.ksef_number:
            label = "Numer KSeF faktury korygowanej"
            y = _pair(sheet, x2, y, label, original.ksef_number, half)
        y += 3
    sheet.y = max(left_end, y) + 5
    if correction.former_buyer is not None:
        _section(sheet, "Dane nabywcy przed korektą")
        former = correction.former_buyer
        sheet.y = _party(sheet, sheet.margin, sheet.y, former, half, False) + 5


def _parties(sheet: Sheet, purchase: Purchase) -> None:
    _section(sheet, "")
    half = sheet.inner / 2
    top = sheet.y
    ends = []
    for x, label, party, buyer in (
        (sheet.margin, "Sprzedawca", purchase.seller, False),
        (sheet.margin + half + 2, "Nabywca", purchase.buyer, True),
    ):
        sheet.text(x, top, label, size=9.5, style="M", colour=GREY)
        ends.append(_party(sheet, x, top + 7.5, party, half - 4, buyer))
    sheet.y = max(ends) + 5
    for number, third in enumerate(purchase.third_parties, 1):
        _section(sheet, f"Podmiot inny {number}")
        y = _party(sheet, sheet.margin, sheet.y, third.party, half - 4, False)
        if third.role:
            y = _pair(sheet, sheet.margin, y, "Rola", printed.ROLES.get(third.role, ""), half)
        else:
            y = _pair(sheet, sheet.margin, y, "Rola inna", third.role_text, half)
        sheet.y = y + 5


def _details(sheet: Sheet, purchase: Purchase) -> None:
    _section(sheet, "Szczegóły")
    half = sheet.inner / 2
    day = polish.day(purchase.issued_on, "dots")
    label = "Data wystawienia, z zastrzeżeniem art. 106na ust. 1 ustawy"
    left = _pair(sheet, sheet.margin, sheet.y, label, day, half)
    if purchase.sold_on is not None and not any(x.delivered_on for x in purchase.lines):
        label = "Data dokonania lub zakończenia dostawy towarów lub wykonania usługi"
        left = _pair(
            sheet, sheet.margin, left, label, polish.day(purchase.sold_on, "dots"), half - 4
        )
    right = sheet.y
    if purchase.place:
        right = _pair(
            sheet, sheet.margin + half + 2, right, "Miejsce wystawienia", purchase.place, half
        )
    right = _pair(sheet, sheet.margin + half + 2, right, "Kod waluty", purchase.currency, half)
    sheet.y = max(left, right) + 5


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


def _positions(sheet: Sheet, purchase: Purchase) -> None:
    ordered = purchase.type in (InvoiceType.ADVANCE, InvoiceType.ADVANCE_CORRECTION)
    if purchase.lines:
        _section(sheet, "Zamówienie" if ordered else "Pozycje")
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
        _section(sheet, "Faktury zaliczkowe", ruled=False)
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


def _rates(sheet: Sheet, purchase: Purchase) -> None:
    if not purchase.rate_sums:
        return
    _section(sheet, "Podsumowanie stawek podatku", ruled=False)
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


def _more(sheet: Sheet, purchase: Purchase) -> None:
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
    _section(sheet, "Dodatkowe informacje")
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


def _payment(sheet: Sheet, purchase: Purchase) -> None:
    _section(sheet, "Płatność")
    if purchase.paid:
        sheet.y = _pair(sheet, sheet.margin, sheet.y, "Informacja o płatności", "Zapłacono", 90)
        day = polish.day(purchase.issued_on, "dots")
        sheet.y = _pair(sheet, sheet.margin, sheet.y, "Data zapłaty", day, 90)
    form = purchase.payment.capitalize()
    sheet.y = _pair(sheet, sheet.margin, sheet.y, "Forma płatności", form, 90) + 1
    half = sheet.inner * 0.48
    if purchase.due_on is not None and not purchase.paid:
        columns = [Column("due", "Termin płatności", half, "L")]
        sheet.table(columns, [[polish.day(purchase.due_on, "dots")]], TABLE)
    sheet.y += 5
    if purchase.payment == "przelew" and purchase.seller.account:
        _section(sheet, "Numer rachunku bankowego", ruled=False)
        rows = [
            ["Pełny numer rachunku", blocks.spaced_account(purchase.seller.account)],
            ["Nazwa banku", purchase.seller.bank],
        ]
        columns = [Column("k", "", 34, "L"), Column("v", "", half - 34, "L")]
        sheet.table(columns, rows, TABLE)
        sheet.y += 5
    if purchase.order_number or purchase.delivery_notes:
        _section(sheet, "Warunki transakcji")
        if purchase.order_number:
            columns = [Column("o", "Numer zamówienia", half, "L")]
            sheet.table(columns, [[purchase.order_number]], TABLE)
            sheet.y += 3
        if purchase.delivery_notes:
            columns = [Column("wz", "Numer WZ", half, "L")]
            sheet.table(columns, [[note] for note in purchase.delivery_notes], TABLE)
        sheet.y += 5


def _registers(sheet: Sheet, purchase: Purchase) -> None:
    seller = purchase.seller
    known = [
        (k, v) for k, v in (("KRS", seller.krs), ("REGON", seller.regon), ("BDO", seller.bdo)) if v
    ]
    if known:
        _section(sheet, "Rejestry")
        columns = [Column(k, k, sheet.inner / len(known), "L") for k, _ in known]
        sheet.table(columns, [[v for _, v in known]], TABLE)
        sheet.y += 6


def _code(sheet: Sheet, purchase: Purchase) -> None:
    sheet.need(62)
    _section(sheet, "Sprawdź, czy Twoja faktura znajduje się w KSeF!")
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
    system = purchase.ksef.system if purchase.ksef else ""
    sheet.y = top + 60
    if system:
        _pair(sheet, sheet.margin, sheet.y, "Wytworzona w", system, 120)
