"""Tesseract through pytesseract: the only module that knows its flags."""

from __future__ import annotations

import os
from functools import cached_property, lru_cache

import pytesseract
from PIL import Image as Picture

from ocr.engines import Image
from ocr.image import in_grey
from ocr.reading import Box, Word

LANGUAGES = "pol+eng"
TIMEOUT_S = 50  # under the wall of a stage


class TesseractEngine:
    """Tesseract's LSTM engine on a whole page; good at level print, weak at slips and photos."""

    name = "tesseract"

    @cached_property
    def version(self) -> str:
        return f"tesseract {pytesseract.get_tesseract_version()}"

    def warm_up(self) -> None:
        """Ask for the version once: it takes a process, and forks know the answer then."""
        _ = self.version

    def recognise(self, image: Image, page: int) -> tuple[Word, ...]:
        """Words of an upright page; empty when Tesseract finds none or takes too long."""
        # Its threads wait for each other longer than they work, and a worker has one core.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        # It works in grey. Handed over as PNG, a page takes longer to pack than to find its lines.
        page_file = Picture.fromarray(in_grey(image))
        page_file.format = "PPM"
        try:
            table = pytesseract.image_to_data(
                page_file,
                lang=LANGUAGES,
                config="--oem 1 --psm 3 -c preserve_interword_spaces=0",
                timeout=TIMEOUT_S,
                output_type=pytesseract.Output.DICT,
            )
        except RuntimeError:  # Its own time-out; a page that takes so long is not print.
            return ()
        height, width = image.shape[:2]
        words: list[Word] = []
        for text, sure, left, top, wide, high in zip(
            table["text"],
            table["conf"],
            table["left"],
            table["top"],
            table["width"],
            table["height"],
            strict=True,
        ):
            if not text.strip() or float(sure) < 0:
                continue
            box = Box(
                page, left / width, top / height, (left + wide) / width, (top + high) / height
            )
            words.append(Word(text.strip(), box, float(sure) / 100, self.name))
        return tuple(words)


@lru_cache(maxsize=1)
def shared() -> TesseractEngine:
    """The one engine of this process."""
    return TesseractEngine()
