"""The words of a PDF's text layer, with boxes: read by PDFium, by pdfplumber where PDFium fails.

PDFium gives the glyphs of a page in a few milliseconds where pdfplumber takes 0.1 to 0.3 s, and its
words are the same; so pdfplumber reads only pages whose glyphs PDFium cannot name.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pdfplumber
import pypdfium2
from pypdfium2 import raw as pdfium

from ocr import limits, pdf_notes, sideways
from ocr.reading import Box, Page, Unreadable, UnreadableReason, Word

ENGINE = "pdf-text"
# Text that does not show: a scanner program recognised it and hid it under its picture, or it
# stands for what is drawn.
HIDDEN_ENGINE = "pdf-scan"
PIXELS_PER_POINT = 200 / 72

_GAP = 0.13  # of the glyph height: wider is a blank, even where none was written
_OVERPRINT = 0.1  # of the glyph height: the same letters this near are imitated bold type
_MARKS = 8  # around one text; no program nests more
_LIGATURE = 3  # letters that one sign may stand for
_GENERATED = frozenset(b"\t\n\r -\x02")  # what PDFium puts between the letters that it finds
_LEADERS = frozenset("._·…-=*")

# The address alone: making a pointer of it takes as long as all else that a letter is asked for.
_object_of = ctypes.CFUNCTYPE(ctypes.c_void_p, pdfium.FPDF_TEXTPAGE, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


@dataclass(slots=True)
class _Glyph:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    hidden: bool
    turn: int  # clockwise degrees that would make the letter upright on the shown page

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def has_text(pdf: bytes) -> bool:
    """Whether any page has a text layer worth reading; `Unreadable` as in `read_words`."""
    return bool(read_words(pdf)[0])


def read_words(pdf: bytes) -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """All words of the text layer and the size of every page; no words where there is no layer.

    Raises `Unreadable`: damaged, encrypted, too-many-pages, too-complex (glyphs on a page).
    """
    with _opened(pdf) as document:
        count = len(document)
        if count > limits.PAGES:
            raise Unreadable(UnreadableReason.TOO_MANY_PAGES, pages=count, limit=limits.PAGES)
        words: list[Word] = []
        pages: list[Page] = []
        total = 0
        for index in range(count):
            try:
                page = _page(document, index)
                width, height = page.get_size()
                text = page.get_textpage()
                glyphs = text.count_chars()
            except pypdfium2.PdfiumError as error:
                raise Unreadable(UnreadableReason.DAMAGED, page=index + 1) from error
            total += glyphs
            if glyphs > limits.PAGE_GLYPHS or total > limits.DOCUMENT_GLYPHS:
                raise Unreadable(UnreadableReason.TOO_COMPLEX, page=index + 1, glyphs=glyphs)
            found, unnamed = _glyphs(page, text, glyphs)
            turned = found
            found, turn = _upright(found, width, height)
            if turn in (90, 270):
                width, height = height, width
            if width > 0 and height > 0:
                if unnamed * 10 > len(found) + unnamed:
                    words.extend(_plumbed(pdf, index))
                else:
                    words.extend(_words(found, index + 1, width, height))
                    words.extend(_laid(turned, turn, found, index + 1, (width, height)))
            pages.append(
                Page(
                    number=index + 1,
                    width_px=max(1, round(width * PIXELS_PER_POINT)),
                    height_px=max(1, round(height * PIXELS_PER_POINT)),
                    turned=turn,
                    engine=ENGINE,
                )
            )
            text.close()
            page.close()
    return tuple(words), tuple(pages)


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pdf_notes.with_forms(pypdfium2.PdfDocument(pdf))
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        reason = UnreadableReason.ENCRYPTED if locked else UnreadableReason.DAMAGED
        raise Unreadable(reason) from error


def _page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """The page with its filled-in fields and notes as text."""
    page = document[index]
    if pdf_notes.written(page):
        pdf_notes.draw_in(page)
        page.close()
        page = document[index]
    return page


def _glyphs(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, count: int
) -> tuple[list[_Glyph], int]:
    """Glyphs in shown coordinates (points, origin top left) and how many have no known letter."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    rect = pdfium.FS_RECTF()
    place = ctypes.byref(rect)
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    raw = text.raw
    found: list[_Glyph] = []
    unnamed = 0
    objects: dict[int, tuple[bool, int]] = {}
    for i in range(count):
        code = unicode_of(raw, i)
        if code in _GENERATED and pdfium.FPDFText_IsGenerated(raw, i) == 1:
            continue
        if code in (0, 0xFFFD, 0xFFFE) or 0xE000 <= code <= 0xF8FF:
            unnamed += 1
            continue
        if not box_of(raw, i, place):
            continue
        x0, x1, y0, y1 = rect.left, rect.right, rect.bottom, rect.top
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        if rotation == 90:
            x0, y0, x1, y1 = y0 - bottom, x0 - left, y1 - bottom, x1 - left
        elif rotation == 180:
            x0, y0, x1, y1 = right - x1, y0 - bottom, right - x0, y1 - bottom
        elif rotation == 270:
            x0, y0, x1, y1 = top - y1, right - x1, top - y0, right - x0
        else:
            x0, y0, x1, y1 = x0 - left, top - y1, x1 - left, top - y0
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            unnamed += 1
            continue
        address = _object_of(raw, i) or 0
        known = objects.get(address)
        if known is None:
            handle = pdfium.FPDFText_GetTextObject(raw, i)
            mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if address else 0
            # The angle grows clockwise and knows nothing of the page's own rotation, as clockwise.
            angle = -math.degrees(pdfium.FPDFText_GetCharAngle(raw, i)) - rotation
            turn = round(angle / 90) * 90 % 360
            known = mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or _replaced(handle), turn
            if address:  # all letters of one object are drawn by one matrix
                objects[address] = known
        hidden, turn = known
        found.append(_Glyph(chr(code), x0, y0, x1, y1, hidden, turn))
    return found, unnamed


