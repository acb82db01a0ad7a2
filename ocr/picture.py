"""Pictures of documents: which engine reads them, and whether they are slips or invoices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr import neural, receipt
from ocr.engines import Image
from ocr.image import fitted, straightened
from ocr.neural import Strip, to_words
from ocr.reading import Hints, Page, Reading, Word

LONGEST_SIDE = 1600


def read_pictures(images: Sequence[Image], *, hints: Hints) -> tuple[Reading, tuple[Image, ...]]:
    """One document from its pictures in page order, and the upright pages its boxes refer to."""
    started = time.monotonic()
    engine = neural.shared()
    words: list[Word] = []
    pages: list[Page] = []
    shown: list[Image] = []
    for number, image in enumerate(images, start=1):
        picture = fitted(image, LONGEST_SIDE)
        strips = engine.strips(picture)
        quads = np.array([strip.quad for strip in strips], np.float32).reshape(-1, 4, 2)
        level = straightened(picture, quads)
        moved = tuple(
            Strip(quad, strip.text, strip.confidence, strip.centres)
            for strip, quad in zip(strips, level.quads, strict=True)
        )
        height, width = level.image.shape[:2]
        words += to_words(moved, width, height, number, engine.name)
        pages.append(Page(number, width, height, engine=engine.name))
        shown.append(level.image)
    reading = receipt.interpret(words, pages, hints=hints)
    return (
        replace(reading, engine=engine.version, seconds=time.monotonic() - started),
        tuple(shown),
    )
