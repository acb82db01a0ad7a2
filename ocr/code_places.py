"""Finds where in a picture a code may stand, so that looking for it costs milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ocr.image import fitted

_SEARCH_PX = 900  # longest side of the picture that is searched
_WINDOW_PX = 15  # on the searched picture: larger than a module, smaller than a code
_LIGHT_PX = 61
_MIN_SIDE_PX = 18
_MAX_ASPECT = 1.7
_MIN_FILL = 0.55
_MARGIN = 0.25  # the quiet zone and some more
# Dark share of the middle: of 127 codes that a retry read 0.47 to 0.56, of 77 other places (print,
# logos, hatching) 63 outside of this.
_DARK = (0.36, 0.68)
_MIDDLE_PX = 120
_CELL_PX = 16  # bars of a code that stands sideways fill three cells and more, a ruling line one
_STRIPES = 15  # mean change from row to row in a cell; legible bars have 30 to 70
_ALONG = 3  # times as much as from column to column; print has about the same
_SHARES = (0.6, 0.4)  # of the strongest texture; two, because print around a code joins it


@dataclass(frozen=True, slots=True)
class Place:
    """Pixel bounds in the searched picture."""

    x0: int
    y0: int
    x1: int
    y1: int

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def likely_places(grey: np.ndarray[Any, Any], *, limit: int = 3) -> tuple[Place, ...]:
    """Compact areas that are dense with edges both across and along, likeliest first.

    Print has such edges too, but in long rows; a code is about as wide as it is high, and half of
    it is dark.
    """
    small = fitted(grey, _SEARCH_PX)
    scale = max(small.shape) / max(grey.shape)
    texture = _texture(small.astype(np.float32))
    found: list[tuple[float, Place]] = []
    for share in _SHARES:
        mask = (texture > share * float(texture.max())).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            _, (width, height), _ = cv2.minAreaRect(contour)
            short, long = min(width, height), max(width, height)
            if short < _MIN_SIDE_PX or long > _MAX_ASPECT * short:
                continue
            if cv2.contourArea(contour) < _MIN_FILL * width * height:
                continue
            x, y, w, h = cv2.boundingRect(contour)
            score = float(texture[y : y + h, x : x + w].mean()) * short**0.5
            found.append((score, _with_margin(x, y, w, h, scale, grey.shape)))
    found.sort(key=lambda scored: -scored[0])
    places: list[Place] = []
    for _, place in found:
        middle = (place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2
        if not any(other.holds(*middle) for other in places) and _half_dark(grey, place):
            places.append(place)
    return tuple(places[:limit])


def stripes_lie(grey: np.ndarray[Any, Any]) -> bool:
    """Whether somewhere on a level page stripes lie over one another, as in bars on their side."""
    wide, high = grey.shape[1] // _CELL_PX, grey.shape[0] // _CELL_PX
    if not wide or not high:
        return False
    even = grey[: high * _CELL_PX, : wide * _CELL_PX]
    changes = (cv2.absdiff(even[1:], even[:-1]), cv2.absdiff(even[:, 1:], even[:, :-1]))
    down, across = (
        cv2.resize(change, (wide, high), interpolation=cv2.INTER_AREA).astype(np.uint16)
        for change in changes
    )
    stripes = ((down > _STRIPES) & (down > _ALONG * across)).astype(np.uint8)
    return bool(cv2.hasNonZero(cv2.erode(stripes, np.ones((3, 3), np.uint8))))


def _half_dark(grey: np.ndarray[Any, Any], place: Place) -> bool:
    """Whether about half of what lies well inside of the place is dark, as a code's modules are."""
    inset = (_MARGIN + 0.2) / (1 + 2 * _MARGIN)
    high, wide = int(inset * (place.y1 - place.y0)), int(inset * (place.x1 - place.x0))
    middle = grey[place.y0 + high : place.y1 - high, place.x0 + wide : place.x1 - wide]
    if not middle.size:
        return False
    scale = min(1.0, _MIDDLE_PX / max(middle.shape))
    small = cv2.resize(middle, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, dark = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return _DARK[0] <= float(dark.mean()) <= _DARK[1]


def _texture(small: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The weaker of the two edge densities, relative to the light on that part of the page."""
    window = (_WINDOW_PX, _WINDOW_PX)
    across = cv2.blur(np.abs(cv2.Sobel(small, cv2.CV_32F, 1, 0)), window)
    along = cv2.blur(np.abs(cv2.Sobel(small, cv2.CV_32F, 0, 1)), window)
    light = cv2.blur(small, (_LIGHT_PX, _LIGHT_PX)) + 20
    return np.asarray(np.minimum(across, along) / light)


def _with_margin(x: int, y: int, w: int, h: int, scale: float, shape: tuple[int, ...]) -> Place:
    margin = _MARGIN * max(w, h)
    return Place(
        x0=max(0, int((x - margin) / scale)),
        y0=max(0, int((y - margin) / scale)),
        x1=min(shape[1], int((x + w + margin) / scale)),
        y1=min(shape[0], int((y + h + margin) / scale)),
    )
