"""Product codes on paper: a sheet of labels to stick on, each with its code as text and as QR."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import zxingcpp
from PIL import Image

from core.pdf import new_document
from programs.codes import grouped

if TYPE_CHECKING:
    from fpdf import FPDF

# A4 with three columns of eight: the usual sheet of 70 × 37 mm labels.
COLUMNS, ROWS = 3, 8
WIDTH_MM, HEIGHT_MM = 70.0, 37.0
_TOP_MM = (297 - ROWS * HEIGHT_MM) / 2
_QR_MM, _EDGE_MM = 25.0, 4.0
Gettext = Callable[[str], str]


def N_(text: str) -> str:
    """Marks a text that is translated where it is said."""
    return text


@dataclass(frozen=True, slots=True)
class LabelText:
    """What every label of a batch says; `link` comes before each code."""

    product: str
    sku: str
    program: str
    batch: int
    link: str
    language: str
    units: str = ""  # `10 szt` where one code stands for more than one


def sheet(codes: Sequence[str], text: LabelText, *, gettext: Gettext) -> bytes:
    """The labels as PDF, 24 to an A4 page, in the order of the codes."""
    document = new_document(
        title=f"{text.sku} {text.batch}", language=text.language, width_mm=210, height_mm=297
    )
    document.set_auto_page_break(False)
    document.set_margins(0, 0)
    for place, code in enumerate(codes):
        on_page = place % (COLUMNS * ROWS)
        if on_page == 0:
            document.add_page()
        row, column = divmod(on_page, COLUMNS)
        _label(document, column * WIDTH_MM, _TOP_MM + row * HEIGHT_MM, code, text, gettext)
    return bytes(document.output())


def _label(
    document: FPDF, left: float, top: float, code: str, text: LabelText, gettext: Gettext
) -> None:
    _qr(document, left + _EDGE_MM, top + (HEIGHT_MM - _QR_MM) / 2, text.link + code)
    words = left + _EDGE_MM + _QR_MM + 2.5
    width = WIDTH_MM - (words - left) - _EDGE_MM
    document.set_xy(words, top + 5)
    document.set_font("Manrope", "B", 7)
    document.multi_cell(
        width, 3, text.product, align="L", max_line_height=3, new_x="LEFT", new_y="NEXT"
    )
    document.set_font("Manrope", "", 6)
    document.set_xy(words, top + 17.4)
    document.cell(width, 3, gettext("Zeskanuj albo wpisz kod:"))
    document.set_font("Manrope", "B", 8.5)
    document.set_xy(words, top + 20.5)
    document.cell(width, 4, "-".join(grouped(code).split("-")[:2]) + "-")
    document.set_xy(words, top + 24.5)
    document.cell(width, 4, "-".join(grouped(code).split("-")[2:]))
    document.set_font("Manrope", "", 5.5)
    document.set_xy(words, top + 29.5)
    document.cell(width, 3, text.program[:34])
    if text.units:
        document.set_font("Manrope", "B", 7)
        document.set_xy(words, top + 14.1)
        document.cell(width, 3, gettext("Jeden kod: %(units)s") % {"units": text.units})


def _qr(document: FPDF, left: float, top: float, content: str) -> None:
    bars = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.asarray(bars.to_image(scale=1, add_quiet_zones=False))
    # Eight dots a module keep the edges sharp in print; one bit a dot keeps the file small.
    dots = np.repeat(np.repeat(modules, 8, axis=0), 8, axis=1) > 127
    document.image(Image.fromarray(dots), x=left, y=top, w=_QR_MM)


# The headings of the table, in the order of its columns.
HEADINGS = (N_("kod"), N_("link"), N_("indeks"), N_("produkt"), N_("partia"), N_("na kod"))


def table(codes: Sequence[str], text: LabelText, *, gettext: Gettext) -> bytes:
    """The codes as CSV for a printing house: code, link, product, batch."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow([gettext(heading) for heading in HEADINGS])
    for code in codes:
        rows.writerow(
            (grouped(code), text.link + code, text.sku, text.product, text.batch, text.units)
        )
    return out.getvalue().encode("utf-8-sig")
