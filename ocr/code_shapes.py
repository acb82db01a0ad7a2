"""Whether what a PDF page draws could be a QR or bar code, told by its objects alone.

Looking for codes in a page's pixels takes as long as reading its words, and most invoices that a
program prints hold nothing but text and ruled lines.
"""

from __future__ import annotations

import ctypes
import re
from itertools import pairwise

from pypdfium2 import raw as pdfium

_SEGMENTS = 40  # of one path: ruled boxes have five, the smallest code drawn at once a hundred
_BARS = 12  # side by side, of one length; a code has thirteen and more
_BAR_PT = 6.0  # the widest bar, and the lowest code
_APART_PT = 9.0  # from bar to bar; columns and rows of tables stand further apart
_MODULES = 40  # the smallest QR code has two hundred, fewer where runs of dark ones are one shape
_MODULE_PT = 12.0
_FONT_OF_CODES = re.compile(rb"code|bar|ean|upc|itf|qr|matrix|128|39|2of5", re.IGNORECASE)


class CodeShapes:
    """Counts the shapes of one page that a code could be made of."""

    def __init__(self) -> None:
        self._pictured = False
        self._modules = 0
        self._fonts: dict[int, bool] = {}  # whether their letters may be codes, by address
        self._bars: dict[tuple[bool, int, int], list[float]] = {}  # places by direction and ends

    @property
    def may_be_code(self) -> bool:
        """Whether pictures, or enough bars or small squares were added."""
        return (
            self._pictured
            or self._modules >= _MODULES
            or any(_side_by_side(places) >= _BARS for places in self._bars.values())
        )

    def add(self, kind: int, item: pdfium.FPDF_PAGEOBJECT, segments: int, *, inner: bool) -> None:
        """Take in one object; of what stands `inner`, in a form, the size on the page is unknown.

        `segments` are the points of a path.
        """
        if self._pictured:
            return
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            self._pictured = (
                self._in_codes(item)
                if kind == pdfium.FPDF_PAGEOBJ_TEXT
                else kind != pdfium.FPDF_PAGEOBJ_FORM
            )
            return
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        known = pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        if segments >= _SEGMENTS or inner or not known:
            self._pictured = True
            return
        x0, y0, x1, y1 = left.value, bottom.value, right.value, top.value
        width, height = x1 - x0, y1 - y0
        if max(width, height) <= _MODULE_PT:
            self._modules += 1
        if min(width, height) <= _BAR_PT < max(width, height):
            upright = width < height
            ends = (y0, y1) if upright else (x0, x1)
            place = x0 if upright else y0
            self._bars.setdefault((upright, round(ends[0]), round(ends[1])), []).append(place)

    def _in_codes(self, text: pdfium.FPDF_PAGEOBJECT) -> bool:
        """Whether the font draws bars or modules, or has no name, as those drawn by procedures."""
        font = pdfium.FPDFTextObj_GetFont(text)
        if not font:
            return True
        address = ctypes.addressof(font.contents)
        if address not in self._fonts:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            self._fonts[address] = not name.value or bool(_FONT_OF_CODES.search(name.value))
        return self._fonts[address]


def _side_by_side(places: list[float]) -> int:
    """The most places that follow each other closely; what is drawn twice counts once."""
    distinct = sorted({round(place, 1) for place in places})
    most = run = 1
    for before, place in pairwise(distinct):
        run = run + 1 if place - before <= _APART_PT else 1
        most = max(most, run)
    return most
