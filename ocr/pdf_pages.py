"""Opens a PDF within limits and renders its pages; sizes are computed before a pixel exists."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium

from ocr import limits, pdf_notes, text_under
from ocr.code_shapes import CodeShapes
from ocr.reading import Unreadable, UnreadableReason

_POINTS_PER_INCH = 72
_SCAN_DPI = 200.0  # where a page holds no picture that says better
_LEAST_DPI, _MOST_DPI = 150.0, 300.0
_PAGE_SIDE_PT = 14_400  # ISO 32000-1, annex C.2
_PAGE_AREA_PT = 60_000_000
_FORM_DEPTH = 8
_GLANCED_PX = 1000  # longer side; letters of 6 points are still five pixels high


class PdfPages:
    """The pages of one open PDF, counted from 0."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._links: dict[int, tuple[str, ...]] = {}  # of pages whose notes became content
        self._codeless: set[int] = set()

    def __len__(self) -> int:
        return len(self._document)

    def refuse_complex(self) -> None:
        """Raise `Unreadable` (TOO_COMPLEX, TOO_LARGE) for pages no invoice needs.

        Glyphs, objects and path points are counted by PDFium, which does in milliseconds what
        keeps slower readers busy for minutes.
        """
        glyphs = 0
        for index in range(len(self)):
            with self._page(index) as page:
                width, height = page.get_size()
                if max(width, height) > _PAGE_SIDE_PT or width * height > _PAGE_AREA_PT:
                    raise Unreadable(
                        UnreadableReason.TOO_LARGE,
                        page=index + 1,
                        width_pt=round(width),
                        height_pt=round(height),
                    )
                shapes = CodeShapes()
                _refuse_objects(page, index + 1, shapes)
                if not shapes.may_be_code and index not in self._links:
                    self._codeless.add(index)
                with closing(page.get_textpage()) as text:
                    count = text.count_chars()
                glyphs += count
                if count > limits.PAGE_GLYPHS or glyphs > limits.DOCUMENT_GLYPHS:
                    raise Unreadable(UnreadableReason.TOO_COMPLEX, page=index + 1, glyphs=count)

    def show(self, index: int, *, side_px: int = limits.SHOWN_SIDE_PX) -> NDArray[np.uint8]:
        """The page upright, height × width × 3 in RGB order, its longer side `side_px`."""
        with self._page(index) as page:
            return _render(page, _shown_scale(page, side_px))

    def scan(self, index: int, *, pixels: int = limits.PAGE_PIXELS) -> NDArray[np.uint8]:
        """The page for recognition: as fine as its own largest picture, of at most `pixels`."""
        with self._page(index) as page:
            width, height = page.get_size()
            scale = min(
                _dpi(page) / _POINTS_PER_INCH,
                limits.RENDERED_SIDE_PX / max(width, height),
                math.sqrt(pixels / max(width * height, 1.0)),
            )
            return _render(page, scale)

    def may_hold_code(self, index: int) -> bool:
        """False only where no object of the page could be a code; known when all was judged."""
        return index not in self._codeless

    def links(self, index: int) -> tuple[str, ...]:
        """The addresses that the page's link annotations lead to; never opened, only read."""
        with self._page(index) as page:
            return self._links[index] if index in self._links else self._links_of(page)

    def _links_of(self, page: pypdfium2.PdfPage) -> tuple[str, ...]:
        found: list[str] = []
        start, link = pdfium.c_int(0), pdfium.FPDF_LINK()
        while len(found) < 100 and pdfium.FPDFLink_Enumerate(page, start, link):
            action = pdfium.FPDFLink_GetAction(link)
            length = pdfium.FPDFAction_GetURIPath(self._document, action, None, 0)
            if 1 < length <= 2_000:
                buffer = pdfium.create_string_buffer(length)
                pdfium.FPDFAction_GetURIPath(self._document, action, buffer, length)
                found.append(buffer.value.decode("utf-8", "replace"))
        return tuple(found)

    def around_text(
        self, index: int, *, side_px: int = limits.SHOWN_SIDE_PX
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """The page as `show` gives it but without its text, and its text alone, black on white.

        The latter is None where neither colour nor anything over it could hide text.
        """
        with self._page(index) as page:
            scale = _shown_scale(page, side_px)
            doubtful = text_under.may_be_hidden(page)
            text_under.leave(page, text=False)
            bare = _render(page, scale)
        if not doubtful:
            return bare, None
        with self._page(index) as page:
            text_under.leave(page, text=True)
            return bare, _render(page, scale)

    def glanced(
        self, index: int, *, side_px: int = _GLANCED_PX
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
        """The page small and grey, with and without its text; None where something may hide text.

        Text that tells these two apart shows, and most pages hold no other.
        """
        with self._page(index) as page:
            if text_under.may_be_hidden(page):
                return None
            scale = _shown_scale(page, side_px)
            whole = _render_grey(page, scale)
            text_under.leave(page, text=False)
            return whole, _render_grey(page, scale)

    @contextmanager
    def _page(self, index: int) -> Iterator[pypdfium2.PdfPage]:
        page = self._loaded(index)
        if index not in self._links and pdf_notes.written(page):
            self._links[index] = self._links_of(page)
            pdf_notes.draw_in(page)
            page.close()
            page = self._loaded(index)
        with closing(page):
            if min(page.get_size()) <= 0:
                raise Unreadable(UnreadableReason.DAMAGED, page=index + 1)
            yield page

    def _loaded(self, index: int) -> pypdfium2.PdfPage:
        try:
            return self._document[index]
        except pypdfium2.PdfiumError as error:
            raise Unreadable(UnreadableReason.DAMAGED, page=index + 1) from error


@contextmanager
def opened(pdf: bytes) -> Iterator[PdfPages]:
    """An open PDF with at least one and at most `PAGES` pages.

    Raises `Unreadable` with ENCRYPTED, DAMAGED or TOO_MANY_PAGES.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        reason = UnreadableReason.ENCRYPTED if locked else UnreadableReason.DAMAGED
        raise Unreadable(reason) from error
    with closing(document):
        pages = len(document)
        if pages < 1:
            raise Unreadable(UnreadableReason.DAMAGED)
        if pages > limits.PAGES:
            raise Unreadable(UnreadableReason.TOO_MANY_PAGES, pages=pages, limit=limits.PAGES)
        yield PdfPages(pdf_notes.with_forms(document))


def _shown_scale(page: pypdfium2.PdfPage, side_px: int) -> float:
    # A hair less, because PDFium rounds a side up.
    return float((min(side_px, limits.RENDERED_SIDE_PX) - 0.01) / max(page.get_size()))


def _render(page: pypdfium2.PdfPage, scale: float) -> NDArray[np.uint8]:
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True, maybe_alpha=False)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(UnreadableReason.DAMAGED) from error
    with closing(bitmap):
        return np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)


def _render_grey(page: pypdfium2.PdfPage, scale: float) -> NDArray[np.uint8]:
    try:
        bitmap = page.render(scale=scale, grayscale=True, maybe_alpha=False)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(UnreadableReason.DAMAGED) from error
    with closing(bitmap):
        grey = bitmap.to_numpy()
        return np.array(grey[:, :, 0] if grey.ndim == 3 else grey, dtype=np.uint8)


def _dpi(page: pypdfium2.PdfPage) -> float:
    """What the picture that covers most of the page was scanned at, within sensible bounds."""
    largest, dpi = 0.0, _SCAN_DPI
    for count, image in enumerate(
        page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    ):
        if count >= 200:
            break
        left, bottom, right, top = image.get_bounds()
        area = (right - left) * (top - bottom)
        if area > largest and right > left:
            largest = area
            dpi = max(image.get_px_size()) / max(right - left, top - bottom) * _POINTS_PER_INCH
    width, height = page.get_size()
    if largest < 0.2 * width * height:
        return _SCAN_DPI
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


def _refuse_objects(page: pypdfium2.PdfPage, number: int, shapes: CodeShapes) -> None:
    segments = 0
    found = _objects(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    for objects, (kind, item, depth) in enumerate(found, start=1):
        own = 0
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            own = max(0, pdfium.FPDFPath_CountSegments(item))
            segments += own
        if objects > limits.PAGE_OBJECTS or segments > limits.PAGE_SEGMENTS:
            raise Unreadable(
                UnreadableReason.TOO_COMPLEX, page=number, objects=objects, segments=segments
            )
        shapes.add(kind, item, own, inner=depth > 0)


def _objects(container, count, get, depth: int = 0):  # type: ignore[no-untyped-def]
    """Every object of a page, those inside of forms too, as (type, handle, how many forms deep)."""
    for position in range(count(container)):
        item = get(container, position)
        kind = pdfium.FPDFPageObj_GetType(item)
        yield kind, item, depth
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
            yield from _objects(
                item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth + 1
            )