def _replaced(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether the file gives a text other letters than those that it draws (`ActualText`).

    Meant for ligatures and hyphens; what is longer, or has a figure, may say anything.
    """
    marks = pdfium.FPDFPageObj_CountMarks(text) if text else 0
    if marks > _MARKS:
        return True
    size = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * (_LIGATURE + 1))()
    for place in range(max(0, marks)):
        mark = pdfium.FPDFPageObj_GetMark(text, place)
        if pdfium.FPDFPageObjMark_GetParamStringValue(
            mark, b"ActualText", buffer, ctypes.sizeof(buffer), ctypes.byref(size)
        ):
            letters = bytes(buffer)[: max(0, size.value - 2)].decode("utf-16-le", "replace")
            if size.value > ctypes.sizeof(buffer) or any(c.isdigit() for c in letters):
                return True
    return False


def _upright(glyphs: list[_Glyph], width: float, height: float) -> tuple[list[_Glyph], int]:
    """The glyphs of the page's main direction, turned upright, and that clockwise turn.

    Words up a margin are dropped: they say nothing about the purchase and would cross its rows.
    All glyphs get the coordinates of the page turned so.
    """
    if not glyphs:
        return glyphs, 0
    turn = Counter(glyph.turn for glyph in glyphs).most_common(1)[0][0]
    kept = [glyph for glyph in glyphs if glyph.turn == turn]
    for g in glyphs:
        if turn == 90:
            g.x0, g.y0, g.x1, g.y1 = height - g.y1, g.x0, height - g.y0, g.x1
        elif turn == 180:
            g.x0, g.y0, g.x1, g.y1 = width - g.x1, height - g.y1, width - g.x0, height - g.y0
        elif turn == 270:
            g.x0, g.y0, g.x1, g.y1 = g.y0, width - g.x1, g.y1, width - g.x0
    return kept, turn


def _runs(glyphs: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Glyphs that follow each other on one line without a blank."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if glyph.text.isspace() or glyph.text in ("\u00a0", "\u202f", "\u2007"):
            if run:
                yield run
            run = []
            continue
        if run:
            last = run[-1]
            height = max(last.height, glyph.height, 0.1)
            near = height * _OVERPRINT
            offset = abs(glyph.x0 - last.x0) + abs(glyph.y0 - last.y0)
            # Letters of one ligature share their box exactly; imitated bold type is moved a little.
            if glyph.text == last.text and 0 < offset < near:
                continue
            if offset == 0 and glyph.x1 == last.x1:
                run.append(glyph)
                continue
            same_line = min(last.y1, glyph.y1) - max(last.y0, glyph.y0) > 0.5 * min(
                last.height, glyph.height
            )
            gap = glyph.x0 - last.x1
            if not same_line or gap > _GAP * height or gap < -0.6 * height:
                yield run
                run = []
        run.append(glyph)
    if run:
        yield run


def _once(runs: Iterable[list[_Glyph]]) -> Iterator[list[_Glyph]]:
    """Each run that is printed again over itself, for bold type, once: the copies say nothing."""
    known: dict[tuple[str, bool, int, int, int], list[tuple[float, float]]] = {}
    for run in runs:
        first = run[0]
        if not (math.isfinite(first.x0) and math.isfinite(first.y0) and math.isfinite(first.y1)):
            yield run
            continue
        near = max(first.height, 0.1) * _OVERPRINT
        size = math.ceil(math.log2(near))  # copies are of one size, and their cells at most as far
        x, y = math.floor(first.x0 / 2.0**size), math.floor(first.y0 / 2.0**size)
        text = "".join([glyph.text for glyph in run])
        again = any(
            abs(x0 - first.x0) < near and abs(y0 - first.y0) < near
            for across in (x - 1, x, x + 1)
            for down in (y - 1, y, y + 1)
            for x0, y0 in known.get((text, first.hidden, size, across, down), ())
        )
        if not again:
            known.setdefault((text, first.hidden, size, x, y), []).append((first.x0, first.y0))
            yield run


def _words(glyphs: list[_Glyph], number: int, width: float, height: float) -> Iterator[Word]:
    for run in _joined(list(_once(_runs(glyphs)))):
        text = "".join(glyph.text for glyph in run)
        x0, x1 = min(g.x0 for g in run), max(g.x1 for g in run)
        y0, y1 = min(g.y0 for g in run), max(g.y1 for g in run)
        if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
            continue  # outside the visible page
        if len(text) > 4 and set(text) <= _LEADERS:
            continue  # a ruled line drawn with signs
        box = Box(number, x0 / width, y0 / height, x1 / width, y1 / height)
        yield Word(text, box, 1.0, HIDDEN_ENGINE if run[0].hidden else ENGINE)


def _laid(
    glyphs: list[_Glyph],
    turn: int,
    upright: list[_Glyph],
    number: int,
    size: tuple[float, float],
) -> Iterator[Word]:
    """Headings that stand on their side, as words of the row of headings."""
    if len(upright) == len(glyphs):
        return
    width, height = size
    for text, x0, y0, x1, y1 in sideways.laid(glyphs, turn, upright):
        yield Word(text, Box(number, x0 / width, y0 / height, x1 / width, y1 / height), 1.0, ENGINE)


def _joined(runs: list[list[_Glyph]]) -> list[list[_Glyph]]:
    """Runs that touch on one line become one word: some programs place every letter apart."""
    runs.sort(key=lambda run: (round(run[0].y0, 1), run[0].x0))
    joined: list[list[_Glyph]] = []
    for run in runs:
        if joined:
            last, first = joined[-1][-1], run[0]
            tall = max(last.height, first.height, 0.1)
            touching = -0.05 * tall <= first.x0 - last.x1 <= 0.02 * tall
            if touching and abs(first.y0 - last.y0) < 0.1 * tall and len(run) == 1:
                joined[-1].extend(run)
                continue
        joined.append(run)
    return joined


def _plumbed(pdf: bytes, index: int) -> Iterator[Word]:
    """The page's words as pdfplumber sees them."""
    with pdfplumber.open(io.BytesIO(pdf), pages=[index + 1]) as document:
        page = document.pages[0]
        width, height = float(page.width), float(page.height)
        for word in page.extract_words(use_text_flow=False, keep_blank_chars=False):
            text = str(word["text"])
            if "(cid:" in text:
                continue
            x0, x1 = float(word["x0"]), float(word["x1"])
            y0, y1 = float(word["top"]), float(word["bottom"])
            box = Box(index + 1, x0 / width, y0 / height, x1 / width, y1 / height)
            yield Word(text, box, 1.0, ENGINE)
