"""The printed form of the older official style sheet: narrow columns, broken headings."""

from __future__ import annotations

from decimal import Decimal

from demo.documents.invoices import blocks
from demo.documents.ksef import printed
from demo.documents.ksef.code import verification_link
from demo.documents.ksef.rows import decimal_text
from demo.documents.purchase import InvoiceType, Party, Purchase, PurchaseLine, cents
from demo.documents.sheet import Column, Sheet, TableStyle

HEAD = (220, 220, 220)
TABLE = TableStyle(size=5.6, head_size=5.2, head_fill=HEAD, rules="all", rule_width=0.25, pad=0.6)
WIDE = TableStyle(size=9, head_size=7.5, head_fill=HEAD, rules="all", rule_width=0.25, pad=0.8)
# kind, heading, share of the width; all eighteen are drawn, empty or not
COLUMNS = (
    ("lp", "Numer wiersza faktury", 22), ("uu_id", "Unikalny numer wiersza faktury", 36),
    ("name", "Nazwa (rodzaj) towaru lub usługi", 90), ("index", "Indeks", 32),
    ("unit", "Jednostka miary", 28), ("quantity", "Ilość", 32), ("price", "Cena jednostkowa", 42),
    ("discount", "Opusty i obniżki cen", 30), ("value", "Wartość sprzedaży", 44),
    ("vat", "Kwota VAT", 30), ("rate", "Stawka podatku", 28),
    ("oss", "Stawka podatku od wartości dodanej", 24), ("day", "Data dokonania dostawy", 34),
    ("class", "Klasyfikacja", 44), ("excise", "Kwota podatku akcyzowego", 30),
    ("gtu", "Oznaczenie dotyczące dostawy", 28), ("kurs", "Kurs waluty", 24),
    ("before", "Znacznik stanu przed korektą", 30),
)  # fmt: skip


def draw_sheet(purchase: Purchase, _: int) -> Sheet:
    """The whole print-out; its pages carry no numbers."""
    sheet = Sheet(
        "arimo", issued_on=purchase.issued_on, title=purchase.number, margin=11, bottom=10
    )
    _title(sheet, purchase)
    _facts(sheet, purchase)
    _parties(sheet, purchase)
    if purchase.lines:
        _positions(sheet, purchase)
    _rates(sheet, purchase)
    _rest(sheet, purchase)
    _code(sheet, purchase)
    return sheet


def _title(sheet: Sheet, purchase: Purchase) -> None:
    form = purchase.ksef.form if purchase.ksef else 3
    sheet.box(sheet.margin, sheet.y - 3, sheet.inner, 13, fill=(204, 219, 255), border=None)
    sheet.text(sheet.margin, sheet.y - 2, "FA", size=19, style="B")
    sheet.text(sheet.margin + 11, sheet.y + 1.5, f"({form})", size=10)
    sheet.text(sheet.margin, sheet.y + 6, "Kod systemowy", size=9)
    sheet.text(sheet.margin + 24, sheet.y + 6, f"FA ({form})", size=9, style="B")
    sheet.y += 11
    sheet.text(sheet.margin, sheet.y, "Krajowy System ", size=9, style="B")
    x = sheet.margin + sheet.measure("Krajowy System ", 9, "B")
    sheet.text(x, sheet.y, "e", size=9, style="B", colour=(220, 20, 20))
    sheet.text(x + sheet.measure("e", 9, "B"), sheet.y, "-Faktur (KSeF)", size=9, style="B")
    sheet.y += 5
    sheet.box(sheet.margin, sheet.y, sheet.inner, 7, fill=(211, 211, 211), border=None)
    title = printed.title(purchase).upper()
    sheet.text(sheet.width / 2, sheet.y + 1, title, size=12, style="B", align="C")
    sheet.y += 13


def _fact(sheet: Sheet, label: str, value: str, *, size: float = 9) -> None:
    text = f"{label}: "
    sheet.need(8)
    width = sheet.measure(text, size)
    if width + sheet.measure(value, size, "B") > sheet.inner:
        sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, text, size=size)
        sheet.y = sheet.para(sheet.margin, sheet.y, sheet.inner, value, size=size, style="B")
        return
    sheet.text(sheet.margin, sheet.y, text, size=size)
    sheet.text(sheet.margin + width, sheet.y, value, size=size, style="B")
    sheet.y += size * 0.43


