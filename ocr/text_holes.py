"""Finds print that a PDF's text layer does not hold, and reads it from the page's picture.

Some programs draw words with Polish letters as outlines: a text layer then has every word but
those, which are mostly names and headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines import Engine, Image
from ocr.reading import Box, Word

_ACROSS = 700  # pixels: wide enough to tell words, small enough to cost a few milliseconds
_DARK = 140
_FEWEST = 6  # places: a logo, a stamp and a signature are fewer
_SHARE = 0.04  # of the words
_LABELS = 65_000  # parts that can be told apart with 16 bits
_COVERED = 0.35  # of a word's area: it is in the text layer already


def has_holes(image: Image, words: Sequence[Word]) -> bool:
    """Whether a page shows so much print beside the words of its text layer (all of that page)."""
    if not words:
        return False
    step = max(1, round(image.shape[1] / _ACROSS))
    ink = _ink(image[::step, ::step])
    tall = _tall(words, ink)
    ink[_rules(ink, tall) > 0] = 0
    for word in words:
        ink[_place(word.box, ink)] = 0
    run = np.ones((1, max(3, round(0.6 * tall))), np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, run)
    # Labels of 16 bits take a third of the time; every part begins a run of ink at least once.
    runs = np.count_nonzero(joined[:, 1:] > joined[:, :-1]) + np.count_nonzero(joined[:, 0])
    bits = cv2.CV_16U if runs < _LABELS else cv2.CV_32S
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=bits)
    w, h, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    tall_enough = (0.4 * tall < h) & (h < 1.4 * tall) & (w > 1.5 * h)
    found = np.count_nonzero(tall_enough & (0.2 * w * h < area) & (area < 0.95 * w * h))
    return bool(found >= max(_FEWEST, _SHARE * len(words)))


def filled(image: Image, words: Sequence[Word], page: int, engine: Engine) -> tuple[Word, ...]:
    """The page's words and those that the engine sees where the text layer has none.

    `image` is the page upright; all words are of this page. The engine gets what is left of the
    picture without ruled lines and known words.
    """
    rest = image.copy()
    ink = _ink(image)
    rules = _rules(ink, _tall(words, ink))
    rest[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 255
    for word in words:
        rest[_place(word.box, ink)] = 255
    own = [word.box for word in words]
    more = [
        replace(word, box=_level(word.box, own))
        for word in engine.recognise(rest, page)
        if _covered(word.box, own) < _COVERED and any(c.isalnum() for c in word.text)
    ]
    return (*words, *more)


def _ink(image: Image) -> NDArray[np.uint8]:
    """1 where the picture is dark."""
    grey = image[:, :, 1] if image.ndim == 3 else image  # green, the brightest part of grey
    return (grey < _DARK).astype(np.uint8)


def _tall(words: Sequence[Word], ink: NDArray[np.uint8]) -> float:
    """The usual height of a word in pixels."""
    return float(median((word.box.y1 - word.box.y0) * ink.shape[0] for word in words))


def _rules(ink: NDArray[np.uint8], tall: float) -> NDArray[np.uint8]:
    """Ruled lines: runs of ink longer than letters are."""
    size = max(12, round(4 * tall))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, size), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, 1), np.uint8))
    return np.maximum(across, down).astype(np.uint8)


def _place(box: Box, ink: NDArray[np.uint8]) -> tuple[slice, slice]:
    """The pixels of a box and a little around it."""
    height, width = ink.shape
    x0, x1 = int(box.x0 * width) - 2, int(box.x1 * width) + 3
    y0, y1 = int(box.y0 * height) - 1, int(box.y1 * height) + 2
    return slice(max(0, y0), max(0, y1)), slice(max(0, x0), max(0, x1))


def _covered(box: Box, others: Sequence[Box]) -> float:
    """The share of a box that others cover."""
    area = (box.x1 - box.x0) * (box.y1 - box.y0)
    shared = sum(
        max(0.0, min(box.x1, o.x1) - max(box.x0, o.x0))
        * max(0.0, min(box.y1, o.y1) - max(box.y0, o.y0))
        for o in others
    )
    return shared / area if area > 0 else 1.0


def _level(box: Box, others: Sequence[Box]) -> Box:
    """The box with top and bottom of the text layer's words on its line, where there are some.

    An engine's boxes fit the ink, those of a text layer the font: rows are told by their middles.
    """
    middle = (box.y0 + box.y1) / 2
    line = [o for o in others if o.y0 < middle < o.y1]
    if not line:
        return box
    near = min(line, key=lambda o: abs((o.y0 + o.y1) / 2 - middle))
    return replace(box, y0=near.y0, y1=near.y1)
