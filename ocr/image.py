"""Pictures made ready for an engine, and rows made straight after it.

Everything works on the pixels of a decoded picture (RGB or grey, eight bits). Straightening comes
*after* recognition: the engine reads slanted strips as well as level ones, and its strips tell the
slope of the paper better than any edge does. Picture and strips are bent together, so boxes stay
true for the picture that a person is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.bent import levelled
from ocr.engines import Image, Points
from ocr.upright import upright

MARKED_SHARE = 0.01
DIM_BELOW = 150  # the brightest two percent of a picture; the models were not shown darker ones
LIT = 225
SCAN_SIDE = 1200  # of the copy that pages are judged on
SCAN_PAPER = 235  # median grey of scanned paper
SCAN_DARKEST = 225  # and of its darkest twentieth: a photo has shadows and a table around it
_STRIP_ACROSS = 16  # pixels; of the copy of 700 on which a scan's slant is found
_HIGHEST_SHIFT = 30  # pixels of its sides: 4.4 degrees at half of 700 pixels from the middle
PAGE_ACROSS = 58  # letters of a page's width, in heights of a letter; slips have 18 to 54


@dataclass(frozen=True, slots=True)
class Straightened:
    """The picture whose rows are level, and the same corners on it (n × 4 × 2)."""

    image: Image
    quads: Points


def fitted(image: Image, side: int) -> Image:
    """The picture with its longer side at most `side` pixels; never enlarged."""
    while max(image.shape[:2]) >= 2 * side:  # whole pixels are averaged many times as fast
        half = (image.shape[1] // 2, image.shape[0] // 2)
        even = image[: 2 * half[1], : 2 * half[0]]
        image = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
    longer = max(image.shape[:2])
    if longer <= side:
        return image
    size = (
        max(1, round(image.shape[1] * side / longer)),
        max(1, round(image.shape[0] * side / longer)),
    )
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def in_grey(image: Image) -> Image:
    """The picture with one channel."""
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def without_colour(image: Image) -> Image:
    """A picture whose three channels are alike with one of them; others as they are."""
    if image.ndim == 2 or not _alike(image[::16]) or not _alike(image):
        return image
    return np.ascontiguousarray(image[:, :, 0])


def _alike(image: Image) -> bool:
    red, green, blue = cv2.split(image)
    return np.array_equal(red, green) and np.array_equal(green, blue)


def middle_grey(grey: Image) -> float:
    """The median of a grey picture; by counting levels, because sorting takes ten times as long."""
    levels = np.asarray(cv2.calcHist([grey], [0], None, [256], [0, 256])).ravel()
    counted = np.cumsum(levels.astype(np.int64))
    return float(np.searchsorted(counted, (grey.size + 1) // 2))


def brightness(image: Image) -> float:
    """The level that two percent of the pixels reach or pass."""
    return float(np.percentile(image[::8, ::8], 98))


def lit(image: Image, bright: float) -> Image:
    """A picture taken in the dark made as bright as one taken by day; others as they are."""
    if bright >= DIM_BELOW or bright < 4:
        return image
    return np.asarray(cv2.convertScaleAbs(image, alpha=LIT / bright), np.uint8)


def evened(image: Image, quads: Points) -> Image:
    """A picture of paper without shadows and without the colours of highlighters, in grey.

    The brightest of the three channels sees through yellow, green, blue and pink markers, which a
    grey picture turns into dark patches; it would lose red print, so it is only used where large
    patches are coloured. Light text on a dark ground, as `quads` show it, is left as it is: evening
    would bring up the noise of the ground.
    """
    grey = in_grey(image)
    if light_on_dark(grey, quads):
        return image
    if image.ndim == 3 and _marked_share(image) > MARKED_SHARE:
        grey = image.max(axis=2)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, paper, scale=235), np.uint8)


def light_on_dark(grey: Image, quads: Points) -> bool:
    """Whether most strips hold letters that are brighter than what they stand on."""
    votes = []
    for quad in quads[:: max(1, len(quads) // 40)]:
        (x0, y0), (x1, y1) = quad.min(axis=0).clip(0), quad.max(axis=0)
        part = grey[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]
        if part.size:
            low, middle, high = np.percentile(part, (5, 50, 95))
            votes.append(bool(high - middle > middle - low))
    return sum(votes) * 2 > len(votes)


def printed_page(image: Image) -> bool:
    """Whether this is a scan of a whole page in print: even white paper and many small letters.

    Costs a fiftieth of reading the page, so that a scan goes to its engine at once.
    """
    grey = fitted(in_grey(image), SCAN_SIDE)
    paper = middle_grey(grey)
    if paper < SCAN_PAPER:
        return False
    ground = cv2.dilate(cv2.resize(grey, None, fx=0.25, fy=0.25), np.ones((15, 15), np.uint8))
    if float(np.percentile(ground, 5)) < SCAN_DARKEST:
        return False
    ink = (grey < paper - 50).astype(np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(ink)
    high, wide = parts[1:, cv2.CC_STAT_HEIGHT], parts[1:, cv2.CC_STAT_WIDTH]
    letters = parts[1:][(high >= 5) & (high <= 40) & (wide <= 60) & (parts[1:, 4] >= 6)]
    if len(letters) < 60:
        return False
    left = letters[:, cv2.CC_STAT_LEFT]
    right = left + letters[:, cv2.CC_STAT_WIDTH]
    across = float(np.percentile(right, 99) - np.percentile(left, 1))
    return across >= PAGE_ACROSS * float(np.median(letters[:, cv2.CC_STAT_HEIGHT]))


def levelled_scan(image: Image) -> Image:
    """A scan turned by the few degrees at which its rows stand out most; white corners."""
    grey = fitted(in_grey(image), 700)
    ink = (grey < middle_grey(grey) - 50).astype(np.float32)
    strips, aside = _strips(ink)

    @cache
    def sharpness(angle: float) -> float:
        # A page turned by few degrees: its strips shifted against each other, without a picture.
        down = aside * math.tan(math.radians(angle)) + _HIGHEST_SHIFT
        rows = np.zeros(len(ink) + 1, np.float32)
        for strip, whole, part in zip(strips, down.astype(int), down % 1, strict=True):
            shifted = strip[whole : whole + len(rows) + 1]
            rows += shifted[:-1] * (1 - part) + shifted[1:] * part
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-4, 4.1, 0.5), key=sharpness)
    best = float(max(np.arange(coarse - 0.4, coarse + 0.41, 0.1), key=sharpness))
    if abs(best) < 0.15 or sharpness(best) < 1.03 * sharpness(0):
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), best, 1.0)
    white = (255, 255, 255) if image.ndim == 3 else 255
    turned = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=white
    )
    return np.asarray(turned, np.uint8)


def _strips(ink: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The ink of each row in strips down the page, with room above and below; their places.

    Strips × rows, and pixels to the right of the middle of the page.
    """
    count = max(1, ink.shape[1] // _STRIP_ACROSS)
    edges = np.linspace(0, ink.shape[1], count + 1).astype(int)
    strips = np.add.reduceat(ink, edges[:-1], axis=1).T
    room = ((0, 0), (_HIGHEST_SHIFT, _HIGHEST_SHIFT + 2))
    return np.pad(strips, room), (edges[:-1] + edges[1:] - ink.shape[1]) / 2


def _marked_share(image: Image) -> float:
    """The share of pixels in large patches that are bright and coloured."""
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    high, low = small.max(axis=2).astype(np.int16), small.min(axis=2).astype(np.int16)
    coloured = ((high > 120) & ((high - low) * 4 > high)).astype(np.uint8)
    return float(cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)).mean())


def straightened(image: Image, quads: Points) -> Straightened:
    """Turn by the median slope of the rows, then bend away what slope remains; last, what lean."""
    if len(quads) < 3:
        return Straightened(image, quads)
    angle = float(np.degrees(np.arctan(np.median(_slopes(quads)))))
    if abs(angle) > 0.3:
        image, quads = _turned(image, quads, angle)
    return Straightened(*upright(*levelled(image, quads)))


def _slopes(quads: Points) -> NDArray[np.float32]:
    """Slope of each strip that is long enough to have one; all strips if none is."""
    along = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    tall = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    long = along[:, 0] > 2.5 * tall
    chosen = along[long] if long.sum() >= 3 else along
    return np.asarray(chosen[:, 1] / np.maximum(chosen[:, 0], 1), np.float32)


def _turned(image: Image, quads: Points, angle: float) -> tuple[Image, Points]:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(height * sin + width * cos), int(height * cos + width * sin))
    matrix[0, 2] += (size[0] - width) / 2
    matrix[1, 2] += (size[1] - height) / 2
    turned = cv2.warpAffine(
        image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    moved = quads.reshape(-1, 2) @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(turned, np.uint8), moved.reshape(-1, 4, 2).astype(np.float32)