def _facts(sheet: Sheet, purchase: Purchase) -> None:
    _fact(sheet, "Kod waluty (ISO 4217)", purchase.currency)
    _fact(sheet, "Kolejny numer faktury", purchase.number)
    _fact(
        sheet, "Data wystawienia, z zastrzeżeniem art. 106na ust. 1 ustawy",
        purchase.issued_on.isoformat(),
    )  # fmt: skip
    if purchase.place:
        _fact(sheet, "Miejsce wystawienia faktury", purchase.place)
    if purchase.sold_on is not None:
        _fact(
            sheet, "Data dokonania lub zakończenia dostawy towarów lub wykonania usługi",
            purchase.sold_on.isoformat(),
        )  # fmt: skip
    for note in purchase.delivery_notes:
        _fact(sheet, "Numer dokumentu magazynowego WZ", note)
    correction = purchase.correction
    if correction is not None:
        sheet.y += 2
        if correction.reason:
            _fact(sheet, "Przyczyna korekty dla faktur korygujących", correction.reason)
        _fact(sheet, "Typ skutku korekty", printed.EFFECTS[correction.effect])
        for original in correction.originals:
            _fact(sheet, "Data wystawienia faktury korygowanej", original.issued_on.isoformat())
            _fact(sheet, "Numer faktury korygowanej", original.number)
            if original.ksef_number:
                label = "Numer identyfikujący fakturę korygowaną w KSeF"
                _fact(sheet, label, original.ksef_number)
        if correction.period:
            _fact(sheet, "Okres, do którego odnosi się udzielany opust", correction.period)
    sheet.y += 5


def _party_rows(party: Party, buyer: bool) -> list[tuple[str, str]]:
    who = "nabywcy" if buyer else "podatnika"
    rows = [("NIP: ", party.nip)] if party.nip else [("Brak ID: ", "1")]
    if party.eu_vat and not party.nip:
        rows = [("Numer VAT UE: ", party.eu_vat)]
    rows.append(("Imię i nazwisko lub nazwa: ", party.name))
    if party.street or party.city:
        rows.append((f"*Adres {who}", ""))
        rows.append(("Kod kraju: ", "PL"))
        rows.append(("Adres: ", f"{party.street} {party.town}".strip()))
    if party.email or party.phone:
        rows.append((f"*Dane kontaktowe {who}", ""))
        if party.email:
            rows.append(("Adres e-mail: ", f"{party.email},"))
        if party.phone:
            rows.append(("Numer telefonu: ", f"{party.phone},"))
    if party.customer_number:
        rows.append(("Numer klienta: ", party.customer_number))
    if buyer:
        rows.append(("Faktura dotyczy jednostki podrzędniej JST: ", "Nie"))
        rows.append(("Faktura dotyczy członka GV: ", "Nie"))
    return rows


def _parties(sheet: Sheet, purchase: Purchase) -> None:
    half = sheet.inner / 2
    ends = []
    top = sheet.y
    former = purchase.correction.former_buyer if purchase.correction else None
    for x, label, party, buyer in (
        (sheet.margin, "SPRZEDAWCA", purchase.seller, False),
        (sheet.margin + half, "NABYWCA", purchase.buyer, True),
    ):
        sheet.text(x, top, label, size=9, style="B")
        ends.append(_rows(sheet, x, top + 6, half - 3, _party_rows(party, buyer)))
    sheet.y = max(ends) + 4
    others = [(f"PODMIOT TRZECI {n}", t.party) for n, t in enumerate(purchase.third_parties, 1)]
    if former is not None:
        others.append(("DANE NABYWCY PRZED KOREKTĄ", former))
    for label, party in others:
        sheet.need(35)
        sheet.text(sheet.margin, sheet.y, label, size=9, style="B")
        sheet.y = _rows(sheet, sheet.margin, sheet.y + 6, half, _party_rows(party, False)) + 4


def _rows(sheet: Sheet, x: float, y: float, width: float, rows: list[tuple[str, str]]) -> float:
    for label, value in rows:
        if label.startswith("*"):
            sheet.text(x, y, label[1:], size=9, style="B")
            y += 4.2
        else:
            y = sheet.para(x, y, width, f"{label}{value}", size=9)
    return y


def dotted(value: Decimal) -> str:
    """Amounts with a point and without noughts at the end."""
    return decimal_text(value)


def _cell(kind: str, line: PurchaseLine, position: int) -> str:
    if kind == "price":
        if line.unit_price is None:
            return ""
        return f"{dotted(line.unit_price)} {'brutto' if line.gross_priced else 'netto'}"
    if kind == "value":
        if line.value is None:
            return ""
        return f"{dotted(line.value)} {'brutto' if line.gross_priced else 'netto'}"
    if kind == "quantity":
        return "" if line.quantity is None else dotted(line.quantity)
    if kind == "class":
        return f"GTIN: {line.gtin}" if line.gtin else ""
    if kind == "before":
        return "Tak" if line.before else ""
    if kind == "day":
        return line.delivered_on.isoformat() if line.delivered_on else ""
    if kind == "discount":
        taken = line.discount_amount
        if line.discount_percent and line.unit_price is not None:
            taken = cents(line.unit_price - (line.price_after_discount or Decimal(0)))
        return dotted(taken) if taken else ""
    if kind in ("vat", "oss", "excise", "gtu", "kurs"):
        return ""
    return printed.text_of(kind, line, position)


