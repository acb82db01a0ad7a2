"""Documents as pictures of flat paper: PDF pages and slips become arrays of pixels."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
A4_WIDTH_PX = 1600


def is_pdf(document: bytes) -> bool:
    return document.startswith(b"%PDF")


def page_count(document: bytes) -> int:
    """Pages of a PDF; a picture is one page."""
    if not is_pdf(document):
        return 1
    pdf = pypdfium2.PdfDocument(document)
    try:
        return len(pdf)
    finally:
        pdf.close()


def flat_page(document: bytes, page: int = 0, *, width_px: int = A4_WIDTH_PX) -> Pixels:
    """One page as RGB; PDF pages at `width_px`, pictures as they are."""
    if not is_pdf(document):
        return np.asarray(Image.open(io.BytesIO(document)).convert("RGB"))
    pdf = pypdfium2.PdfDocument(document)
    try:
        sheet = pdf[page]
        picture = sheet.render(scale=width_px / sheet.get_width()).to_pil().convert("RGB")
    finally:
        pdf.close()
    return np.asarray(picture)
