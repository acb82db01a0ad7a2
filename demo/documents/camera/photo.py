"""Photographs a document: lays the paper on a surface, lights it, takes the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from demo.documents.camera import bend, light, sensor, surface
from demo.documents.camera.ink import annotate
from demo.documents.camera.pictures import Pixels, flat_page, is_pdf

CANVAS = (3000, 2250)  # height and width in pixels of a phone held upright
SEED_SPACE = 0x5A11C2
STRIP = 200  # rows


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and where the paper's corners lie in it, as fractions, clockwise from top left."""

    jpeg: bytes
    corners: tuple[tuple[float, float], ...]
    quality: int


def photograph(document: bytes, *, seed: int, strength: float = 0.5, page: int = 0) -> bytes:
    """A phone's JPEG of a drawn document (PDF page or slip PNG). Same arguments, same bytes.

    `strength` 0 is a careful picture in good light, 1 is the worst that people send in.
    """
    return take_photo(document, seed=seed, strength=strength, page=page).jpeg


def take_photo(
    document: bytes,
    *,
    seed: int,
    strength: float = 0.5,
    page: int = 0,
    stamp: tuple[str, ...] = (),
    scribbles: int = 0,
) -> Photo:
    """As `photograph`, with a rubber stamp and pen marks on the paper, and the paper's corners."""
    rng = np.random.default_rng((SEED_SPACE, seed, page))
    paper = flat_page(document, page)
    if stamp or scribbles:
        paper = annotate(rng, paper, stamp=stamp, scribbles=scribbles)
    slip = not is_pdf(document)
    if slip:
        paper = _aged(rng, paper, strength)
    fill = float(rng.uniform(0.86, 0.97)) if not slip else float(rng.uniform(0.55, 0.95))
    canvas = _canvas(paper, slip)
    bent = bend.bend(rng, (paper.shape[0], paper.shape[1]), canvas, fill=fill, strength=strength)
    picture = _compose(rng, paper, bent, canvas, strength)
    quality = int(92 - 50 * strength * float(rng.uniform(0.2, 1)))
    height, width = canvas
    corners = tuple(
        (round(float(x) / width, 5), round(float(y) / height, 5)) for x, y in bent.corners
    )
    return Photo(jpeg=sensor.jpeg(picture, quality), corners=corners, quality=quality)


def _canvas(paper: Pixels, slip: bool) -> tuple[int, int]:
    """Phones turn with the paper; a long slip is taken from as near as it fits."""
    height, width = paper.shape[:2]
    if not slip and width > height:
        return CANVAS[1], CANVAS[0]
    return CANVAS


def _aged(rng: np.random.Generator, paper: Pixels, strength: float) -> Pixels:
    """Thermal paper yellows and its print fades, more in some bands than in others."""
    height = paper.shape[0]
    bands = np.interp(np.arange(height), np.linspace(0, height, 9), rng.uniform(0, 1, 9))
    fade = strength * float(rng.uniform(0, 0.75)) * bands.astype(np.float32)
    dark = (255 - paper.astype(np.float32)) * (1 - fade)[:, None, None]
    base = np.array([250, 249, 244 - 10 * strength * float(rng.uniform(0, 1))], dtype=np.float32)
    return np.clip(base - dark, 0, 255).astype(np.uint8)


def _compose(
    rng: np.random.Generator,
    paper: Pixels,
    bent: bend.Bend,
    canvas: tuple[int, int],
    strength: float,
) -> Pixels:
    height, width = canvas
    under = surface.background(rng, height, width)
    seen = cv2.remap(
        paper, bent.map_x, bent.map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    inside = (
        (bent.map_x >= 0)
        & (bent.map_x <= paper.shape[1] - 1)
        & (bent.map_y >= 0)
        & (bent.map_y <= paper.shape[0] - 1)
    ).astype(np.float32)
    mask = np.asarray(cv2.GaussianBlur(inside, (0, 0), sigmaX=1.0))
    shadow = _drop_shadow(rng, inside)
    lamp = light.lamp(rng, height, width, strength)
    tint = light.tint(rng, strength)
    shine = light.glare(rng, height, width, strength)
    lamp *= float(rng.uniform(0.85 - 0.35 * strength**2, 1.0))  # exposure
    picture = np.empty((height, width, 3), dtype=np.uint8)
    # In strips: whole pictures of floats cost more in page faults than in arithmetic.
    for top in range(0, height, STRIP):
        rows = slice(top, top + STRIP)
        bright = (lamp[rows] * bent.shade[rows] * mask[rows])[:, :, None] * seen[rows]
        dim = lamp[rows] * (1 - mask[rows]) * (1 - 0.45 * shadow[rows])
        bright += dim[:, :, None] * under[rows]
        bright *= tint
        if shine is not None:
            bright += shine[rows][:, :, None]
        picture[rows] = np.clip(bright, 0, 255)
    return sensor.add_noise(rng, sensor.soften(rng, picture, strength), strength)


def _drop_shadow(rng: np.random.Generator, inside: surface.Floats) -> surface.Floats:
    """The paper's own shadow on the table, small and enlarged."""
    height, width = inside.shape
    small = cv2.resize(inside, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    shift = np.array([[1, 0, rng.uniform(-4, 4)], [0, 1, rng.uniform(-1, 5)]], dtype=np.float32)
    moved = cv2.warpAffine(small, shift, (width // 8, height // 8))
    soft = cv2.GaussianBlur(moved, (0, 0), sigmaX=float(rng.uniform(1, 4)))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))
