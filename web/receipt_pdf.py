"""The decision receipt on paper (A4): each line with its crop, its sum, its rule and its remedy."""

from __future__ import annotations

import io
from collections.abc import Mapping

from fpdf import FPDF
from PIL import Image

from core.formats import Formats
from core.i18n import translations
from core.pdf import new_document
from web.error_texts import N_
from web.views.receipts import LineWords, ReceiptWords

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 210.0, 297.0, 16.0
INK, MUTED, GREEN, RULE = (20, 24, 26), (90, 96, 98), (15, 81, 50), (205, 205, 200)
OUTSIDE = N_("Pozycje poza programem nie dają punktów.")
NOT_COUNTED = N_("Czego nie zaliczono")
CROP_MM = 14.0  # the tallest strip of the document beside a line


def render(receipt: ReceiptWords, *, crops: Mapping[int, bytes], language: str) -> bytes:
    """The receipt as PDF; `crops` are JPEG strips of the document by line position."""
    document = new_document(
        title=receipt.number, language=language, width_mm=WIDTH_MM, height_mm=HEIGHT_MM
    )
    document.set_margins(MARGIN_MM, MARGIN_MM)
    document.set_auto_page_break(True, margin=18)
    document.alias_nb_pages()
    document.add_page()
    _head(document, receipt, language)
    _reduced(document, receipt, language)
    for line in receipt.lines:
        _line(document, line, crops.get(line.position), language)
    _foot(document, receipt, language)
    return bytes(document.output())


def _text(
    document: FPDF, text: str, *, size: float = 9, bold: bool = False, ink: tuple[int, ...] = INK
) -> None:
    document.set_font("Manrope", "B" if bold else "", size)
    document.set_text_color(*ink)
    document.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _head(document: FPDF, receipt: ReceiptWords, language: str) -> None:
    say, formats = translations(language).gettext, Formats(language)
    _text(document, receipt.program_name, size=9, ink=MUTED)
    document.ln(1)
    _text(document, say(N_("Potwierdzenie decyzji")), size=20, bold=True)
    document.ln(2)
    _text(document, f"{receipt.status_label} · {formats.points(receipt.points, signed=True)}",
          size=13, bold=True, ink=GREEN if receipt.points else INK)  # fmt: skip
    document.ln(3)
    facts = [
        (say(N_("Zgłoszenie")), receipt.number),
        (say(N_("Uczestnik")), receipt.company_name),
        (say(N_("Dokument")), receipt.document_number),
        (say(N_("Sprzedawca")), receipt.seller),
        (
            say(N_("Data zakupu")),
            formats.date(receipt.purchased_on) if receipt.purchased_on else "",
        ),
        (say(N_("Decyzja")), formats.moment(receipt.decided_at) if receipt.decided_at else ""),
        (say(N_("Kto zdecydował")), receipt.decider),
        (say(N_("Uwaga")), receipt.note),
        (say(N_("Wcześniejsze zgłoszenie")), receipt.earlier_number),
    ]
    for name, value in facts:
        if value:
            document.set_font("Manrope", "", 9)
            document.set_text_color(*MUTED)
            document.cell(44, 5.4, name)
            document.set_text_color(*INK)
            document.multi_cell(0, 5.4, value, align="L", new_x="LMARGIN", new_y="NEXT")
    document.ln(4)


def _reduced(document: FPDF, receipt: ReceiptWords, language: str) -> None:
    """What was not counted, with its reason and the way to appeal, before the lines."""
    if receipt.reduced:
        _text(document, translations(language).gettext(NOT_COUNTED), size=11, bold=True)
        document.ln(1)
        for one in receipt.reduced:
            named = f"{one.position}. {one.name}"
            _text(document, f"{named}: {one.what}" if one.what else named, bold=True)
            _text(document, one.why, size=8.5, ink=MUTED)
            document.ln(1)
    if receipt.appeal:
        _text(document, receipt.appeal, size=9)
    if receipt.reduced or receipt.appeal:
        document.ln(4)


def _line(document: FPDF, line: LineWords, crop: bytes | None, language: str) -> None:
    say, formats = translations(language).gettext, Formats(language)
    if document.get_y() > HEIGHT_MM - (60 if crop else 34):
        document.add_page()  # A line and its crop stay together.
    document.set_draw_color(*RULE)
    document.line(MARGIN_MM, document.get_y(), WIDTH_MM - MARGIN_MM, document.get_y())
    document.ln(2.5)
    top = document.get_y()
    right = formats.points(line.points, signed=True) if line.verdict == "paid" else line.label
    document.set_xy(WIDTH_MM - MARGIN_MM - 50, top)
    document.set_font("Manrope", "B", 10)
    document.set_text_color(*(GREEN if line.verdict == "paid" else MUTED))
    document.cell(50, 5, right, align="R")
    document.set_xy(MARGIN_MM, top)
    document.set_font("Manrope", "B", 10)
    document.set_text_color(*INK)
    name = f"{line.position}. {line.name}" + (f"  ({line.sku})" if line.sku else "")
    document.multi_cell(122, 5, name, align="L", new_x="LMARGIN", new_y="NEXT")
    if crop is not None:
        _crop(document, crop)
    elif line.description and line.description != line.name:
        _text(document, f"{say('Na dokumencie:')} {line.description}", size=8.5, ink=MUTED)
    outside = line.verdict == "outside"
    for words in (line.sum, line.rule, "" if outside else line.reason):
        if words:
            _text(document, words, size=8.5, ink=MUTED)
    if line.remedy and not outside:
        _text(document, line.remedy, size=8.5, bold=True)
    document.ln(2.5)


def _crop(document: FPDF, crop: bytes) -> None:
    """The strip at the width of the page or the height of a crop; words follow below it."""
    with Image.open(io.BytesIO(crop)) as image:
        ratio = image.width / image.height
    width = min(WIDTH_MM - 2 * MARGIN_MM, CROP_MM * ratio)
    top, height = document.get_y() + 1, width / ratio
    document.image(io.BytesIO(crop), x=MARGIN_MM, y=top, w=width, h=height)
    document.set_y(top + height + 1.5)


def _foot(document: FPDF, receipt: ReceiptWords, language: str) -> None:
    say = translations(language).gettext
    document.ln(2)
    outside = next((line for line in receipt.lines if line.verdict == "outside"), None)
    if outside is not None:
        # Once for all of them: it is the same for each.
        _text(document, f"{say(OUTSIDE)} {outside.remedy}", size=8.5, bold=True)
        document.ln(2)
    _text(
        document,
        say(N_("Punkty policzyły zasady w wersji z dnia zakupu; ich treść jest w regulaminie.")),
        size=8,
        ink=MUTED,
    )
    document.set_font("Manrope", "", 8)
    document.cell(0, 5, f"{receipt.number} · {say('Strona')} {document.page_no()}/{{nb}}")
