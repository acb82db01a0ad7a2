"""The last steps in a phone: blur, noise, JPEG."""

from __future__ import annotations

import cv2
import numpy as np

from demo.documents.camera.pictures import Pixels
from demo.documents.camera.surface import Floats, Generator

TILE = 512


def soften(rng: Generator, picture: Floats, strength: float) -> Floats:
    """Out of focus, and sometimes shaken."""
    sigma = 0.35 + 0.9 * strength * float(rng.uniform(0.1, 1))
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigmaX=sigma))
    if rng.random() < 0.25 * strength:
        length = int(rng.integers(3, 4 + round(4 * strength)))
        kernel = np.zeros((length, length), dtype=np.float32)
        cv2.line(kernel, (0, int(rng.integers(length))), (length - 1, int(rng.integers(length))), 1)
        picture = np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()))
    return picture


def add_noise(rng: Generator, picture: Floats, strength: float) -> Floats:
    """Grain of the sensor, grey and coloured; one tile repeated, for speed."""
    height, width = picture.shape[:2]
    sigma = 1.2 + 5 * strength * float(rng.uniform(0.1, 1))
    tile = rng.normal(0, sigma, (TILE, TILE, 1)) + rng.normal(0, sigma / 2, (TILE, TILE, 3))
    rows, columns = height // TILE + 1, width // TILE + 1
    grain = np.tile(tile.astype(np.float32), (rows, columns, 1))[:height, :width]
    return picture + grain


def jpeg(picture: Floats | Pixels, quality: int) -> bytes:
    """RGB pixels as JPEG without metadata."""
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    assert done
    return data.tobytes()
