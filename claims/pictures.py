"""The bits of a picture's likeness: only what reads pictures loads this."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
LOW = 17  # frequencies kept per axis; the first row and column say only how bright it is


def likeness(grey: NDArray[Any]) -> str:
    """The low frequencies against their median, as a text of 256 noughts and ones.

    The discrete cosine transform keeps the layout and drops the grain (a perceptual hash, after
    Zauner 2010).
    """
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[1:LOW, 1:LOW].ravel()
    return "".join("1" if bit else "0" for bit in low > np.median(low))
