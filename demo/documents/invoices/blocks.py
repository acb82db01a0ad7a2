"""Parts that invoice layouts share: parties, VAT table, words, signatures, e-invoice code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import segno
from PIL import Image

from demo.documents import polish
from demo.documents.invoices.cells import Writing, rate_rows
from demo.documents.ksef.code import certificate_link, verification_link
from demo.documents.purchase import InvoiceType, Party, Purchase
from demo.documents.sheet import Column, Sheet, TableStyle

TITLES = {
    InvoiceType.VAT: "Faktura VAT",
    InvoiceType.SIMPLIFIED: "Faktura uproszczona",
    InvoiceType.ADVANCE: "Faktura zaliczkowa",
    InvoiceType.FINAL: "Faktura końcowa",
    InvoiceType.CORRECTION: "Faktura korygująca",
    InvoiceType.ADVANCE_CORRECTION: "Faktura korygująca zaliczkową",
    InvoiceType.FINAL_CORRECTION: "Faktura korygująca końcową",
}


def title(purchase: Purchase) -> str:
    """What the document calls itself."""
    return purchase.heading or TITLES[purchase.type]


def party_lines(party: Party, writing: Writing, *, full: bool = False) -> list[str]:
    """Name, address and NIP, and for sellers what else programs print under them."""
    lines = [party.name, party.street, party.town]
    if party.nip:
        lines.append(f"NIP: {polish.nip(party.nip, writing.nip)}")
    if full:
        if party.regon:
            lines.append(f"REGON: {party.regon}")
        if party.bdo:
            lines.append(f"BDO: {party.bdo}")
    return [line for line in lines if line]


def spaced_account(account: str) -> str:
    return " ".join([account[:2], *(account[i : i + 4] for i in range(2, 26, 4))])


def draw_party(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    label: str,
    lines: Sequence[str],
    *,
    size: float = 9,
    label_size: float = 9,
    bold_name: bool = True,
) -> float:
    """A labelled address; answers the y below."""
    if label:
        sheet.text(x, y, label, size=label_size, style="B")
        y += label_size * 0.52
    for number, line in enumerate(lines):
        style = "B" if number == 0 and bold_name else ""
        y = sheet.para(x, y, width, line, size=size, style=style)
    return y


def rate_table(
    sheet: Sheet,
    purchase: Purchase,
    writing: Writing,
    style: TableStyle,
    *,
    x: float,
    widths: tuple[float, float, float, float] = (20, 26, 24, 28),
    titles: tuple[str, str, str, str] = ("Stawka VAT", "Wartość netto", "Kwota VAT", "Brutto"),
    total: str = "Razem",
) -> None:
    """VAT per rate and, when asked for, the row of totals under it."""
    columns = [
        Column("rate", titles[0], widths[0], "C"),
        *(Column(k, t, w) for k, t, w in zip("nvg", titles[1:], widths[1:], strict=True)),
    ]
    rows = rate_rows(purchase.rate_sums, writing)
    if total:
        rows.append(
            [
                total,
                writing.amount(purchase.total_net),
                writing.amount(purchase.total_vat),
                writing.amount(purchase.total_gross),
            ]
        )
    sheet.need((len(rows) + 1) * (style.size * 0.45 + 2 * style.pad))
    sheet.table(columns, rows, style, x=x)


def due(purchase: Purchase) -> Decimal:
    """What is still to pay when the document is printed."""
    return Decimal(0) if purchase.paid else purchase.total_gross


def in_words(purchase: Purchase, style: str = "hundredths") -> str:
    return polish.amount_in_words(purchase.total_gross, currency=purchase.currency, style=style)


def signatures(sheet: Sheet, left: str, right: str, *, size: float = 7, dots: bool = True) -> None:
    """Two places to sign."""
    sheet.need(24)
    y = sheet.y + 16
    width = sheet.inner * 0.36
    for x, text in ((sheet.margin, left), (sheet.right - width, right)):
        if dots:
            sheet.rule(x, y, x + width, y, dash=0.5)
        sheet.para(x, y + 1, width, text, size=size, align="C")
    sheet.y = y + 8


def qr_picture(text: str) -> Image.Image:
    """A QR code as a black and white picture, ten pixels a module."""
    buffer = io.BytesIO()
    segno.make(text, error="m", boost_error=False).save(buffer, kind="png", scale=6, border=4)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("L")


def ksef_code(sheet: Sheet, purchase: Purchase, *, size_mm: float = 32, x: float = 0) -> None:
    """KOD I with its number, or OFFLINE while there is none; nothing for invoices outside KSeF."""
    if purchase.ksef is None:
        return
    sheet.need(size_mm + 8)
    left = x or sheet.margin
    link = verification_link(purchase)
    sheet.picture(qr_picture(link), left, sheet.y + 1, size_mm)
    sheet.link(left, sheet.y + 1, size_mm, size_mm, link)
    label = purchase.ksef.number or "OFFLINE"
    sheet.text(left, sheet.y + size_mm + 1.5, label, size=7)
    if purchase.ksef.number:
        sheet.text(left + size_mm + 3, sheet.y + 6, "Numer KSeF:", size=7.5, style="B")
        sheet.text(left + size_mm + 3, sheet.y + 10, purchase.ksef.number, size=7.5)
    else:
        second = left + size_mm + 6
        sheet.picture(qr_picture(certificate_link(purchase)), second, sheet.y + 1, size_mm)
        sheet.text(second, sheet.y + size_mm + 1.5, "CERTYFIKAT", size=7)
    sheet.y += size_mm + 6


def remarks(purchase: Purchase) -> list[str]:
    """Sentences that the law or the seller puts under the sums."""
    texts = [f"{key}: {value}" for key, value in purchase.notes]
    if purchase.split_payment:
        texts.append("Mechanizm podzielonej płatności")
    if purchase.self_billed:
        texts.append("Samofakturowanie")
    if purchase.to_receipt:
        texts.append("Faktura do paragonu fiskalnego")
    return texts


def mark(sheet: Sheet, purchase: Purchase, x: float, y: float, *, size: float = 9) -> None:
    """ORYGINAŁ, KOPIA or DUPLIKAT where the program prints it."""
    if purchase.marks:
        sheet.text(x, y, " / ".join(purchase.marks), size=size, style="B", align="R")
