"""Whether a PDF page could hide its text, by what is drawn over it, and the page's two halves."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

_LIGHT = 150  # of 255: darker print shows on paper, and on most that a document is printed on
_OPAQUE = 128  # of 255
_FORM_DEPTH = 8
_LEAST_PT = 3.0  # a side of a shape that could cover a letter; ruled lines are thinner

_STROKED_ONLY = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)
_STROKED = (
    *_STROKED_ONLY,
    pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE,
    pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
)

_ColourOf = Callable[..., int]
_Place = tuple[float, float, float, float]


def may_be_hidden(page: pypdfium2.PdfPage) -> bool:
    """Whether some text is light, or lies under a picture or a filled shape drawn after it.

    A guess by the page's objects alone, in about a millisecond: text that shows may be among it.
    """
    texts: list[_Place] = []
    covers: list[tuple[int, _Place]] = []  # with how many texts were drawn before
    for kind, item, depth in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if _light(item):
                return True
            texts.append(_place(item, depth))
        elif texts and (kind in _PICTURES or (kind == pdfium.FPDF_PAGEOBJ_PATH and _filled(item))):
            place = _place(item, depth)
            if min(place[2] - place[0], place[3] - place[1]) >= _LEAST_PT:
                covers.append((len(texts), place))
    if not covers:
        return False
    boxes = np.array(texts)
    return any(_touches(boxes[:before], place) for before, place in covers)


def leave(page: pypdfium2.PdfPage, *, text: bool) -> None:
    """Draw only this opened page's text, in black, or all but its text; its file stays as it is."""
    for kind, item, _ in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            continue
        if (kind == pdfium.FPDF_PAGEOBJ_TEXT) is not text:
            pdfium.FPDFPageObj_SetIsActive(item, False)
        elif text:
            pdfium.FPDFPageObj_SetFillColor(item, 0, 0, 0, 255)
            pdfium.FPDFPageObj_SetStrokeColor(item, 0, 0, 0, 255)


_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)


def _touches(boxes: np.ndarray, place: _Place) -> bool:
    x0, y0, x1, y1 = place
    across = (boxes[:, 0] < x1) & (boxes[:, 2] > x0)
    return bool(np.any(across & (boxes[:, 1] < y1) & (boxes[:, 3] > y0)))


def _light(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether text is light or thin enough to be lost on paper; its colour may be unknown."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text)
    if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
        return False  # known as such
    return (mode not in _STROKED_ONLY and _pale(text, pdfium.FPDFPageObj_GetFillColor)) or (
        mode in _STROKED and _pale(text, pdfium.FPDFPageObj_GetStrokeColor)
    )


def _pale(text: pdfium.FPDF_PAGEOBJECT, colour_of: _ColourOf) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour_of(text, red, green, blue, alpha):
        return True
    light = 0.3 * red.value + 0.59 * green.value + 0.11 * blue.value
    return light > _LIGHT or alpha.value < _OPAQUE


def _filled(path: pdfium.FPDF_PAGEOBJECT) -> bool:
    mode, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    return bool(pdfium.FPDFPath_GetDrawMode(path, mode, stroke)) and mode.value != 0


def _place(item: pdfium.FPDF_PAGEOBJECT, depth: int) -> _Place:
    """Left, bottom, right, top in points; everywhere for what stands in a form's own measures."""
    sides = [ctypes.c_float() for _ in range(4)]
    if depth or not pdfium.FPDFPageObj_GetBounds(item, *sides):
        return -np.inf, -np.inf, np.inf, np.inf
    return sides[0].value, sides[1].value, sides[2].value, sides[3].value


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[int, pdfium.FPDF_PAGEOBJECT, int]]:
    """Every object in the order of drawing: its kind, its handle, and how many forms it is in."""
    for place in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _with_inner(pdfium.FPDFPage_GetObject(page, place), 0)


def _with_inner(
    item: pdfium.FPDF_PAGEOBJECT, depth: int
) -> Iterator[tuple[int, pdfium.FPDF_PAGEOBJECT, int]]:
    kind = pdfium.FPDFPageObj_GetType(item)
    yield kind, item, depth
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
        for place in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _with_inner(pdfium.FPDFFormObj_GetObject(item, place), depth + 1)
