"""The ruling lines of a scanned form taken away: beside them Tesseract reads figures as brackets.

`2583]` for 25,83, or a whole column lost between two lines. What is long, thin and straight is no
letter; drawn dashes are closed up first. Costs a fortieth of reading the page.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.engines import Image
from ocr.image import fitted, in_grey, middle_grey

INK_BELOW = 190  # of the paper's 255
SHORTEST = 35  # a line is at least such a part of the page's longer side; across, half of that
DASH = 9  # pixels between two dashes, and thickness that no line has
DASH_HEIGHT = 5  # what is lower is a dash and no letter
SMALL = 700  # the longer side of the copy on which the direction of rows is judged
SIDEWAYS = 2.0


def without_rules(image: Image) -> Image:
    """The page in grey without its straight lines; letters and filled areas stay."""
    grey = in_grey(image)
    ink = _inverted(grey)
    length = max(40, max(grey.shape) // SHORTEST)
    low = cv2.subtract(ink, _opened(ink, 1, DASH_HEIGHT))
    dashes = cv2.morphologyEx(low, cv2.MORPH_CLOSE, np.ones((1, DASH), np.uint8))
    lines = cv2.bitwise_or(_opened(ink, 1, length), _runs(ink, 2 * length))
    lines = cv2.bitwise_or(lines, _runs(np.asarray(dashes, np.uint8), 4 * length))
    thick = cv2.dilate(_opened(ink, DASH, DASH), np.ones((3, 3), np.uint8))
    lines = cv2.subtract(lines, thick)
    if not cv2.hasNonZero(lines):
        return grey
    wide = cv2.dilate(lines, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.bitwise_or(grey, wide), np.uint8)


def runs_sideways(bare: Image) -> bool:
    """Whether the rows of a level page without its lines run up or down: not for Tesseract.

    From row to row of letters the ink changes much more than from column to column: on 26 upright
    pages the latter was 0.04 to 0.53 of the former, on three that lay on their side 5 to 9 times.
    """
    small = fitted(bare, SMALL)
    ink = (small < middle_grey(small) - 50).astype(np.float32)
    across, down = (float(np.square(np.diff(ink.sum(axis=axis))).sum()) for axis in (1, 0))
    return down > SIDEWAYS * across


def _inverted(grey: Image) -> Image:
    """255 where there is ink."""
    return np.asarray(cv2.threshold(grey, INK_BELOW - 1, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _opened(ink: Image, wide: int, high: int) -> Image:
    """Where the ink fills a stretch so wide and high."""
    return np.asarray(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8)), np.uint8
    )


def _runs(ink: Image, length: int) -> Image:
    """Where the ink runs on so far from left to right: `_opened(ink, length, 1)` much faster.

    Stretches double from step to step, and rows without any as long are left out of the next.
    """
    before, behind = length // 2, length - 1 - length // 2
    inked = cv2.reduce(ink, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0]
    which = np.flatnonzero(inked >= 255 * (length - before))
    rows = np.pad(ink[which], ((0, 0), (before, behind)), constant_values=255)
    for step in _doubling(length):
        rows = rows[:, :-step] & rows[:, step:]
        some = rows.max(axis=1) > 0
        rows, which = rows[some], which[some]
    rows = np.pad(rows, ((0, 0), (before, behind)))
    for step in _doubling(length):
        rows = rows[:, :-step] | rows[:, step:]
    found = np.zeros_like(ink)
    found[which] = rows
    return found


def _doubling(length: int) -> Iterator[int]:
    """Steps of shifts that make a stretch of one pixel one of `length`: 1, 2, 4 and so on."""
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        yield step
        reached += step
