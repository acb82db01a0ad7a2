"""The paper in the parcel: says that it is a reward, for whom, what, and what if nobody is there.

Content required by the programme's rules: docs/logistics.md. Prices never stand on it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import segno
import zxingcpp
from PIL import Image

from core.pdf import new_document

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 148.0, 210.0, 9.0  # A5
Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SlipItem:
    name: str
    quantity: int
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """All that the paper says; texts of the carrier come from its settings, in this language."""

    program: str
    organiser: str
    order_number: str
    shipment_number: str
    recipient: Sequence[str]  # name, firm, street, postcode and city
    phone: str
    point: str
    items: Sequence[SlipItem]
    carrier: str
    absence: str
    wish: str
    helpdesk: str
    sender: Sequence[str]
    tracking_url: str
    language: str


def render(slip: Slip, *, gettext: Gettext, second: Gettext | None = None) -> bytes:
    """The slip as PDF (A5). With `second`, the headline also stands in another language."""
    document = new_document(
        title=slip.shipment_number,
        language=slip.language,
        width_mm=WIDTH_MM,
        height_mm=HEIGHT_MM,
    )
    document.set_margins(MARGIN_MM, MARGIN_MM)
    document.alias_nb_pages()
    document.add_page()
    _headline(document, gettext, second)
    _people(document, slip, gettext)
    _items(document, slip, gettext)
    _box(document, gettext("Co, jeśli mnie nie będzie?"), _absence(slip, gettext))
    _box(
        document,
        gettext("Sprawdź paczkę przy kurierze"),
        gettext(
            "Jeśli opakowanie jest uszkodzone, zrób zdjęcia paczki i etykiety oraz spisz z "
            "kurierem protokół szkody. Zgłoś reklamację w ciągu 7 dni na stronie z kodu powyżej."
        )
        + " "
        + gettext("Pomoc:")
        + f" {slip.helpdesk}",
    )
    _foot(document, slip, gettext)
    return bytes(document.output())


def _absence(slip: Slip, gettext: Gettext) -> str:
    text = f"{slip.carrier}: {slip.absence} {gettext('Infolinia:')} {slip.helpdesk}."
    if slip.wish:
        text += f" {gettext('Twoja prośba:')} {slip.wish}"
    return text


def _headline(document: FPDF, gettext: Gettext, second: Gettext | None) -> None:
    document.set_fill_color(20, 24, 26)
    document.set_text_color(255, 255, 255)
    document.set_font("Manrope", "B", 13)
    headline = "NAGRODA W PROGRAMIE LOJALNOŚCIOWYM"
    line = "przesyłka nie zawiera towaru zakupionego / nie jest sprzedażą"
    _bar(document, gettext(headline), 9)
    document.set_font("Manrope", "", 9)
    _bar(document, gettext(line), 6)
    if second is not None:
        both = f"{second(headline)} – {second(line)}"
        document.set_font("Manrope", "", 7.5)
        _bar(document, both, 5)
    document.set_text_color(20, 24, 26)
    document.ln(4)


def _bar(document: FPDF, text: str, height: float) -> None:
    document.cell(0, height, text, align="C", fill=True, new_x="LMARGIN", new_y="NEXT")


def _people(document: FPDF, slip: Slip, gettext: Gettext) -> None:
    top = document.get_y()
    document.set_font("Manrope", "", 8)
    document.cell(80, 4, gettext("Odbiorca"), new_x="LMARGIN", new_y="NEXT")
    for number, line in enumerate(line for line in slip.recipient if line):
        document.set_font("Manrope", "B" if number == 0 else "", 12 if number == 0 else 10)
        document.multi_cell(82, 5.4, line, new_x="LMARGIN", new_y="NEXT")
    document.set_font("Manrope", "B", 10)
    document.cell(82, 5.6, f"{gettext('Telefon:')} {slip.phone}", new_x="LMARGIN", new_y="NEXT")
    if slip.point:
        document.multi_cell(82, 5.4, slip.point, new_x="LMARGIN", new_y="NEXT")
    bottom = document.get_y()
    _qr(document, slip.tracking_url, x=WIDTH_MM - MARGIN_MM - 32, y=top, size=32)
    document.set_xy(WIDTH_MM - MARGIN_MM - 52, top + 33)
    document.set_font("Manrope", "", 7)
    document.multi_cell(52, 3.4, gettext("Gdzie jest paczka, potwierdzenie, reklamacja"), align="R")
    document.set_xy(MARGIN_MM, max(bottom, top + 41))
    document.set_font("Manrope", "B", 10)
    numbers = f"{gettext('Zamówienie')} {slip.order_number} · {gettext('Przesyłka')} "
    document.cell(0, 6, numbers + slip.shipment_number, new_x="LMARGIN", new_y="NEXT")
    _code128(document, slip.shipment_number)


def _qr(document: FPDF, text: str, *, x: float, y: float, size: float) -> None:
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    document.image(picture, x=x, y=y, w=size, h=size)


def _code128(document: FPDF, text: str) -> None:
    """The shipment's number for the hand-over scanner."""
    bars = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    picture = io.BytesIO()
    Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(bars, scale=4))).save(picture, "PNG")
    picture.seek(0)
    document.image(picture, x=MARGIN_MM, y=document.get_y() + 1, w=62, h=12)
    document.set_xy(MARGIN_MM, document.get_y() + 15)


def _items(document: FPDF, slip: Slip, gettext: Gettext) -> None:
    document.set_font("Manrope", "B", 9)
    heads = (gettext("Nagroda"), gettext("Szt."), gettext("Partia"), gettext("Ważne do"))
    widths = (74.0, 12.0, 24.0, 20.0)
    for head, width in zip(heads, widths, strict=True):
        document.cell(width, 6, head, border="B")
    document.ln(6)
    document.set_font("Manrope", "", 9)
    for item in slip.items:
        y = document.get_y()
        document.multi_cell(widths[0], 5, item.name, new_x="RIGHT", new_y="TOP")
        last = document.get_y()
        rest = (
            str(item.quantity),
            item.lot,
            f"{item.expires_on:%d.%m.%Y}" if item.expires_on else "–",
        )
        for text, width in zip(rest, widths[1:], strict=True):
            document.cell(width, 5, text)
        lines = document.multi_cell(widths[0], 5, item.name, dry_run=True, output="LINES")
        assert isinstance(lines, list)
        document.set_xy(MARGIN_MM, max(last, y + 5 * len(lines)) + 1)
    document.ln(3)


def _box(document: FPDF, title: str, text: str) -> None:
    document.set_font("Manrope", "B", 9.5)
    document.cell(0, 5.5, title, new_x="LMARGIN", new_y="NEXT")
    document.set_font("Manrope", "", 8.5)
    document.multi_cell(0, 4.4, text, align="L", new_x="LMARGIN", new_y="NEXT")
    document.ln(2.5)


def _foot(document: FPDF, slip: Slip, gettext: Gettext) -> None:
    document.set_font("Manrope", "", 7)
    sender = ", ".join(line for line in slip.sender if line)
    text = (
        f"{slip.program}. {gettext('Organizator:')} {slip.organiser.rstrip('.')}. "
        f"{gettext('Nadawca i adres zwrotu:')} {sender}. "
        + gettext("Dane odbiorcy przetwarzamy tylko po to, żeby dostarczyć nagrodę.")
    )
    document.multi_cell(0, 3.6, text, align="L", new_x="LMARGIN", new_y="NEXT")
    document.cell(0, 4, f"{gettext('Strona')} {document.page_no()}/{{nb}}", align="R")
