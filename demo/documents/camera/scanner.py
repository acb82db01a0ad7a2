"""An office scanner: pages slightly turned, grey or yellowish, bound into an image-only PDF."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import cv2
import numpy as np
from fpdf import FPDF

from demo.documents.camera import sensor
from demo.documents.camera.pictures import Pixels, flat_page, page_count

SEED_SPACE = 0x5CA7


def scan_pages(document: bytes, *, seed: int, strength: float = 0.5, dpi: int = 200) -> bytes:
    """All pages as pictures in one PDF without a text layer. Same arguments, same bytes."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_creation_date(datetime(2026, 1, 2, tzinfo=UTC))
    pdf.set_producer("Zalicz")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    for page in range(page_count(document)):
        rng = np.random.default_rng((SEED_SPACE, seed, page))
        flat = flat_page(document, page, width_px=round(dpi * 8.27))
        if flat.shape[1] > flat.shape[0]:
            flat = np.ascontiguousarray(np.rot90(flat))  # Sheets are fed upright.
        picture = _scanned(rng, flat, strength)
        pdf.add_page()
        data = sensor.jpeg(picture, int(88 - 30 * strength * float(rng.uniform(0.2, 1))))
        pdf.image(io.BytesIO(data), x=0, y=0, w=pdf.w, h=pdf.h)
    return bytes(pdf.output())


def _scanned(rng: np.random.Generator, flat: Pixels, strength: float) -> Pixels:
    height, width = flat.shape[:2]
    turn = float(rng.normal(0, 0.8 * strength))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, float(rng.uniform(0.97, 1)))
    moved = cv2.warpAffine(flat, matrix, (width, height), borderValue=(250, 250, 250))
    if rng.random() < 0.6:
        moved = cv2.cvtColor(cv2.cvtColor(moved, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    contrast = float(rng.uniform(0.75, 1.0))
    curve = np.rint(252 - (252 - np.arange(256)) * contrast).clip(0, 255).astype(np.uint8)
    toned = cv2.LUT(moved, curve)
    sigma = 0.3 + 0.6 * strength * float(rng.uniform(0, 1))
    picture: Pixels = np.asarray(cv2.GaussianBlur(toned, (0, 0), sigmaX=sigma), dtype=np.uint8)
    picture = sensor.add_noise(rng, picture, strength * 0.5)
    if rng.random() < 0.4 * strength:
        x = int(rng.uniform(0.05, 0.95) * width)
        # A speck on the glass draws a line down the page.
        picture[:, x : x + 2] = (picture[:, x : x + 2] * 0.82).astype(np.uint8)
    return picture
