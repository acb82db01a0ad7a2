"""Pictures of documents: which engine reads them, and whether they are slips or invoices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr import codes, invoice, neural, receipt, tesseract
from ocr.arithmetic import prove
from ocr.engines import Engine, Image
from ocr.neural import to_words
from ocr.picture_strips import Found, find, flat, see
from ocr.reading import Code, Hints, Page, Reading, Word

SLIP_ACROSS = 24.0  # heights of a strip: slips measured 13 to 21, pages 29 to 43
PAPER_GREY = 195  # median grey of the paper of a scan


@dataclass(frozen=True, slots=True)
class _Shot:
    """One page read by one engine."""

    words: tuple[Word, ...]
    page: Page
    image: Image
    narrow: bool


def read_pictures(images: Sequence[Image], *, hints: Hints) -> tuple[Reading, tuple[Image, ...]]:
    """One document from its pictures in page order, and the upright pages its boxes refer to.

    A picture is decoded when its turn comes and dropped before the next. Never raises for what is
    in the picture: an empty reading with findings says that nothing could be read.
    """
    started = time.monotonic()
    engine = neural.shared()
    shots: list[_Shot] = []
    seen_codes: dict[str, Code] = {}
    for number in range(1, len(images) + 1):
        image = images[number - 1]
        for code in codes.find_codes(image, number):
            seen_codes.setdefault(code.text, replace(code, box=None))
        shots.append(_shot(find(image, engine), number))
    reading = _interpreted(shots, hints, tuple(seen_codes.values()))
    reading = replace(reading, seconds=round(time.monotonic() - started, 3))
    return reading, tuple(shot.image for shot in shots)


def _shot(found: Found, number: int) -> _Shot:
    engine = neural.shared()
    if _printed(found):
        image = flat(found)
        words = tesseract.shared().recognise(image, number)
        name = tesseract.shared().name
    else:
        seen = see(found, engine)
        image, name = seen.image, engine.name
        words = to_words(seen.strips, image.shape[1], image.shape[0], number, name)
    page = Page(number, image.shape[1], image.shape[0], found.turned, name)
    return _Shot(words, page, image, found.heights_across < SLIP_ACROSS)


def _printed(found: Found) -> bool:
    """Whether the picture is a level scan of a page in print: what Tesseract is good at."""
    if found.heights_across < SLIP_ACROSS or found.turned:
        return False
    return bool(np.median(found.image[::8, ::8]) >= PAPER_GREY)


def _interpreted(shots: Sequence[_Shot], hints: Hints, found: tuple[Code, ...]) -> Reading:
    words = tuple(word for shot in shots for word in shot.words)
    pages = tuple(shot.page for shot in shots)
    if all(shot.narrow for shot in shots) or receipt.is_fiscal(words, pages):
        reading = receipt.interpret(words, pages, hints=hints, codes=found)
    else:
        reading = invoice.interpret(words, pages, hints=hints, codes=found)
    return prove(replace(reading, pages=pages, route=_route(shots), engine=_engines(shots)))


def _route(shots: Sequence[_Shot]) -> str:
    names = {shot.page.engine for shot in shots}
    if names == {"tesseract"}:
        return "scan"
    return "photo" if "tesseract" not in names else "scan+neural"


def _engines(shots: Sequence[_Shot]) -> str:
    by_name: dict[str, Engine] = {"tesseract": tesseract.shared(), "rapidocr": neural.shared()}
    return ", ".join(sorted({by_name[shot.page.engine].version for shot in shots}))
