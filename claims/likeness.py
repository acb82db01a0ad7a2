"""What a picture looks like, as 256 bits that a re-saved or resized copy keeps. Pure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
LOW = 17  # frequencies kept per axis; the first row and column say only how bright it is
BITS = 256
BANDS = 16
# Copies of one picture differ in few bits, two invoices of one seller in many more: see the test.
NEAR = 12


def likeness(picture: NDArray[np.uint8]) -> str:
    """The signs of the low frequencies against their median, as a text of 256 noughts and ones.

    `picture` is grey or BGR. The discrete cosine transform keeps the layout and drops the grain
    (a perceptual hash, after Zauner 2010).
    """
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[1:LOW, 1:LOW].ravel()
    return "".join("1" if bit else "0" for bit in low > np.median(low))


def bands(bits: str) -> list[int]:
    """Sixteen pieces, each with its place: two likenesses within `NEAR` bits share at least one.

    By the pigeonhole principle that holds for up to BANDS - 1 differing bits.
    """
    width = BITS // BANDS
    return [
        number << width | int(bits[number * width : (number + 1) * width], 2)
        for number in range(BANDS)
    ]


def distance(one: str, other: str) -> int:
    """In how many bits two likenesses differ."""
    return (int(one, 2) ^ int(other, 2)).bit_count()
