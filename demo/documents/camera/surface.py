"""What lies under the paper: wood, a grey desk, cardboard, a car seat, concrete."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Generator = np.random.Generator


def cloud(rng: Generator, height: int, width: int, cells: tuple[int, int]) -> Floats:
    """Smooth noise of about -1..1: a few random values stretched over the whole picture."""
    coarse = rng.normal(0, 0.5, cells).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def background(rng: Generator, height: int, width: int) -> NDArray[np.uint8]:
    """RGB of a plausible surface, drawn small and enlarged."""
    h, w = height // 2, width // 2
    draw = (_wood, _desk, _cardboard, _seat, _concrete)[int(rng.integers(5))]
    picture = np.clip(draw(rng, h, w), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR))


def _tinted(grey: Floats, colour: tuple[float, float, float]) -> Floats:
    return np.asarray(grey[:, :, None] * np.array(colour, dtype=np.float32) / 255, dtype=np.float32)


def _wood(rng: Generator, h: int, w: int) -> Floats:
    tone = float(rng.uniform(95, 190))
    grain = cloud(rng, h, w, (6, 90)) * 16 + cloud(rng, h, w, (3, 240)) * 9
    waves = np.sin(np.linspace(0, float(rng.uniform(9, 20)), w, dtype=np.float32))[None, :] * 5
    boards = np.zeros((h, w), dtype=np.float32)
    for x in range(int(rng.integers(80, 300)), w, int(rng.integers(260, 420))):
        boards[:, x : x + 3] -= 60
    return _tinted(tone + grain + waves + boards, (255, 205, 150))


def _desk(rng: Generator, h: int, w: int) -> Floats:
    grey = float(rng.uniform(60, 215)) + cloud(rng, h, w, (5, 5)) * 10
    speckle = rng.normal(0, 4, (h, w)).astype(np.float32)
    return _tinted(grey + speckle, (245, 247, 255))


def _cardboard(rng: Generator, h: int, w: int) -> Floats:
    ribs = np.sin(np.arange(w, dtype=np.float32) * 0.35)[None, :] * 3
    grey = 165 + cloud(rng, h, w, (8, 8)) * 9 + ribs + rng.normal(0, 4, (h, w)).astype(np.float32)
    return _tinted(np.asarray(grey, dtype=np.float32), (255, 220, 170))


def _seat(rng: Generator, h: int, w: int) -> Floats:
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    weave = np.sin(x * 0.8) * np.sin(y * 0.8) * 12
    grey = float(rng.uniform(28, 70)) + weave + cloud(rng, h, w, (4, 4)) * 10
    return _tinted(np.asarray(grey, dtype=np.float32), (240, 245, 255))


def _concrete(rng: Generator, h: int, w: int) -> Floats:
    grey = float(rng.uniform(110, 170)) + cloud(rng, h, w, (40, 40)) * 12
    return _tinted(grey + rng.normal(0, 9, (h, w)).astype(np.float32), (250, 248, 240))
