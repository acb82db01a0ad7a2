"""Text layers that lack words: what the page shows beside them is read from its picture."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from demo.documents import fonts
from ocr import tesseract, text_holes
from ocr.engines import Image
from ocr.reading import Box, Word

_ROWS = (
    ("Faktura VAT nr 12/11/2026", "Data wystawienia: 2026-11-20"),
    ("Lp. Nazwa", "Wartość netto"),
    ("1 Kolano ocynkowane", "100,00"),
    ("2 Zawór kulowy", "200,00"),
    ("3 Śruba sześciokątna", "30,00"),
    ("4 Łącznik żeliwny", "40,00"),
    ("5 Wkręty płaskie", "50,00"),
    ("6 Uszczelka płócienna", "60,00"),
    ("7 Rura miedziana", "70,00"),
)
_WIDTH, _HEIGHT, _STEP = 1240, 900, 80


def _page() -> tuple[Image, list[Word]]:
    """A drawn page with ruled lines, and every word on it with its box."""
    picture = Pictures.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(picture)
    font = fonts.pillow_font("dejavu", 30)
    words: list[Word] = []
    for row, cells in enumerate(_ROWS):
        y = 60 + row * _STEP
        pen.line((50, y + 52, _WIDTH - 50, y + 52), fill=0, width=3)
        for cell, left in zip(cells, (70, 800), strict=True):
            x = float(left)
            for text in cell.split():
                pen.text((x, y), text, font=font, fill=0)
                box = pen.textbbox((x, y), text, font=font)
                shown = Box(
                    1, box[0] / _WIDTH, (y - 2) / _HEIGHT, box[2] / _WIDTH, (y + 38) / _HEIGHT
                )
                words.append(Word(text, shown, 1.0, "pdf-text"))
                x = box[2] + 12
    return np.asarray(picture.convert("RGB"), np.uint8), words


def _plain(word: Word) -> bool:
    return word.text.isascii()


def test_a_page_whose_words_are_all_in_the_text_layer_has_no_holes() -> None:
    image, words = _page()
    assert not text_holes.has_holes(image, words)


def test_words_that_are_drawn_as_outlines_are_read_from_the_picture() -> None:
    image, words = _page()
    layer = [word for word in words if _plain(word)]
    lost = {word.text for word in words} - {word.text for word in layer}
    assert text_holes.has_holes(image, layer)
    found = text_holes.filled(image, layer, 1, tesseract.shared())
    assert found[: len(layer)] == tuple(layer)
    more = {word.text for word in found[len(layer) :]}
    assert len(more & lost) >= 0.8 * len(lost)
    assert not more & {word.text for word in layer}
