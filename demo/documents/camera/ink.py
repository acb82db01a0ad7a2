"""What people add to paper: rubber stamps, ticks, notes, a highlighter."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from demo.documents.camera.pictures import Pixels
from demo.documents.fonts import pillow_font

STAMP_COLOURS = ((38, 48, 150), (150, 30, 40), (60, 60, 70))
PEN_COLOURS = ((25, 45, 140), (20, 20, 25), (170, 30, 40))
NOTES = (
    "do rozliczenia",
    "OK",
    "budowa Zielona",
    "zapł.",
    "sprawdzić!",
    "12.05",
    "Mietek",
    "auto 2",
)


def annotate(
    rng: np.random.Generator, paper: Pixels, *, stamp: tuple[str, ...] = (), scribbles: int = 0
) -> Pixels:
    """The page with a stamp of these rows and some pen marks; print stays legible below."""
    sheet = Image.fromarray(paper).convert("RGB")
    if stamp:
        sheet = _stamped(rng, sheet, stamp)
    for _ in range(scribbles):
        sheet = _scribbled(rng, sheet)
    return np.asarray(sheet)


def _multiply(sheet: Image.Image, layer: Image.Image, place: tuple[int, int]) -> Image.Image:
    """Ink darkens: a white layer changes nothing."""
    full = Image.new("RGB", sheet.size, (255, 255, 255))
    full.paste(layer, place)
    product = np.asarray(sheet, dtype=np.uint16) * np.asarray(full, dtype=np.uint16) // 255
    return Image.fromarray(product.astype(np.uint8))


def _stamped(rng: np.random.Generator, sheet: Image.Image, rows: tuple[str, ...]) -> Image.Image:
    colour = STAMP_COLOURS[int(rng.integers(len(STAMP_COLOURS)))]
    size = max(sheet.width // 52, 14)
    font = pillow_font("arimo", size, "B")
    width = int(max(font.getlength(row) for row in rows)) + size * 2
    height = int(size * 1.25 * len(rows)) + size
    layer = Image.new("RGB", (width, height), (255, 255, 255))
    pen = ImageDraw.Draw(layer)
    pen.rectangle((3, 3, width - 4, height - 4), outline=colour, width=3)
    for number, row in enumerate(rows):
        pen.text(
            (width / 2, size * (1.0 + 1.25 * number)), row, font=font, fill=colour, anchor="mm"
        )
    pixels = np.asarray(layer, dtype=np.float32)
    # A rubber stamp never inks evenly.
    pale = np.clip(rng.normal(0.25, 0.2, pixels.shape[:2]), 0, 0.8)[:, :, None]
    layer = Image.fromarray((pixels + (255 - pixels) * pale).astype(np.uint8))
    turned = layer.rotate(
        float(rng.normal(0, 6)),
        expand=True,
        fillcolor=(255, 255, 255),
        resample=Image.Resampling.BICUBIC,
    )
    x = int(rng.uniform(0.05, 0.6) * (sheet.width - turned.width))
    y = int(rng.uniform(0.68, 0.9) * (sheet.height - turned.height))
    return _multiply(sheet, turned, (x, y))


def _scribbled(rng: np.random.Generator, sheet: Image.Image) -> Image.Image:
    kind = ("note", "tick", "line", "highlight")[int(rng.integers(4))]
    width, height = sheet.size
    unit = width // 40
    layer = Image.new("RGB", (unit * 16, unit * 5), (255, 255, 255))
    pen = ImageDraw.Draw(layer)
    colour = PEN_COLOURS[int(rng.integers(len(PEN_COLOURS)))]
    place = (int(rng.uniform(0.03, 0.6) * width), int(rng.uniform(0.05, 0.9) * height))
    thick = max(unit // 10, 2)
    if kind == "note":
        note = NOTES[int(rng.integers(len(NOTES)))]
        font = pillow_font("caveat", int(unit * 1.6))
        pen.text((unit, unit), note, font=font, fill=colour)
        # Notes are written where the paper is empty: the foot of the page.
        place = (int(rng.uniform(0.05, 0.55) * width), int(rng.uniform(0.86, 0.94) * height))
    elif kind == "tick":
        x = int(rng.uniform(0.0, 0.03) * width)
        place = (x, place[1])
        pen.line((0, unit, unit * 0.4, unit * 1.6, unit * 1.3, 0), fill=colour, width=thick)
    elif kind == "line":
        steps = np.cumsum(rng.normal(0, unit * 0.08, 24))
        points = [(i * unit * 0.5, unit + float(s)) for i, s in enumerate(steps)]
        pen.line(points, fill=colour, width=thick)
        place = (place[0], int(rng.uniform(0.9, 0.97) * height))
    else:
        pen.rectangle((0, 0, int(unit * rng.uniform(4, 14)), unit), fill=(255, 245, 120))
    return _multiply(sheet, layer, place)
