"""Chooses the way to read a document: structured first, then its text layer, pixels last.

Readers are imported when their turn comes: a structured invoice needs no picture library, a PDF
with text needs no models.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import hashlib
import importlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr import einvoice, intake
from ocr.einvoice import EInvoice
from ocr.intake import Accepted, FileKind
from ocr.reading import (
    Code,
    Hints,
    LayoutMemory,
    Page,
    Reading,
    ReadResult,
    SourceFile,
    Word,
)
from ocr.stages import Enter, Stage, unwatched

if TYPE_CHECKING:
    from ocr.engines import Image
    from ocr.pages import Pages
    from ocr.text_seen import Seen


_FOR_XML = ("structured", "trust")
_FOR_PAGES = (
    "codes",
    "embedded",
    "pages",
    "printout",
    "shown",
    "text_holes",
    "text_layer",
    "text_seen",
)
_FOR_PIXELS = ("picture",)


def read(
    files: Sequence[SourceFile],
    *,
    hints: Hints,
    enter: Enter = unwatched,
    structured: bool = True,
    schema_folder: Path | None = None,
) -> ReadResult:
    """Read one document from its files, which are its pages in order.

    A structured e-invoice among the files, or inside a PDF, is the document; pictures and PDF
    beside it are its print-out and give codes, its KSeF number and page images. `structured=False`
    passes over XML inside of PDF. Raises `Unreadable`.
    """
    started = time.monotonic()
    enter(Stage.DECODE)
    accepted = intake.accept(files)
    prints = [file for file in accepted if file.kind is not FileKind.XML]
    if prints:
        result = _with_pages(accepted, prints, hints, enter, structured, schema_folder)
    else:
        found = einvoice.find(accepted, embedded=False, schema_folder=schema_folder).invoice
        assert found is not None
        result = ReadResult(_assessed(found.reading, found.sha256, hints, found))
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


def product_codes(files: Sequence[SourceFile], *, enter: Enter = unwatched) -> tuple[str, ...]:
    """The codes of our own labels on the pages, without reading anything else; none for XML."""
    from ocr import code_kinds
    from ocr import pages as document_pages

    prints = [file for file in intake.accept(files) if file.kind is not FileKind.XML]
    if not prints:
        return ()
    with document_pages.opened(prints, enter=enter) as pages:
        found = _codes(pages, [pages.shown(index) for index in range(len(pages))], persist=True)
    ours = (code_kinds.product_code_in(c.text) for c in found if c.kind == code_kinds.PRODUCT_CODE)
    return tuple(code for code in ours if code)


def warm_up(kinds: Iterable[FileKind]) -> None:
    """Import what reading these kinds takes, and load the models where they are pictures."""
    kinds = set(kinds)
    pictures = any(kind.picture for kind in kinds)
    wanted = [*_FOR_XML]
    wanted += _FOR_PAGES if pictures or FileKind.PDF in kinds else []
    wanted += _FOR_PIXELS if pictures else []
    for name in wanted:
        importlib.import_module(f"ocr.{name}")
    if pictures:
        import numpy as np

        from ocr import neural, tesseract

        white = np.full((64, 64, 3), 255, np.uint8)
        corners = np.array([[[8, 8], [56, 8], [56, 24], [8, 24]]], np.float32)
        engine = neural.shared()
        engine.detect(white, side=64)
        engine.read(white, corners)
        tesseract.shared().warm_up()


def _with_pages(
    accepted: Sequence[Accepted],
    prints: Sequence[Accepted],
    hints: Hints,
    enter: Enter,
    structured: bool,
    schema_folder: Path | None,
) -> ReadResult:
    from ocr import pages as document_pages
    from ocr import shown

    with document_pages.opened(prints, enter=enter) as pages:
        xml = einvoice.find(accepted, embedded=structured, schema_folder=schema_folder)
        found = xml.invoice
        if found is not None and not found.is_receipt:
            read = _printed(found, pages, prints, enter)
            reading = _assessed(read.reading, found.sha256, hints, found)
        else:  # The Ministry's receipt is not the invoice: beside it a print is read as a print.
            read = _recognised(pages, prints, hints, enter)
            reading = replace(read.reading, findings=(*read.reading.findings, *xml.refused))
            reading = _assessed(reading, _document_sha256(accepted), hints, found)
        enter(Stage.SHOW)
        images = tuple(shown.encode(image) for image in read.images)
        return ReadResult(reading, images, read.layout)


@dataclass(frozen=True, slots=True)
class _Read:
    reading: Reading
    images: Sequence[Image]
    layout: LayoutMemory | None = None


def _printed(found: EInvoice, pages: Pages, prints: Sequence[Accepted], enter: Enter) -> _Read:
    """The e-invoice with the words, codes and pages of its print-out, compared with each other."""
    from ocr import printout, text_layer, trust

    words, sizes = text_layer.words_of(prints, enter)
    turns = [size.turned for size in sizes] or [0] * len(pages)
    images = [_turned(pages.shown(index), turns[index]) for index in range(len(pages))]
    words = _seen(words, pages, images, turns).words
    codes = _codes(pages, images, persist=any(file.kind.picture for file in prints))
    own = trust.with_printed_number(found.reading, words) if trust.of_ksef(found.reading) else None
    reading = replace(
        own or found.reading,
        codes=codes,
        words=words,
        pages=_sizes(images, "xml", turns),
        findings=(*found.reading.findings, *printout.differences(found.reading, words)),
    )
    return _Read(reading, images)


def _recognised(pages: Pages, prints: Sequence[Accepted], hints: Hints, enter: Enter) -> _Read:
    """By the text layer where there is a good one, by the pixels else."""
    from ocr import text_layer, text_seen

    by_text: _Read | None = None
    hidden: tuple[Word, ...] = ()
    words, sizes = text_layer.words_of(prints, enter)
    if words:
        turns = [size.turned for size in sizes]
        images = [_turned(pages.shown(index), turns[index]) for index in range(len(pages))]
        seen = _seen(words, pages, images, turns)
        words, hidden = (seen.words if seen.trusted else ()), seen.hidden
    if words:
        codes = _codes(pages, images, persist=False)
        words = _whole(words, pages, images, turns, enter)
        enter(Stage.LAYOUT)
        reading, layout = text_layer.interpret(words, sizes, codes, hints)
        found = (*reading.findings, *text_seen.differences(hidden, words))
        pages_read = _sizes(images, "pdf-text", turns)
        reading = replace(reading, codes=codes, pages=pages_read, findings=found)
        by_text = _Read(reading, images, layout)
        if not text_layer.poor(reading, pages=len(pages)):
            return by_text
    from ocr import picture

    enter(Stage.RECOGNISE)
    reading, upright = picture.read_pictures(pages, hints=hints)
    if by_text is not None and text_layer.worth(by_text.reading) >= text_layer.worth(reading):
        return by_text
    found = (*reading.findings, *text_seen.differences(hidden, reading.words))
    return _Read(replace(reading, findings=found), upright)


def _seen(
    words: tuple[Word, ...], pages: Pages, images: Sequence[Image], turns: Sequence[int]
) -> Seen:
    """Which words of the text layer show on the pages, which `images` are, upright."""
    from ocr import text_seen

    def glanced(index: int) -> tuple[Image, Image] | None:
        halves = pages.glanced(index)
        return halves and (_turned(halves[0], turns[index]), _turned(halves[1], turns[index]))

    def around(index: int) -> tuple[Image, Image | None] | None:
        halves = pages.around_text(index)
        if halves is None:
            return None
        bare, alone = halves
        turn = turns[index]
        return _turned(bare, turn), None if alone is None else _turned(alone, turn)

    return text_seen.seen(words, images, glanced, around)


def _whole(
    words: tuple[Word, ...],
    pages: Pages,
    images: Sequence[Image],
    turns: Sequence[int],
    enter: Enter,
) -> tuple[Word, ...]:
    """The words of the text layer, and what pages show beside them where they show much more."""
    from ocr import text_holes

    found: list[Word] = []
    for index, image in enumerate(images):
        own = [word for word in words if word.box.page == index + 1]
        if text_holes.has_holes(image, own):
            from ocr import tesseract

            enter(Stage.RECOGNISE)
            page = _turned(pages[index], turns[index])
            own = list(text_holes.filled(page, own, index + 1, tesseract.shared()))
        found += own
    return tuple(found)


def _codes(pages: Pages, images: Sequence[Image], *, persist: bool) -> tuple[Code, ...]:
    """Codes drawn on the pages, and the same links where a page carries them as an annotation."""
    from ocr import code_kinds, codes

    found: dict[str, Code] = {}
    for index, image in enumerate(images):
        drawn = pages.may_hold_code(index)
        for code in codes.find_codes(image, index + 1, persist=persist) if drawn else ():
            found.setdefault(code.text, code)
        for link in pages.links(index):
            kind = code_kinds.kind_of(link, "QRCode")
            if kind.startswith("ksef"):
                found.setdefault(link, Code(link, "Link", kind))
    return tuple(found.values())


def _turned(image: Image, degrees: int) -> Image:
    """The page turned clockwise by quarters, as its words were."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, -degrees // 90)) if degrees else image


def _sizes(images: Sequence[Image], engine: str, turns: Sequence[int] = ()) -> tuple[Page, ...]:
    return tuple(
        Page(index + 1, image.shape[1], image.shape[0], turns[index] if turns else 0, engine)
        for index, image in enumerate(images)
    )


def _assessed(
    reading: Reading, sha256: str, hints: Hints, found: EInvoice | None = None
) -> Reading:
    """The reading with what its codes, numbers and the Ministry's receipt beside it prove."""
    from ocr import receipted, trust, unsold

    xml = found.xml if found is not None and not found.is_receipt else None
    if found is not None and reading.route != "ksef-upo":
        reading = receipted.compared(reading, found.receipts, data=xml)
    return trust.assess(unsold.noted(reading), reading.codes, sha256, data=xml, today=hints.today)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _document_sha256(accepted: Sequence[Accepted]) -> str:
    """Of the one file; of several the digest of their digests, which knows their order."""
    if len(accepted) == 1:
        return accepted[0].sha256
    return _sha256(b"".join(bytes.fromhex(file.sha256) for file in accepted))
