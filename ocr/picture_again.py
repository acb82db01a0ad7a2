"""A second look at the cells of a slip that the first look missed.

Under a marker, in a fold or in faint print the detector overlooks what the recogniser can still
read: the columns of the other rows tell where to look.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.engines import Image, Points
from ocr.neural import NeuralEngine, to_words
from ocr.reading import Box, Page, Proof, Reading, Word
from ocr.receipt_places import unread_places

MOST_PLACES = 24


def look_again(
    words: Sequence[Word], pages: Sequence[Page], images: Sequence[Image], engine: NeuralEngine
) -> tuple[Word, ...]:
    """The words with what was read anew where rows lack figures; the same where nothing lacks."""
    places = unread_places(words, pages)[:MOST_PLACES]
    kept = list(words)
    for page, image in zip(pages, images, strict=True):
        here = [place for place in places if place.page == page.number]
        if not here:
            continue
        height, width = image.shape[:2]
        quads = np.array([_corners(place, width, height) for place in here], np.float32)
        strips = engine.read(image, quads)
        for strip in strips:
            if sum(c.isalnum() for c in strip.text) < 4:
                continue
            found = to_words((strip,), width, height, page.number, engine.name)
            place = next(
                p for p, q in zip(here, quads, strict=True) if np.array_equal(q, strip.quad)
            )
            kept = [word for word in kept if not _inside(word, place)]
            kept += found
    return tuple(kept)


def better(first: Reading, second: Reading) -> Reading:
    """The reading of which more is proven; the first where they are alike."""
    return second if _proven(second) > _proven(first) else first


def _proven(reading: Reading) -> tuple[bool, int]:
    adds_up = not any(finding.code == "sum-differs" for finding in reading.findings)
    amounts = [line.line_gross for line in reading.lines]
    return adds_up, sum(a is not None and a.proof is Proof.ARITHMETIC for a in amounts)


def _corners(place: Box, width: int, height: int) -> Points:
    x0, x1, y0, y1 = place.x0 * width, place.x1 * width, place.y0 * height, place.y1 * height
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def _inside(word: Word, place: Box) -> bool:
    """Whether a word's middle lies in the place: it is replaced by what was read there."""
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
    return word.box.page == place.page and place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1
