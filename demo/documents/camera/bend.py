"""Where each pixel of the photograph comes from on the flat paper: perspective, curl, folds."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.documents.camera.surface import Floats, Generator

# The bend is computed on every eighth pixel and stretched: paper is smooth.
STEP = 8


@dataclass(frozen=True, slots=True)
class Bend:
    """Maps for `cv2.remap`, light on the bent paper (1 = plain), and the paper's corners."""

    map_x: Floats
    map_y: Floats
    shade: Floats
    corners: NDArray[np.float32]  # top left, top right, bottom right, bottom left, in pixels


def bend(
    rng: Generator,
    paper: tuple[int, int],
    canvas: tuple[int, int],
    *,
    fill: float,
    strength: float,
) -> Bend:
    """Lay paper of (height, width) on a canvas of (height, width), filling `fill` of it."""
    corners = _corners(rng, paper, canvas, fill, strength)
    height, width = canvas
    h, w = height // STEP, width // STEP
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) * STEP + (STEP - 1) / 2
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, flat)
    points = np.stack([x.ravel(), y.ravel()], axis=1)[None]
    uv = cv2.perspectiveTransform(points, matrix)[0].astype(np.float32)
    u, v = uv[:, 0].reshape(h, w), uv[:, 1].reshape(h, w)
    du, dv, shade = _relief(rng, u, v, strength)
    map_x = (u + du) * paper[1]
    map_y = (v + dv) * paper[0]
    return Bend(
        map_x=_stretch(map_x, canvas),
        map_y=_stretch(map_y, canvas),
        shade=_stretch(shade, canvas),
        corners=corners,
    )


def _stretch(small: Floats, canvas: tuple[int, int]) -> Floats:
    size = (canvas[1], canvas[0])
    picture = cv2.resize(small.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(picture)


def _corners(
    rng: Generator,
    paper: tuple[int, int],
    canvas: tuple[int, int],
    fill: float,
    strength: float,
) -> NDArray[np.float32]:
    """A quadrilateral inside the picture: turned a little, then seen from the side."""
    height, width = canvas
    turn = np.deg2rad(rng.normal(0, 3.5 * strength))
    cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
    ph, pw = paper
    scale = fill * min(width / (pw * cos + ph * sin), height / (pw * sin + ph * cos))
    half = np.array([[-pw, -ph], [pw, -ph], [pw, ph], [-pw, ph]], dtype=np.float64) * scale / 2
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    slack = 1 - fill
    centre = np.array([width, height]) / 2 + rng.uniform(-0.4, 0.4, 2) * slack * [width, height]
    corners = half @ rotation + centre
    tilt = rng.uniform(-1, 1, (4, 2)) * 0.035 * strength * np.array([pw, ph]) * scale
    return np.asarray(corners + tilt, dtype=np.float32)


def _relief(rng: Generator, u: Floats, v: Floats, strength: float) -> tuple[Floats, Floats, Floats]:
    """Shifts in paper coordinates and the light they cause: a curl, a wave, creases."""
    du, dv = np.zeros_like(u), np.zeros_like(v)
    shade = np.ones_like(u)
    amount = 0.012 * strength * float(rng.uniform(0.2, 1))
    phase, waves = float(rng.uniform(0, 6.28)), float(rng.uniform(0.5, 1.4))
    slope = np.cos(np.pi * 2 * waves * v + phase)
    du += amount * np.sin(np.pi * 2 * waves * v + phase)
    dv += amount * 0.7 * np.sin(np.pi * 1.5 * u + phase * 0.7)
    shade += 5 * amount * slope
    for _ in range(int(rng.integers(0, 1 + round(3 * strength)))):
        crease_u, crease_v, crease_shade = _crease(rng, u, v, strength)
        du += crease_u
        dv += crease_v
        shade += crease_shade
    if rng.random() < strength - 0.5:
        crumple_u, crumple_v, crumple_shade = _crumple(rng, u, v, strength)
        du += crumple_u
        dv += crumple_v
        shade += crumple_shade
    return du, dv, np.clip(shade, 0.5, 1.25)


def _crumple(
    rng: Generator, u: Floats, v: Floats, strength: float
) -> tuple[Floats, Floats, Floats]:
    """Paper that was in a pocket: facets around random points, each leaning its own way."""
    count = int(rng.integers(9, 22))
    points = rng.uniform(-0.1, 1.1, (count, 2)).astype(np.float32)
    tilt = rng.normal(0, 1, (count, 2)).astype(np.float32)
    nearest = np.zeros(u.shape, dtype=np.intp)
    closest = np.full(u.shape, np.inf, dtype=np.float32)
    for number, (x, y) in enumerate(points):
        distance = (u - x) ** 2 + 1.9 * (v - y) ** 2
        nearer = distance < closest
        closest[nearer] = distance[nearer]
        nearest[nearer] = number
    slope = tilt[nearest]
    light = cv2.GaussianBlur(slope @ np.array([0.09, 0.06], dtype=np.float32), (0, 0), sigmaX=1.6)
    lean = cv2.GaussianBlur(slope, (0, 0), sigmaX=9.0) * 0.0035 * strength
    shade = (np.clip(light, -0.22, 0.16) * strength).astype(np.float32)
    return lean[:, :, 0].astype(np.float32), lean[:, :, 1].astype(np.float32), shade


def _crease(rng: Generator, u: Floats, v: Floats, strength: float) -> tuple[Floats, Floats, Floats]:
    """One fold across the paper: a narrow line of light and shade, a kink in the text."""
    across = rng.random() < 0.7
    t = v if across else u
    place = float(rng.choice([0.33, 0.5, 0.66]) + rng.normal(0, 0.02))
    lean = float(rng.normal(0, 0.02))
    distance = t - place - lean * (u if across else v)
    depth = 0.004 * strength * float(rng.uniform(0.4, 1))
    kink = (depth * np.exp(-np.abs(distance) / 0.05)).astype(np.float32)
    width = 0.004
    edge = np.exp(-((distance / width) ** 2))
    side = np.tanh(distance / 0.02) * np.exp(-np.abs(distance) / 0.15)
    sign = 1.0 if rng.random() < 0.5 else -1.0
    light = strength * float(rng.uniform(0.3, 1)) * (0.16 * sign * edge + 0.07 * side)
    shade = light.astype(np.float32)
    zero = np.zeros_like(u)
    return (zero, kink, shade) if across else (kink, zero, shade)
