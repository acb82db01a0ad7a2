"""QR and bar codes in a picture, by zxing-cpp alone.

The original pixels come first. Where a matrix code seems to stand that was not read, the place is
cut out and tried again sharpened, enlarged and turned.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import zxingcpp

from ocr import code_kinds, code_places, identifiers
from ocr.reading import Box, Code

_FORMAT = zxingcpp.BarcodeFormat
_NAMES = {
    "QR Code": "QRCode",
    "Data Matrix": "DataMatrix",
    "EAN-13": "EAN13",
    "EAN-8": "EAN8",
    "UPC-A": "UPCA",
    "ITF": "ITF14",
    "Code 128": "Code128",
    "Aztec": "Aztec",
    "PDF417": "PDF417",
}
# Symbologies without a check digit (ITF, Code 39, Codabar) are read out of plain noise: left out,
# but for the fourteen digits of a carton, which end in one.
_WANTED = zxingcpp.BarcodeFormats(
    [
        _FORMAT.QRCode,
        _FORMAT.DataMatrix,
        _FORMAT.Aztec,
        _FORMAT.PDF417,
        _FORMAT.EAN13,
        _FORMAT.EAN8,
        _FORMAT.UPCA,
        _FORMAT.ITF14,
        _FORMAT.Code128,
    ]
)
_MATRIX = zxingcpp.BarcodeFormats([_FORMAT.QRCode, _FORMAT.DataMatrix])
_RETRY_PX = 1800  # longest side of an enlarged cut-out
# Enlarged by, strength and radius of sharpening, turn in degrees; measured on degraded pages: the
# first alone reads 64 % of them, all four 76 %, the untouched pixels 44 %.
_TRIES = ((2.0, 2.0, 2.5, 0), (3.0, 3.0, 4.0, 15), (3.0, 3.0, 4.0, 45), (3.0, 3.0, 4.0, 30))

_Grey = np.ndarray[Any, np.dtype[np.uint8]]
_Matrix = np.ndarray[Any, np.dtype[np.float64]]


def find_codes(
    image: np.ndarray[Any, Any], page: int, *, persist: bool = True, level: bool = False
) -> tuple[Code, ...]:
    """Every code in the picture, each text once, in reading order.

    `image` is grey or three colours (RGB), 8 bits, unchanged pixels. Boxes are fractions of this
    image; `page` is only passed on. `persist=False` is for upright pages as programs draw them: it
    leaves the retries out, white on black and bars that stand sideways. `level=True` is for even
    scans: bars that stand sideways are looked for only where stripes lie.
    """
    grey = _grey(image)
    rotate = persist and not (level and not code_places.stripes_lie(grey))
    eye = np.eye(2, 3)
    found = _read(grey, _WANTED, page, eye, grey.shape, rotate=rotate, invert=persist)
    if persist:
        for place in code_places.likely_places(grey):
            if not any(_stands_in(code, place, grey.shape) for code in found):
                found += _retried(grey, place, page)
    unique: dict[tuple[str, str], Code] = {}
    for code in sorted(found, key=lambda c: (round(c.box.y0, 2), c.box.x0) if c.box else (0, 0)):
        unique.setdefault((code.format, code.text), code)
    return tuple(unique.values())


def _grey(image: np.ndarray[Any, Any]) -> _Grey:
    if image.ndim == 3:
        image = image[..., 0] if image.shape[2] == 1 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(image, dtype=np.uint8)


def _stands_in(code: Code, place: code_places.Place, shape: tuple[int, ...]) -> bool:
    box = code.box
    if box is None:
        return False
    return place.holds((box.x0 + box.x1) / 2 * shape[1], (box.y0 + box.y1) / 2 * shape[0])


def _retried(grey: _Grey, place: code_places.Place, page: int) -> list[Code]:
    cut = grey[place.y0 : place.y1, place.x0 : place.x1]
    for scale, strength, radius, degrees in _TRIES:
        scale = max(1.0, min(scale, _RETRY_PX / max(cut.shape)))
        enlarged = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        variant = _sharpened(np.asarray(enlarged, dtype=np.uint8), strength, radius)
        # Pixel centres: the resize maps x to scale * (x + 0.5) - 0.5.
        shift = (scale - 1) / 2
        matrix = np.array(
            [
                [scale, 0.0, shift - scale * place.x0],
                [0.0, scale, shift - scale * place.y0],
            ]
        )
        if degrees:
            variant, turn = _turned(variant, degrees)
            matrix = turn @ np.vstack([matrix, [0.0, 0.0, 1.0]])
        if found := _read(variant, _MATRIX, page, matrix, grey.shape):
            return found
    return []


def _sharpened(grey: _Grey, strength: float, radius: float) -> _Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), radius)
    return np.asarray(cv2.addWeighted(grey, 1 + strength, soft, -strength, 0), dtype=np.uint8)


def _turned(grey: _Grey, degrees: float) -> tuple[_Grey, _Matrix]:
    height, width = grey.shape
    center = (width / 2, height / 2)
    matrix = np.array(cv2.getRotationMatrix2D(center, degrees, 1.0), dtype=np.float64)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = int(height * sin + width * cos), int(height * cos + width * sin)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(grey, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8), matrix


def _read(
    grey: _Grey,
    formats: Any,
    page: int,
    matrix: _Matrix,
    shape: tuple[int, ...],
    *,
    rotate: bool = True,
    invert: bool = True,
) -> list[Code]:
    """Two thirds of the time go into `rotate`: directions that only bars have."""
    codes = []
    back = cv2.invertAffineTransform(matrix)
    for result in zxingcpp.read_barcodes(
        grey, formats=formats, try_rotate=rotate, try_invert=invert
    ):
        symbology = _NAMES.get(str(result.format), str(result.format))
        text = result.text
        if not text or (symbology == "ITF14" and not identifiers.gtin_valid(text)):
            continue
        codes.append(
            Code(
                text=text,
                format=symbology,
                kind=code_kinds.kind_of(text, symbology),
                box=_box(result.position, np.asarray(back), page, shape),
            )
        )
    return codes


def _box(position: Any, back: _Matrix, page: int, shape: tuple[int, ...]) -> Box:
    corners = [position.top_left, position.top_right, position.bottom_right, position.bottom_left]
    points = np.array([[c.x, c.y, 1.0] for c in corners]) @ back.T
    x = np.clip(points[:, 0] / shape[1], 0.0, 1.0)
    y = np.clip(points[:, 1] / shape[0], 0.0, 1.0)
    return Box(page, float(x.min()), float(y.min()), float(x.max()), float(y.max()))
