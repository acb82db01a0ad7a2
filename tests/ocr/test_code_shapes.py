"""Which pages of a PDF are looked at for codes, by what they draw."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from fpdf import FPDF
from PIL import Image as Pictures

from ocr import codes, pdf_pages, route
from ocr.reading import Hints, SourceFile

_TEXT = "5901234123457"


def _sheet() -> FPDF:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=9)
    pdf.text(40, 40, "Invoice 12/2026")
    return pdf


def _may_hold_code(pdf: FPDF) -> bool:
    with pdf_pages.opened(bytes(pdf.output())) as pages:
        pages.refuse_complex()
        return pages.may_hold_code(0)


def _ruled(pdf: FPDF) -> None:
    """A table of forty rows with every cell's border drawn for itself."""
    for row in range(40):
        for column in range(9):
            pdf.rect(40 + 50 * column, 80 + 14 * row, 50, 14)
        pdf.line(40, 80 + 14 * row, 490, 80 + 14 * row)


def _bars(pdf: FPDF, *, width: float = 1.0) -> None:
    bits = zxingcpp.create_barcode(_TEXT, zxingcpp.BarcodeFormat.EAN13).to_image(scale=1)
    line = np.array(bits)[0].tolist()
    for place, light in enumerate(line):
        if not light:
            pdf.rect(300 + width * place, 700, width, 40, style="F")


def _squares(pdf: FPDF) -> None:
    bits = zxingcpp.create_barcode(_TEXT, zxingcpp.BarcodeFormat.QRCode).to_image(scale=1)
    across = bits.shape[1]
    for place, light in enumerate(np.array(bits).ravel().tolist()):
        if not light:
            pdf.rect(300 + 3 * (place % across), 700 + 3 * (place // across), 3, 3, style="F")


@pytest.mark.parametrize("font", [b"LibreBC39", b"QR-Module", b"Code128-M"])
def test_letters_of_a_font_that_draws_codes_may_be_one(font: bytes) -> None:
    plain = bytes(_sheet().output())
    assert plain.count(b"/Helvetica") == 1
    with pdf_pages.opened(plain.replace(b"Helvetica", font)) as pages:
        pages.refuse_complex()
        assert pages.may_hold_code(0)


def test_text_and_a_ruled_table_are_no_code() -> None:
    pdf = _sheet()
    _ruled(pdf)
    assert not _may_hold_code(pdf)


@pytest.mark.parametrize("draw", [_bars, _squares])
def test_codes_drawn_as_shapes_among_a_table_are_found(draw) -> None:  # type: ignore[no-untyped-def]
    pdf = _sheet()
    _ruled(pdf)
    draw(pdf)
    data = bytes(pdf.output())
    assert _may_hold_code(pdf)
    with pdf_pages.opened(data) as pages:
        assert [c.text for c in codes.find_codes(pages.show(0), 1, persist=False)] == [_TEXT]


def test_a_code_in_a_picture_is_read_with_the_page() -> None:
    bits = zxingcpp.create_barcode(_TEXT, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    picture = io.BytesIO()
    Pictures.fromarray(np.array(bits)).save(picture, "PNG")
    pdf = _sheet()
    pdf.image(picture, 300, 60, 90, 90)
    for row in range(12):
        pdf.text(40, 200 + 20 * row, "Item and its price 12,00 PLN net and gross 14,76 PLN")
    assert _may_hold_code(pdf)
    source = SourceFile(bytes(pdf.output()), "invoice.pdf")
    reading = route.read([source], hints=Hints()).reading
    assert reading.route == "pdf-text"
    assert [code.text for code in reading.codes] == [_TEXT]
