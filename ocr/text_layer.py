"""Reads a document by the text layers of its PDF files, where they are to be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import arithmetic, invoice, pdf_text, receipt
from ocr.intake import Accepted, FileKind
from ocr.reading import Code, DocumentKind, Hints, LayoutMemory, Page, Reading, Severity, Word
from ocr.stages import Enter, Stage

_FEW_WORDS = 40  # on a page; the shortest invoices have more
_NARROW_PX = 4.2 * 72 * pdf_text.PIXELS_PER_POINT  # the widest till paper is 112 mm
# A till's words; letters printed apart may spell the title. `Data sprzedaży` is any invoice's.
_TILL = re.compile(r"(?i)fiskaln|paragon|\bptu\b|opodatk|^opod|sprzeda[żz]\b|^[pf]$")


def words_of(files: Sequence[Accepted], enter: Enter) -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """The words of all text layers, pages counted through; none where the layers are not to trust.

    That is where a scanner program hid its own guesses under the picture, where fewer than half of
    the pages have any words, and where a file is not a PDF.
    """
    if any(file.kind is not FileKind.PDF for file in files):
        return (), ()
    words: list[Word] = []
    pages: list[Page] = []
    for file in files:
        enter(Stage.DECODE)
        found, sizes = pdf_text.read_words(file.data)
        offset = len(pages)
        words += [
            replace(word, box=replace(word.box, page=word.box.page + offset)) for word in found
        ]
        pages += [replace(page, number=page.number + offset) for page in sizes]
    hidden = sum(word.engine == pdf_text.HIDDEN_ENGINE for word in words)
    if hidden * 2 > len(words) or len({word.box.page for word in words}) * 2 < len(pages):
        return (), ()
    return tuple(words), tuple(pages)


def interpret(
    words: tuple[Word, ...], pages: tuple[Page, ...], codes: tuple[Code, ...], hints: Hints
) -> tuple[Reading, LayoutMemory | None]:
    """As an invoice; where the words look like a till's, as the slip if that explains more.

    What a till's narrow paper shows without the number of an invoice is a slip.
    """
    reading, layout = invoice.interpret_and_learn(words, pages, hints=hints, codes=codes)
    narrow = all(page.width_px < _NARROW_PX for page in pages)
    till = any(_TILL.search(word.text) for word in words)
    if narrow or (till and receipt.is_fiscal(words, pages)):
        slip = arithmetic.prove(receipt.interpret(words, pages, hints=hints, codes=codes))
        unnumbered = narrow and reading.invoice_number is None and slip.total_gross is not None
        if unnumbered or _is_whole(slip, narrow=narrow) or worth(slip) > worth(reading):
            return replace(slip, route=reading.route, engine=reading.engine), None
    return reading, layout


def _is_whole(slip: Reading, *, narrow: bool) -> bool:
    """Whether a till printed it, and its items are its sum: then it is no invoice.

    Polish tills print their numbers; others are known by their narrow paper and the day.
    """
    numbered = slip.print_number is not None and slip.cash_register_id is not None
    if slip.language != "pl":
        numbered = narrow and slip.issue_date is not None
    proven = slip.total_gross is not None and slip.total_gross.proof.proven and bool(slip.lines)
    said = any(finding.severity is not Severity.INFO for finding in slip.findings)
    return slip.kind is DocumentKind.RECEIPT and numbered and proven and not said


def poor(reading: Reading, *, pages: int) -> bool:
    """Whether a text layer is only a stamp over a picture of the rest, or stands sideways.

    Recognising a page takes a hundred times as long as its text layer, and a page full of words
    would give the same words again.
    """
    if reading.total_gross is not None or reading.lines:
        return False
    letters = sum(len(word.text) for word in reading.words)
    return len(reading.words) < _FEW_WORDS * pages or letters < 2 * len(reading.words)


def worth(reading: Reading) -> tuple[int, int]:
    """To compare two readings of one document: more proven values, then more values at all."""
    values = [
        reading.seller.vat_id,
        reading.invoice_number or reading.receipt_number,
        reading.issue_date,
        reading.total_net,
        reading.total_gross,
        *(line.line_net or line.line_gross for line in reading.lines),
    ]
    known = [value for value in values if value is not None]
    return sum(value.proof.proven for value in known), len(known)
