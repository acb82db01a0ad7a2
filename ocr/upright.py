"""Columns that lean, because a page was photographed from aside, made upright.

Tables are read by columns: what stands under a heading is found by its place from left to right.
Left edges of texts and right edges of amounts stand over one another on the paper; how far they
move from row to row tells the lean, which may change across the page.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.bent import grid
from ocr.engines import Image, Points

FEWEST = 24  # pairs of edges
BELOW = 6.0  # heights down to which the next edge is looked for
ASIDE = 0.8  # of a height that it may stand off
LIKELY = 0.02  # pixels across per pixel down: edges that differ by more are not of one column
LEAST = 0.6  # of a height that columns are moved at least, or the page stays as it is

Floats = NDArray[np.float64]


def upright(image: Image, quads: Points) -> tuple[Image, Points]:
    """The picture (rows level already) with its columns upright, and the corners on it."""
    height, width = image.shape[:2]
    places, leans, weights = _leans(quads)
    if len(leans) < FEWEST:
        return image, quads
    found = _fitted(places / (width, height) - 0.5, leans, weights)
    corners = quads.reshape(-1, 2).astype(np.float64)
    aside = _shift(found, corners, width, height)
    tall = float(np.median(np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)))
    if np.abs(aside).max() < LEAST * tall:
        return image, quads
    moved = np.stack([corners[:, 0] - aside, corners[:, 1]], axis=1)
    columns, rows = grid(width, height)
    source = columns
    for _ in range(3):
        at = np.stack([source, rows], axis=-1).reshape(-1, 2)
        source = columns + _shift(found, at, width, height).reshape(columns.shape)
    map_x, map_y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (width, height)))
    map_x += cv2.resize((source - columns).astype(np.float32), (width, height))
    turned = cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), moved.reshape(-1, 4, 2).astype(np.float32)


def _leans(quads: Points) -> tuple[Floats, Floats, Floats]:
    """Where edges follow each other down the page (n × 2), how far the lower is aside, weights."""
    tall = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1).astype(np.float64)
    places: list[Floats] = []
    leans: list[float] = []
    weights: list[float] = []
    for sides in ((0, 3), (1, 2)):
        edges = quads[:, sides].mean(axis=1).astype(np.float64)
        for i, (x, y) in enumerate(edges):
            down = edges[:, 1] - y
            near = (down > 0.6 * tall[i]) & (down < BELOW * tall[i])
            for j in np.flatnonzero(near & (np.abs(edges[:, 0] - x) < ASIDE * tall[i])):
                places.append((edges[i] + edges[j]) / 2)
                leans.append(float((edges[j, 0] - x) / down[j]))
                weights.append(float(down[j] / tall[i]))
    return np.array(places, np.float64).reshape(-1, 2), np.array(leans), np.array(weights)


def _fitted(places: Floats, leans: Floats, weights: Floats) -> Floats:
    """The lean and how it changes across and down the page, by the edges that agree."""
    order = np.argsort(leans)
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    found = np.array([leans[order][min(half, len(order) - 1)], 0.0, 0.0])
    terms = np.stack([np.ones(len(leans)), places[:, 0], places[:, 1]], axis=1)
    stiff = np.diag([0.0, 1.0, 1.0]) * np.sqrt(weights.sum()) * 0.2
    for _ in range(8):
        rest = np.abs(terms @ found - leans)
        trust = np.sqrt(weights) / (1 + (rest / LIKELY) ** 2)
        rows = np.concatenate([terms * trust[:, None], stiff])
        found = np.linalg.lstsq(rows, np.concatenate([leans * trust, np.zeros(3)]), rcond=None)[0]
    return np.asarray(found, np.float64)


def _shift(found: Floats, points: Floats, width: int, height: int) -> Floats:
    """How far to the right of its upright place each point stands."""
    a, b = points[:, 0] / width - 0.5, points[:, 1] / height - 0.5
    shift: Floats = height * (found[0] * b + found[1] * a * b + found[2] * b * b / 2)
    return shift
