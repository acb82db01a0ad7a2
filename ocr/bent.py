"""Rows bent by crumpled, curled or turned paper, made level by moving columns up or down.

Long strips tell the slope of the paper where they stand. Amounts are short and stand alone at the
far end of a row, where a slope known from elsewhere is off by half a row; so a second fit takes in
that a strip stands on the level of its neighbour across the gap. A few terms describe how a whole
sheet is held; folds and dents, which bend a part of it alone, are bumps side by side.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines import Image, Points

LONG = 2.5  # heights: a shorter strip has no slope of its own
FEWEST = 8
LEAST_SHIFT_PX = 3.0
PASSES = 3  # over the neighbours: the fit of one shows the neighbours of the next
REACH = 0.35  # of a height: how far off its neighbour a strip may stand after the last fit
ALIKE = 1.4  # heights of strips that are the same print
CLEAR = 2.5  # times nearer than the next row's strip, or it is not known which is the neighbour
# How much the fit resists each term of `_sheet`, by what bends of its kind a sheet shows: pixels of
# error per pixel of bend. A tilt is free; what no strip shows must not be made up.
STIFFNESS = np.array([0.0, 0.0, 1.5, 1.5, 1.5, 1.5, 3.0, 3.0, 3.0]) * 1e-3
BUMPS = (7, 9)  # across and down the page
KINKED = 0.06  # how much the fit resists that neighbouring bumps across the page bend a row
PARTED = 0.02  # and that a bump differs from the one below it
RAISED = 0.005  # and any bump at all
DOUBTED = 3.0  # usual errors: what is further off counts less, as a strip cut askew or a wrong pair

Floats = NDArray[np.float64]


def levelled(image: Image, quads: Points) -> tuple[Image, Points]:
    """The picture with its rows level and the same corners (n × 4 × 2) on it."""
    height, width = image.shape[:2]
    found = _fitted(quads, width, height)
    if found is None:
        return image, quads
    corners = quads.reshape(-1, 2).astype(np.float64)
    down = _shift(found, corners[:, 0], corners[:, 1], width, height)
    if np.abs(down).max() < LEAST_SHIFT_PX:
        return image, quads
    moved = np.stack([corners[:, 0], corners[:, 1] - down], axis=1)
    columns, rows = grid(width, height)
    source = rows
    for _ in range(3):
        source = rows + _shift(found, columns, source, width, height)
    map_x, map_y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (width, height)))
    map_y += cv2.resize((source - rows).astype(np.float32), (width, height))
    bent = cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(bent, np.uint8), moved.reshape(-1, 4, 2).astype(np.float32)


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Places (x, y) of 64 × 64 samples which `cv2.resize` spreads over a picture of this size."""
    x, y = ((np.arange(64) + 0.5) * (n / 64) - 0.5 for n in (width, height))
    columns, rows = np.meshgrid(x, y)
    return columns, rows


def _fitted(quads: Points, width: int, height: int) -> Floats | None:
    """What each term of `_terms` counts; None where too few strips are long."""
    left, right = quads[:, [0, 3]].mean(axis=1), quads[:, [1, 2]].mean(axis=1)
    tall = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    long = right[:, 0] - left[:, 0] > LONG * tall
    if long.sum() < FEWEST:
        return None
    starts, ends = left[long].astype(np.float64), right[long].astype(np.float64)
    found = _solved(starts, ends, width, height)
    for _ in range(PASSES):
        pairs = _neighbours(quads, found, width, height)
        if len(pairs) < FEWEST:
            break
        first, second = pairs[:, 0], pairs[:, 1]
        found = _solved(
            np.concatenate([starts, right[first]]),
            np.concatenate([ends, left[second]]),
            width,
            height,
        )
    return found


def _solved(starts: Floats, ends: Floats, width: int, height: int) -> Floats:
    """The bend by which the end of each stretch comes to the level of its start, robustly."""
    level = (starts[:, 1] + ends[:, 1]) / 2
    terms = _terms(ends[:, 0], level, width, height) - _terms(starts[:, 0], level, width, height)
    rise = ends[:, 1] - starts[:, 1]
    stiff = len(rise) * _stiffness()
    weight: Floats = np.ones(len(rise))
    found: Floats = np.zeros(terms.shape[1])
    for _ in range(5):
        weighed = terms * weight[:, None]
        found = np.asarray(np.linalg.solve(weighed.T @ terms + stiff, weighed.T @ rise), np.float64)
        rest = np.abs(terms @ found - rise)
        # What is off still counts: most of a fold's strips are off while it is not yet found.
        weight = np.minimum(1.0, (DOUBTED * np.median(rest) + 0.5) / np.maximum(rest, 1e-6))
    return found


