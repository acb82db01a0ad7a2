"""Draws rows of characters as a thermal printer does: one cell a character, dark on white."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from demo.documents.fonts import pillow_font
from demo.documents.receipts.barcode import code128_modules
from demo.documents.receipts.slip import SlipRow

CELL_WIDTH = 24  # two pixels a printer dot: twelve dots wide, twenty-four high
CELL_HEIGHT = 46
SIDE = 44
TOP = 60
# Font size at which a character is as wide as its cell, and a lift to centre it.
FONT_SIZE = {"inconsolata": 48, "dejavu-mono": 40, "cousine": 40}
INK = 28


def draw_slip(rows: Sequence[SlipRow], *, width: int, font: str, grain: int = 0) -> bytes:
    """The slip as a grey PNG, about 25 pixels a character; `grain` seeds the uneven ink."""
    heights = [_height(row) for row in rows]
    size = (2 * SIDE + width * CELL_WIDTH, 2 * TOP + sum(heights))
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    y = TOP
    for row, height in zip(rows, heights, strict=True):
        if row.kind == "barcode":
            _barcode(pen, row.text, size[0], y)
        elif row.kind == "logo":
            _logo(pen, row.text, y, font)
        else:
            _text(image, row, SIDE, y, font)
        y += height
    buffer = io.BytesIO()
    Image.fromarray(_ink(np.asarray(image), grain)).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _height(row: SlipRow) -> int:
    if row.kind == "barcode":
        return 150
    if row.kind == "logo":
        return CELL_HEIGHT + 14
    return CELL_HEIGHT * (2 if row.tall or row.scale == 2 else 1)


def _text(image: Image.Image, row: SlipRow, x: int, y: int, font: str) -> None:
    face = pillow_font(font, FONT_SIZE[font] * row.scale, "B" if row.bold else "")
    if row.tall:
        strip = Image.new("L", (image.width, CELL_HEIGHT), 255)
        _cells(ImageDraw.Draw(strip), row.text, x, 0, face, 1)
        image.paste(strip.resize((image.width, CELL_HEIGHT * 2), Image.Resampling.BILINEAR), (0, y))
        return
    _cells(ImageDraw.Draw(image), row.text, x, y, face, row.scale)


def _cells(pen: ImageDraw.ImageDraw, text: str, x: int, y: int, face: object, scale: int) -> None:
    for column, character in enumerate(text):
        if character != " ":
            centre = x + (column + 0.5) * CELL_WIDTH * scale
            baseline = y + CELL_HEIGHT * scale * 0.78
            pen.text((centre, baseline), character, font=face, fill=0, anchor="ms")  # type: ignore[arg-type]


def _logo(pen: ImageDraw.ImageDraw, text: str, y: int, font: str) -> None:
    """The fiscal mark, in our own drawing, before the register's unique number."""
    start = len(text) - len(text.lstrip())
    x = SIDE + max(start - 4, 0) * CELL_WIDTH
    pen.text((x, y + 42), "PL", font=pillow_font("arimo", 44, "I"), fill=0, anchor="ls")
    pen.line((x - 2, y + 46, x + 58, y + 46), fill=0, width=4)
    _cells(pen, text, SIDE, y + 4, pillow_font(font, FONT_SIZE[font]), 1)


def _barcode(pen: ImageDraw.ImageDraw, digits: str, width: int, y: int) -> None:
    modules = code128_modules(digits)
    unit = 4
    x = (width - len(modules) * unit) // 2
    for number, dark in enumerate(modules):
        if dark:
            left = x + number * unit
            pen.rectangle((left, y + 12, left + unit - 1, y + 110), fill=0)


def _ink(pixels: NDArray[np.uint8], grain: int) -> NDArray[np.uint8]:
    """Print heads heat unevenly: faint columns and rows, and a little spread of each dot."""
    generator = np.random.default_rng(grain)
    columns = 7 * generator.standard_normal((pixels.shape[1],), dtype=np.float32)
    bands = 9 * generator.standard_normal((pixels.shape[0] // 8 + 1,), dtype=np.float32)
    rows = np.repeat(bands, 8)[: pixels.shape[0]]
    dark = 1 - pixels.astype(np.float32) / 255
    strength = (255 - INK) + columns[None, :] + rows[:, None]
    return np.asarray(np.clip(255 - dark * strength, 0, 255), dtype=np.uint8)
