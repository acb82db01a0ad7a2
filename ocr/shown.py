"""Makes the page images that a person sees: small, and without a trace of the original file."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import limits

NEARLY = 0.65


def encode(page: NDArray[np.uint8]) -> bytes:
    """A JPEG of an RGB or grey page, at most `SHOWN_SIDE_PX` long; it carries no metadata."""
    longest = max(page.shape[:2])
    if longest > limits.SHOWN_SIDE_PX:
        scale = limits.SHOWN_SIDE_PX / longest
        size = (max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale)))
        # Averaging areas that are no whole pixels takes most of the time and shows little more.
        way = cv2.INTER_LINEAR if scale > NEARLY else cv2.INTER_AREA
        page = cv2.resize(page, size, interpolation=way).astype(np.uint8, copy=False)
    if page.ndim == 3:
        page = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2BGR), np.uint8)
    quality = limits.SHOWN_QUALITY
    while True:
        done, jpeg = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("a page image could not be encoded")
        if len(jpeg) <= limits.SHOWN_BYTES or quality <= 40:
            return jpeg.tobytes()
        quality -= 20