def _positions(sheet: Sheet, purchase: Purchase) -> None:
    scale = sheet.inner / sum(share for _, _, share in COLUMNS)
    columns = [
        Column(
            kind, head, share * scale,
            "R" if kind in ("quantity", "price", "value", "discount") else "L",
        )
        for kind, head, share in COLUMNS
    ]  # fmt: skip
    rows = [
        [_cell(c.kind, line, position) for c in columns]
        for position, line in enumerate(purchase.lines, 1)
    ]
    if purchase.type in (InvoiceType.ADVANCE, InvoiceType.ADVANCE_CORRECTION):
        sheet.text(sheet.margin, sheet.y, "Zamówienie", size=9, style="B")
        sheet.y += 5
    sheet.table(columns, rows, TABLE)
    sheet.y += 5


def _rates(sheet: Sheet, purchase: Purchase) -> None:
    if purchase.rate_sums:
        sheet.need(30)
        sheet.text(sheet.margin, sheet.y, "Podsumowanie wg stawek", size=9, style="B")
        sheet.y += 6
        names = {"23": "22% lub 23%", "8": "7% lub 8%"}
        columns = [
            Column("rate", "Stawka VAT", 34, "L"),
            Column("net", "Suma wartości sprzedaży netto", 46),
            Column("vat", "Kwota podatku od sumy wartości sprzedaży netto", 46),
        ]
        rows = [
            [
                names.get(row.rate, printed.RATES.get(row.rate, row.rate)),
                dotted(row.net),
                dotted(row.vat),
            ]
            for row in purchase.rate_sums
        ]
        sheet.table(columns, rows, WIDE)
        sheet.y += 5
    sheet.need(10)
    text = printed.total_line(purchase, dotted(purchase.total_gross))
    sheet.text(sheet.margin, sheet.y, text, size=9, style="B")
    sheet.y += 8


def _rest(sheet: Sheet, purchase: Purchase) -> None:
    sheet.need(24)
    sheet.text(sheet.margin, sheet.y, "Warunki płatności", size=9, style="B")
    sheet.y += 5
    if purchase.paid:
        _fact(sheet, "Należność zapłacona, data zapłaty", purchase.issued_on.isoformat())
    elif purchase.due_on is not None:
        _fact(sheet, "Termin płatności", purchase.due_on.isoformat())
    _fact(sheet, "Forma płatności", purchase.payment.capitalize())
    if purchase.payment == "przelew" and purchase.seller.account:
        _fact(sheet, "Numer rachunku bankowego", purchase.seller.account)
    sheet.y += 4
    for label, yes in (
        ("Faktura do paragonu", purchase.to_receipt),
        ("Istniejące powiązania", purchase.related),
        ("Samofakturowanie", purchase.self_billed),
        ("Mechanizm podzielonej płatności", purchase.split_payment),
    ):
        if yes:
            _fact(sheet, label, "1. Tak")
    for advance in purchase.advances:
        _fact(sheet, "Numer faktury zaliczkowej", advance.ksef_number or advance.number)
    if purchase.notes:
        sheet.need(20)
        sheet.text(sheet.margin, sheet.y, "Dodatkowy opis", size=9, style="B")
        sheet.y += 5
        half = sheet.inner / 2
        columns = [Column("k", "Klucz", half, "L"), Column("v", "Wartość", half, "L")]
        sheet.table(columns, [[k, v] for k, v in purchase.notes], WIDE)
        sheet.y += 4
    if purchase.order_number:
        _fact(sheet, "Numer zamówienia", purchase.order_number)


def _code(sheet: Sheet, purchase: Purchase) -> None:
    sheet.need(56)
    sheet.y += 3
    picture = blocks.qr_picture(verification_link(purchase))
    sheet.picture(picture, sheet.width / 2 - 20, sheet.y, 40)
    number = (purchase.ksef.number if purchase.ksef else "") or "OFFLINE"
    sheet.text(sheet.width / 2, sheet.y + 40, "Numer KSeF", size=7, align="C")
    sheet.text(sheet.width / 2, sheet.y + 43.5, number, size=8, style="B", align="C")
    sheet.y += 50
