"""What a text engine promises, so that one layout model serves all of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.reading import Word

Image = NDArray[np.uint8]  # height × width × 3 in RGB order, or height × width in grey
Points = NDArray[np.float32]  # … × 2: x and y in pixels of a picture


class Engine(Protocol):
    """Turns one upright page image into words; boxes are fractions of that image."""

    @property
    def name(self) -> str:
        """Short and stable, stored in `Word.engine`: "tesseract", "rapidocr"."""

    @property
    def version(self) -> str:
        """The version of the program or of the models, for `Reading.engine`."""

    def recognise(self, image: Image, page: int) -> tuple[Word, ...]:
        """The words of `image`, top to bottom; empty when there are none."""
