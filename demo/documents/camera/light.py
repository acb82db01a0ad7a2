"""Lamps, hands and flash: how unevenly a photographed page is lit."""

from __future__ import annotations

import cv2
import numpy as np

from demo.documents.camera.surface import Floats, Generator

STEP = 16


def lamp(rng: Generator, height: int, width: int, strength: float) -> Floats:
    """Brightness factor over the picture: a slope, darker corners, and the shade of the phone."""
    h, w = height // STEP, width // STEP
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    y, x = y / h - 0.5, x / w - 0.5
    angle = float(rng.uniform(0, 6.28))
    slope = 1 + strength * float(rng.uniform(0.1, 0.45)) * (x * np.cos(angle) + y * np.sin(angle))
    slope -= strength * float(rng.uniform(0, 0.25)) * (x * x + y * y)
    if rng.random() < 0.35 + 0.4 * strength:
        slope *= 1 - strength * float(rng.uniform(0.15, 0.45)) * _cast_shadow(rng, h, w)
    return _stretch(slope.astype(np.float32), height, width)


def _cast_shadow(rng: Generator, h: int, w: int) -> Floats:
    """A soft-edged shape that enters from one side, as a hand or a phone does."""
    mask = np.zeros((h, w), dtype=np.float32)
    corner = (int(rng.choice([0, w])), int(rng.choice([0, h])))
    points = [corner]
    for _ in range(4):
        points.append((int(rng.integers(0, w)), int(rng.integers(0, h))))
    hull = cv2.convexHull(np.array(points, dtype=np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigmaX=float(rng.uniform(3, 9))))


def glare(rng: Generator, height: int, width: int, strength: float) -> Floats | None:
    """Light added by a reflection, 0..255, or None when there is none."""
    if rng.random() > 0.3 * strength:
        return None
    h, w = height // STEP, width // STEP
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    cy, cx = float(rng.uniform(0.1, 0.9)) * h, float(rng.uniform(0.1, 0.9)) * w
    sy, sx = rng.uniform(0.05, 0.16, 2)
    spot = np.exp(-(((y - cy) / (sy * h)) ** 2) - ((x - cx) / (sx * w)) ** 2)
    return _stretch(spot * float(rng.uniform(40, 110)) * strength, height, width)


def _stretch(small: Floats, height: int, width: int) -> Floats:
    picture = cv2.resize(small.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(picture)


def tint(rng: Generator, strength: float) -> Floats:
    """Gain of red, green and blue: warm bulb to cold shade."""
    warm = float(rng.normal(0, 0.05)) * strength
    return np.array([1 + warm, 1, 1 - warm], dtype=np.float32)