@lru_cache(maxsize=1)
def _stiffness() -> Floats:
    """The squares of how much the fit resists, as a matrix over `_terms`; never singular."""
    across, down = (np.eye(count) for count in BUMPS)
    rough = np.concatenate(
        [
            KINKED * np.kron(np.diff(across, 2, axis=0), down),
            PARTED * np.kron(across, np.diff(down, 1, axis=0)),
            RAISED * np.kron(across, down),
        ]
    )
    count = len(STIFFNESS)
    stiff = np.zeros((count + rough.shape[1],) * 2)
    stiff[:count, :count] = np.diag(STIFFNESS**2)
    stiff[count:, count:] = rough.T @ rough
    return np.asarray(stiff + 1e-11 * np.eye(len(stiff)), np.float64)


def _terms(x: Floats, y: Floats, width: int, height: int) -> Floats:
    a, b = x / width - 0.5, y / height - 0.5
    across, down = _bumps(a, BUMPS[0]), _bumps(b, BUMPS[1])
    local = (across[..., :, None] * down[..., None, :]).reshape(*a.shape, -1)
    return np.concatenate([_sheet(a, b), local], axis=-1)


def _sheet(a: Floats, b: Floats) -> Floats:
    """How a sheet is held as a whole: tilted, curled, seen from aside. -0.5..0.5 on the page."""
    return np.stack(
        [a, a * b, a * b * b, a**2, a**2 * b, a**3, a**3 * b, a**2 * b * b, a**4], axis=-1
    )


def _bumps(at: Floats, count: int) -> Floats:
    """Cubic B-splines at equal distances from -0.5 to 0.5, each as wide as four distances."""
    place = (np.clip(at, -0.5, 0.5) + 0.5)[..., None] * (count - 1)
    away = np.abs(place - np.arange(count))
    near, far = 2 / 3 - away**2 + away**3 / 2, (2 - away) ** 3 / 6
    return np.where(away < 1, near, np.where(away < 2, far, 0.0))


def _shift(found: Floats, x: Floats, y: Floats, width: int, height: int) -> Floats:
    shifted: Floats = _terms(x, y, width, height) @ found
    return shifted


def _neighbours(quads: Points, found: Floats, width: int, height: int) -> NDArray[np.int64]:
    """Pairs of strips that stand on one row by the fit so far: n × 2 numbers, left one first.

    A pair counts where no strip of another row is nearly as near.
    """
    corners = quads.reshape(-1, 2).astype(np.float64)
    down = _shift(found, corners[:, 0], corners[:, 1], width, height)
    y = (corners[:, 1] - down).reshape(-1, 4)
    x0, x1 = quads[:, [0, 3], 0].mean(axis=1), quads[:, [1, 2], 0].mean(axis=1)
    start, end = y[:, [0, 3]].mean(axis=1), y[:, [1, 2]].mean(axis=1)
    tall = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    pairs: list[tuple[int, int]] = []
    for i in range(len(quads)):
        alike = (tall < ALIKE * tall[i]) & (tall > tall[i] / ALIKE)
        behind = np.flatnonzero((x0 > x1[i] - 0.3 * tall[i]) & alike)
        off = np.abs(start[behind] - end[i])
        near = behind[off < REACH * np.minimum(tall[behind], tall[i])]
        if not len(near):
            continue
        j = int(near[np.argmin(x0[near])])
        # Rows above and below at that place: the nearest must be clearly nearer.
        column = behind[(x0[behind] < x1[j]) & (x1[behind] > x0[j]) & (behind != j)]
        rivals = np.abs(start[column] - end[i])
        if len(rivals) and rivals.min() < CLEAR * abs(start[j] - end[i]):
            continue
        pairs.append((i, j))
    return np.array(pairs, np.int64).reshape(-1, 2)
