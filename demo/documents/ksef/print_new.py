"""The printed form that the tax administration's current generator draws."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.ksef import print_body as body
from demo.documents.ksef import printed
from demo.documents.ksef.print_parts import GREY, pair, section
from demo.documents.purchase import Party, Purchase
from demo.documents.sheet import Sheet


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
    body.positions(sheet, purchase)
    body.rates(sheet, purchase)
    body.more(sheet, purchase)
    body.payment(sheet, purchase)
    body.registers(sheet, purchase)
    body.code(sheet, purchase)
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


def _party(sheet: Sheet, x: float, y: float, party: Party, width: float, buyer: bool) -> float:
    if party.nip:
        y = pair(sheet, x, y, "NIP", party.nip, width)
    elif party.eu_vat:
        y = pair(sheet, x, y, "Numer Vat-UE", party.eu_vat, width)
    else:
        y = pair(sheet, x, y, "Brak identyfikatora", "Tak", width)
    y = pair(sheet, x, y, "Nazwa", party.name, width)
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
            y = pair(sheet, x, y, label, value, width)
    if party.customer_number:
        y = pair(sheet, x, y, "Numer klienta", party.customer_number, width)
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
    section(sheet, "")
    half = sheet.inner / 2
    x2 = sheet.margin + half + 2
    top = sheet.y
    y = top
    sheet.text(sheet.margin, y, "Dane faktury korygowanej", size=9.5, style="M", colour=GREY)
    y += 7.5
    if correction.reason:
        y = pair(
            sheet, sheet.margin, y, "Przyczyna korekty dla faktur korygujących", correction.reason,
            half - 6,
        )  # fmt: skip
    effect = printed.EFFECTS[correction.effect]
    y = pair(sheet, sheet.margin, y, "Typ skutku korekty", effect, half - 6)
    if correction.period:
        label = "Okres, do którego odnosi się udzielany opust lub obniżka"
        y = pair(sheet, sheet.margin, y, label, correction.period, half - 6)
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
        y = pair(sheet, x2, y, label, polish.day(original.issued_on, "iso"), half)
        y = pair(sheet, x2, y, "Numer faktury korygowanej", original.number, half)
        if original.ksef_number:
            label = "Numer KSeF faktury korygowanej"
            y = pair(sheet, x2, y, label, original.ksef_number, half)
        y += 3
    sheet.y = max(left_end, y) + 5
    if correction.former_buyer is not None:
        section(sheet, "Dane nabywcy przed korektą")
        former = correction.former_buyer
        sheet.y = _party(sheet, sheet.margin, sheet.y, former, half, False) + 5


def _parties(sheet: Sheet, purchase: Purchase) -> None:
    section(sheet, "")
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
        section(sheet, f"Podmiot inny {number}")
        y = _party(sheet, sheet.margin, sheet.y, third.party, half - 4, False)
        if third.role:
            y = pair(sheet, sheet.margin, y, "Rola", printed.ROLES.get(third.role, ""), half)
        else:
            y = pair(sheet, sheet.margin, y, "Rola inna", third.role_text, half)
        sheet.y = y + 5


def _details(sheet: Sheet, purchase: Purchase) -> None:
    section(sheet, "Szczegóły")
    half = sheet.inner / 2
    day = polish.day(purchase.issued_on, "dots")
    label = "Data wystawienia, z zastrzeżeniem art. 106na ust. 1 ustawy"
    left = pair(sheet, sheet.margin, sheet.y, label, day, half)
    if purchase.sold_on is not None and not any(x.delivered_on for x in purchase.lines):
        label = "Data dokonania lub zakończenia dostawy towarów lub wykonania usługi"
        left = pair(
            sheet, sheet.margin, left, label, polish.day(purchase.sold_on, "dots"), half - 4
        )
    right = sheet.y
    if purchase.place:
        right = pair(
            sheet, sheet.margin + half + 2, right, "Miejsce wystawienia", purchase.place, half
        )
    right = pair(sheet, sheet.margin + half + 2, right, "Kod waluty", purchase.currency, half)
    sheet.y = max(left, right) + 5
