"""The last steps in a phone or scanner: blur, noise, JPEG."""

from __future__ import annotations

import cv2
import numpy as np

from demo.documents.camera.pictures import Pixels
from demo.documents.camera.surface import Generator

TILE = 512


def soften(rng: Generator, picture: Pixels, strength: float) -> Pixels:
    """Out of focus, and sometimes shaken."""
    sigma = 0.35 + (0.6 * strength + 1.3 * strength**3) * float(rng.uniform(0.1, 1))
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigmaX=sigma), dtype=np.uint8)
    if rng.random() < 0.25 * strength:
        length = int(rng.integers(3, 4 + round(4 * strength)))
        kernel = np.zeros((length, length), dtype=np.float32)
        cv2.line(kernel, (0, int(rng.integers(length))), (length - 1, int(rng.integers(length))), 1)
        picture = np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), dtype=np.uint8)
    return picture


def add_noise(rng: Generator, picture: Pixels, strength: float) -> Pixels:
    """Grain of the sensor, grey and coloured; one tile repeated, for speed."""
    height, width = picture.shape[:2]
    sigma = 1.2 + (4 * strength + 6 * strength**3) * float(rng.uniform(0.1, 1))
    tile = rng.normal(0, sigma, (TILE, TILE, 1)) + rng.normal(0, sigma / 2, (TILE, TILE, 3))
    grain = np.tile(np.rint(tile).astype(np.int16), (1, width // TILE + 1, 1))[:, :width]
    noisy = np.empty_like(picture)
    for top in range(0, height, TILE):
        rows = picture[top : top + TILE]
        noisy[top : top + TILE] = np.clip(rows + grain[: len(rows)], 0, 255)
    return noisy


def jpeg(picture: Pixels, quality: int) -> bytes:
    """RGB pixels as JPEG without metadata."""
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    assert done
    return data.tobytes()
