"""Draws filled-in fields, stamps and notes into a PDF's page, so that they are part of its text.

They lie over a page and are no content of it: a person sees them, its text layer has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw as pdfium

_MOST = 500  # on a page; flattening takes time with the square of their number
_WRITTEN = frozenset(
    {
        pdfium.FPDF_ANNOT_WIDGET,
        pdfium.FPDF_ANNOT_FREETEXT,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_WATERMARK,
    }
)
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


def with_forms(document: pypdfium2.PdfDocument) -> pypdfium2.PdfDocument:
    """The document, just opened, with its form ready: fields without an appearance get one."""
    if document.get_formtype() == pdfium.FORMTYPE_ACRO_FORM:
        document.init_forms()
    return document


def written(page: pypdfium2.PdfPage) -> bool:
    """Whether fields, stamps or notes lie over an opened page, and few enough to draw them in."""
    count = pdfium.FPDFPage_GetAnnotCount(page)
    return 0 < count <= _MOST and any(
        pdfium.FPDFAnnot_GetSubtype(note) in _WRITTEN for note in _notes(page)
    )


def draw_in(page: pypdfium2.PdfPage) -> bool:
    """Make what lies over the page and shows a part of it; True where it has to be opened anew.

    What is hidden, or on a layer that may be switched off, is left out. Links are gone afterwards.
    """
    for note in _notes(page):
        flags = pdfium.FPDFAnnot_GetFlags(note)
        if flags & _UNSEEN or pdfium.FPDFAnnot_HasKey(note, b"OC"):
            pdfium.FPDFAnnot_SetFlags(note, flags | pdfium.FPDF_ANNOT_FLAG_HIDDEN)
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    return bool(done == pdfium.FLATTEN_SUCCESS)


def _notes(page: pypdfium2.PdfPage) -> Iterator[pdfium.FPDF_ANNOTATION]:
    for place in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        try:
            yield note
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
