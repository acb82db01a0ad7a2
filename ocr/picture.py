"""Pictures of documents: which engine reads them, and whether they are slips or invoices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ocr import neural, receipt
from ocr.engines import Image
from ocr.neural import to_words
from ocr.picture_strips import see
from ocr.reading import Hints, Page, Reading, Word


def read_pictures(images: Sequence[Image], *, hints: Hints) -> tuple[Reading, tuple[Image, ...]]:
    """One document from its pictures in page order, and the upright pages its boxes refer to."""
    started = time.monotonic()
    engine = neural.shared()
    words: list[Word] = []
    pages: list[Page] = []
    shown: list[Image] = []
    for number in range(1, len(images) + 1):
        seen = see(images[number - 1], engine)
        height, width = seen.page.image.shape[:2]
        words += to_words(seen.strips, width, height, number, engine.name)
        pages.append(Page(number, width, height, seen.turned, engine.name))
        shown.append(seen.page.image)
    reading = receipt.interpret(words, pages, hints=hints)
    return (
        replace(reading, engine=engine.version, seconds=time.monotonic() - started),
        tuple(shown),
    )
