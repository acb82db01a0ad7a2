"""Tesseract in this process, else through pytesseract: the only module that knows its flags."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property, lru_cache

import pytesseract
from PIL import Image as Picture

from ocr.engines import Image
from ocr.image import in_grey
from ocr.reading import Box, Word
from ocr.tesseract_library import TesseractLibrary

LANGUAGES = "pol+eng"
LIMIT_CPU_S = 15.0  # under the processor time of a stage: then another engine has its turn
PROGRAM_WALL_S = 150.0  # the program's processor time ends with that of the stage
_WORD = "5"  # the level of a word in the table
_COLUMNS = 12


class TesseractEngine:
    """Tesseract's LSTM engine on a whole page; good at level print, weak at slips and photos."""

    name = "tesseract"

    def __init__(self) -> None:
        self._program_alone = False

    def keep_to_program(self) -> None:
        """Never call the library from now on: the program dies of a page alone."""
        self._program_alone = True

    @cached_property
    def version(self) -> str:
        told = self._library.version if self._library else pytesseract.get_tesseract_version()
        return f"tesseract {told}"

    @cached_property
    def _library(self) -> TesseractLibrary | None:
        """None where only the program is to be had: then pytesseract starts it for each page."""
        if self._program_alone:
            return None
        try:
            return TesseractLibrary(LANGUAGES)
        except OSError:
            return None

    def warm_up(self) -> None:
        """Load the models, or ask the program for its version: forks have both then."""
        _ = self.version

    def recognise(self, image: Image, page: int) -> tuple[Word, ...]:
        """Words of an upright page; empty when Tesseract finds none or takes too long."""
        height, width = image.shape[:2]
        words: list[Word] = []
        for (left, top, wide, high), sure, text in _words(self._table(in_grey(image))):
            box = Box(
                page, left / width, top / height, (left + wide) / width, (top + high) / height
            )
            words.append(Word(text, box, sure / 100, self.name))
        return tuple(words)

    def _table(self, grey: Image) -> str:
        if self._program_alone or self._library is None:
            return by_program(grey)
        try:
            return self._library.table(grey, limit_cpu_s=LIMIT_CPU_S)
        except TimeoutError:  # A page that takes so long is not print.
            return ""


def by_program(grey: Image) -> str:
    """The table of a page through pytesseract; empty when it takes too long."""
    # Its threads wait for each other longer than they work, and a worker has one core.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    # It works in grey. Handed over as PNG, a page takes longer to pack than to find its lines.
    page_file = Picture.fromarray(grey)
    page_file.format = "PPM"
    try:
        table: str = pytesseract.image_to_data(
            page_file,
            lang=LANGUAGES,
            config="--oem 1 --psm 3 -c preserve_interword_spaces=0",
            timeout=PROGRAM_WALL_S,
        )
    except RuntimeError:  # Its time was up, or it crashed in its own process.
        return ""
    return table


def _words(table: str) -> Iterator[tuple[tuple[int, int, int, int], float, str]]:
    """Left, top, width and height of each word in pixels, how sure it is (0..100), its text."""
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if cells[0] == _WORD and len(cells) == _COLUMNS and cells[-1].strip():
            left, top, wide, high = map(int, cells[6:10])
            if (sure := float(cells[10])) >= 0:
                yield (left, top, wide, high), sure, cells[-1].strip()


@lru_cache(maxsize=1)
def shared() -> TesseractEngine:
    """The one engine of this process."""
    return TesseractEngine()
