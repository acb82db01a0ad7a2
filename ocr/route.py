"""Chooses the way to read a document: structured first, then its text layer, pixels last.

Readers are imported when their turn comes: a structured invoice needs no picture library, a PDF
with text needs no models.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr import intake
from ocr.intake import Accepted, FileKind
from ocr.reading import (
    Code,
    DocumentKind,
    Finding,
    Hints,
    LayoutMemory,
    Page,
    Reading,
    ReadResult,
    SourceFile,
    Unreadable,
    Word,
)
from ocr.stages import Enter, Stage, unwatched

if TYPE_CHECKING:
    from ocr.engines import Image
    from ocr.pages import Pages

_FEW_WORDS = 40  # the shortest invoices have more


def read(
    files: Sequence[SourceFile],
    *,
    hints: Hints,
    enter: Enter = unwatched,
    structured: bool = True,
) -> ReadResult:
    """Read one document from its files, which are its pages in order.

    A structured e-invoice among the files, or inside a PDF, is the document; pictures and PDF
    beside it are its print-out and give codes and page images. `structured=False` passes over XML
    inside of PDF. Raises `Unreadable`.
    """
    started = time.monotonic()
    enter(Stage.DECODE)
    accepted = intake.accept(files)
    prints = [file for file in accepted if file.kind is not FileKind.XML]
    if prints:
        result = _with_pages(accepted, prints, hints, enter, structured)
    else:
        found = _structured(accepted, embedded=False)
        assert found is not None
        result = ReadResult(_assessed(found.reading, found.sha256, found.xml))
    reading = replace(result.reading, seconds=round(time.monotonic() - started, 4))
    return replace(result, reading=reading)


def preview(files: Sequence[SourceFile], *, enter: Enter = unwatched) -> tuple[bytes, ...]:
    """The page images alone; none for XML."""
    from ocr import shown

    accepted = intake.accept(files)
    prints = [file for file in accepted if file.kind is not FileKind.XML]
    if not prints:
        return ()
    from ocr import pages as document_pages

    with document_pages.opened(prints, enter=enter) as pages:
        return tuple(shown.encode(pages.shown(index)) for index in range(len(pages)))


def warm_up(kinds: Iterable[FileKind]) -> None:
    """Import what reading these kinds takes, and load the models where they are pictures."""
    kinds = set(kinds)
    if FileKind.XML in kinds:
        from ocr import structured  # noqa: F401
    if FileKind.PDF in kinds:
        from ocr import codes, embedded, invoice, pdf_pages, pdf_text, shown, trust  # noqa: F401
    if any(kind.picture for kind in kinds):
        import numpy as np

        from ocr import neural, pages, picture, shown, trust  # noqa: F401

        white = np.full((64, 64, 3), 255, np.uint8)
        corners = np.array([[[8, 8], [56, 8], [56, 24], [8, 24]]], np.float32)
        engine = neural.shared()
        engine.detect(white, side=64)
        engine.read(white, corners)


@dataclass(frozen=True, slots=True)
class _Structured:
    reading: Reading
    xml: bytes
    inside: bool  # of a PDF

    @property
    def sha256(self) -> str:
        return _sha256(self.xml)


def _structured(accepted: Sequence[Accepted], *, embedded: bool) -> _Structured | None:
    """The e-invoice among the files; with several the first, and the reading says so."""
    found: list[_Structured] = []
    refused: Unreadable | None = None
    for file in accepted:
        xml: bytes | None = None
        if file.kind is FileKind.XML:
            xml = file.data
        elif file.kind is FileKind.PDF and embedded:
            xml = _embedded(file.data)
        if xml is None or any(known.xml == xml for known in found):
            continue
        from ocr import structured

        try:
            reading = structured.read_xml(xml)
        except Unreadable as error:
            if file.kind is FileKind.XML:
                refused = refused or error
            continue  # An attachment that is no invoice does not spoil the page that it is on.
        found.append(_Structured(reading, xml, file.kind is FileKind.PDF))
    if refused is not None and (not found or all(known.inside for known in found)):
        raise refused
    # A file of its own is what the person meant; what sits inside a print-out comes second. A
    # receipt of the Ministry (UPO) beside the invoice is evidence, not the document.
    found.sort(key=lambda known: (known.reading.kind is DocumentKind.OTHER, known.inside))
    if sum(known.reading.kind is not DocumentKind.OTHER for known in found) > 1:
        several = Finding("several-invoices", facts=(("invoices", str(len(found))),))
        first = found[0]
        reading = replace(first.reading, findings=(*first.reading.findings, several))
        return replace(first, reading=reading)
    return found[0] if found else None


def _embedded(pdf: bytes) -> bytes | None:
    from ocr import embedded

    try:
        return embedded.find_xml(pdf)
    except Unreadable:
        return None  # Encrypted or damaged: opening its pages will say so.


def _with_pages(
    accepted: Sequence[Accepted],
    prints: Sequence[Accepted],
    hints: Hints,
    enter: Enter,
    structured: bool,
) -> ReadResult:
    from ocr import pages as document_pages
    from ocr import shown

    with document_pages.opened(prints, enter=enter) as pages:
        found = _structured(accepted, embedded=structured)
        if found is not None:
            read = _printed(found, pages, prints, enter)
            reading = _assessed(read.reading, found.sha256, found.xml)
        else:
            read = _recognised(pages, prints, hints, enter)
            reading = _assessed(read.reading, _document_sha256(accepted))
        enter(Stage.SHOW)
        images = tuple(shown.encode(image) for image in read.images)
        return ReadResult(reading, images, read.layout)


@dataclass(frozen=True, slots=True)
class _Read:
    reading: Reading
    images: Sequence[Image]
    layout: LayoutMemory | None = None


def _printed(found: _Structured, pages: Pages, prints: Sequence[Accepted], enter: Enter) -> _Read:
    """The e-invoice with the words, codes and pages of its print-out, compared with each other."""
    from ocr import agreement

    images = [pages.shown(index) for index in range(len(pages))]
    codes = _codes(pages, images, persist=any(file.kind.picture for file in prints))
    words, _ = _text(prints, enter)
    reading = replace(
        found.reading,
        codes=codes,
        words=words,
        pages=_sizes(images, "xml"),
        findings=(*found.reading.findings, *agreement.differences(found.reading, words)),
    )
    return _Read(reading, images)


def _recognised(pages: Pages, prints: Sequence[Accepted], hints: Hints, enter: Enter) -> _Read:
    """By the text layer where there is a good one, by the pixels else."""
    by_text: _Read | None = None
    words, sizes = _text(prints, enter)
    if words:
        images = [pages.shown(index) for index in range(len(pages))]
        codes = _codes(pages, images, persist=False)
        enter(Stage.LAYOUT)
        reading, layout = _interpreted(words, sizes, codes, hints)
        reading = replace(reading, codes=codes, pages=_sizes(images, "pdf-text"))
        by_text = _Read(reading, images, layout)
        if not _poor(reading, pages=len(pages)):
            return by_text
    from ocr import picture

    enter(Stage.RECOGNISE)
    reading, upright = picture.read_pictures(pages, hints=hints)
    if by_text is not None and _worth(by_text.reading) >= _worth(reading):
        return by_text
    return _Read(reading, upright)


def _poor(reading: Reading, *, pages: int) -> bool:
    """Whether a text layer is only a stamp over a picture of the rest, or stands sideways.

    Recognising a page takes a hundred times as long as its text layer, and a page full of words
    would give the same words again.
    """
    if reading.total_gross is not None or reading.lines:
        return False
    letters = sum(len(word.text) for word in reading.words)
    return len(reading.words) < _FEW_WORDS * pages or letters < 2 * len(reading.words)


def _worth(reading: Reading) -> tuple[int, int]:
    """More proven values are better, then more values at all."""
    values = [
        reading.seller.vat_id,
        reading.invoice_number,
        reading.issue_date,
        reading.total_net,
        reading.total_gross,
        *(line.line_net or line.line_gross for line in reading.lines),
    ]
    known = [value for value in values if value is not None]
    return sum(value.proof.proven for value in known), len(known)


def _text(prints: Sequence[Accepted], enter: Enter) -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """The words of all text layers, pages counted through; none where the layers are not to trust.

    That is where a scanner program hid its own guesses under the picture, and where fewer than
    half of the pages have any words.
    """
    if any(file.kind is not FileKind.PDF for file in prints):
        return (), ()
    from ocr import pdf_text

    words: list[Word] = []
    pages: list[Page] = []
    for file in prints:
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


def _interpreted(
    words: tuple[Word, ...], pages: tuple[Page, ...], codes: tuple[Code, ...], hints: Hints
) -> tuple[Reading, LayoutMemory | None]:
    from ocr import invoice

    return invoice.interpret_and_learn(words, pages, hints=hints, codes=codes)


def _codes(pages: Pages, images: Sequence[Image], *, persist: bool) -> tuple[Code, ...]:
    """Codes drawn on the pages, and the same links where a page carries them as an annotation."""
    from ocr import code_kinds, codes

    found: dict[str, Code] = {}
    for index, image in enumerate(images):
        for code in codes.find_codes(image, index + 1, persist=persist):
            found.setdefault(code.text, code)
        for link in pages.links(index):
            kind = code_kinds.kind_of(link, "QRCode")
            if kind.startswith("ksef"):
                found.setdefault(link, Code(link, "Link", kind))
    return tuple(found.values())


def _sizes(images: Sequence[Image], engine: str) -> tuple[Page, ...]:
    return tuple(
        Page(number, image.shape[1], image.shape[0], engine=engine)
        for number, image in enumerate(images, start=1)
    )


def _assessed(reading: Reading, sha256: str, xml: bytes | None = None) -> Reading:
    from ocr import trust

    return trust.assess(reading, reading.codes, sha256, data=xml)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _document_sha256(accepted: Sequence[Accepted]) -> str:
    """Of the one file; of several the digest of their digests, which knows their order."""
    if len(accepted) == 1:
        return accepted[0].sha256
    return _sha256(b"".join(bytes.fromhex(file.sha256) for file in accepted))
