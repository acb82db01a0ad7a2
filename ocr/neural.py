"""The neural engine: PP-OCRv6 small through onnxruntime; the only module that knows its models.

The models come with the `rapidocr` wheel; nothing of that package is imported, because it would
load four other packages for what OpenCV does in a few lines, and each document is read in a fresh
process. Boxes are found by differentiable binarisation (Liao et al. 2020), text by CTC decoding.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr import neural_model
from ocr.engines import Image, Points
from ocr.reading import Box, Word

STRIP_HEIGHT = 48  # what the recogniser was trained with
STEP = 8  # pixels of a strip behind one column of its output
BATCH = 6
BATCH_PIXELS = 4800  # summed strip width of one batch: bounds the memory
WIDEST = 2400  # a strip of 50 times its height is a ruled line, not text
MASK_AT = 0.3
BOX_AT = 0.5
BENT_AT = 0.75  # of a bent row: 0.84 and more; drawn dashes have 0.5 to 0.6
BENT_LENGTH = 6.0  # widths of its rectangle
UNCLIP = 1.6
MIN_CONFIDENCE = 0.4
BAND_PIXELS = 1_300_000  # what the detector sees at once: bounds the memory
LOST_BLANK = 2.45  # distance of two characters in medians; output columns are coarse
OVERLAP = 64  # pixels that two bands share, so that no line of text is cut in both


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of text as it stands in the picture, possibly slanted.

    `quad` holds the corners in pixels, clockwise from the top left of the text; `centres` tells for
    each character where it stands along the strip (0..1).
    """

    quad: Points
    text: str
    confidence: float
    centres: tuple[float, ...]

    def moved(self, shift: Points, scale: float = 1.0) -> Strip:
        """The strip as it stands in a picture so many times as large, after a shift by pixels."""
        return replace(self, quad=np.asarray(self.quad * np.float32(scale) + shift, np.float32))


@dataclass(frozen=True, slots=True)
class _Latin:
    """The characters that are read ("" first: no character), and the last layer for them alone."""

    characters: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Runs:
    """The characters of a strip: their numbers, best columns and middles in columns."""

    character: NDArray[np.int64]
    best: NDArray[np.int64]
    middle: NDArray[np.float64]


class NeuralEngine:
    """One detector and one recogniser with one thread each; load it once per process."""

    name = "rapidocr"

    @cached_property
    def version(self) -> str:
        return f"rapidocr {importlib.metadata.version('rapidocr')} PP-OCRv6 small"

    @cached_property
    def _detector(self) -> onnxruntime.InferenceSession:
        return _session(neural_model.without_subnormals(_model("PP-OCRv6_det_small.onnx")))

    @cached_property
    def _cut(self) -> neural_model.Cut:
        return neural_model.before_last_layer(_model("PP-OCRv6_rec_small.onnx"))

    @cached_property
    def _recogniser(self) -> onnxruntime.InferenceSession:
        return _session(neural_model.without_subnormals(self._cut.model))

    @cached_property
    def _latin(self) -> _Latin:
        """What the last layer needs to score Latin script alone."""
        listed = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        characters = ["", *listed, " "]
        kept = [i for i, c in enumerate(characters) if i == 0 or _latin(c)]
        return _Latin(
            tuple(characters[i] for i in kept),
            np.ascontiguousarray(self._cut.weights[:, kept]),
            self._cut.bias[kept],
        )

    def recognise(self, image: Image, page: int) -> tuple[Word, ...]:
        """Words of an upright picture; boxes enclose slanted text."""
        return to_words(
            self.read(image, self.detect(image)), image.shape[1], image.shape[0], page, self.name
        )

    def detect(self, image: Image, *, side: int = 1280) -> Points:
        """Corners of the lines of text in pixels of `image`: an array of n × 4 × 2.

        The longer side is scaled to `side` pixels first; long pictures go through in bands.
        """
        height, width = image.shape[:2]
        scale = min(side / max(height, width), 2.0)
        band = max(256, int(BAND_PIXELS / max(1.0, width * scale)) - 2 * OVERLAP)
        found: list[Points] = []
        for top in range(0, max(1, round(height * scale) - OVERLAP), band):
            first = max(0, int((top - OVERLAP) / scale))
            last = min(height, int((top + band + OVERLAP) / scale) + 1)
            quads = self._detect(image[first:last], scale) + np.array([0, first], np.float32)
            middle = quads.mean(axis=1)[:, 1] * scale
            low = top if first else -1.0
            high = top + band if last < height else math.inf
            found.append(quads[(middle >= low) & (middle < high)])
        return np.concatenate(found)

    def _detect(self, image: Image, scale: float) -> Points:
        height, width = image.shape[:2]
        shape = [max(32, round(edge * scale / 32) * 32) for edge in (height, width)]
        resized = cv2.resize(image, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
        heat = self._detector.run(
            None,
            {self._detector.get_inputs()[0].name: _tensor(np.asarray(resized, np.uint8))},
        )
        quads = _boxes(heat[0][0, 0])
        quads *= np.array([width / shape[1], height / shape[0]], dtype=np.float32)
        return quads

    def read(self, image: Image, quads: Points) -> tuple[Strip, ...]:
        """The text inside each of `quads`, in their order; what cannot be read is left out."""
        strips = [_straight(image, quad) for quad in quads]
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[1])
        found: dict[int, Strip] = {}
        while order:
            count = min(BATCH, max(1, BATCH_PIXELS // strips[order[0]].shape[1]))
            batch, order = order[:count], order[count:]
            widest = max(strips[i].shape[1] for i in batch)
            tensor = np.zeros((len(batch), 3, STRIP_HEIGHT, widest), dtype=np.float32)
            for row, i in enumerate(batch):
                tensor[row, :, :, : strips[i].shape[1]] = _tensor(strips[i])[0]
            inputs = {self._recogniser.get_inputs()[0].name: tensor}
            features = self._recogniser.run(None, inputs)[0]
            for i, (text, confidence, centres) in zip(
                batch, self._decoded(features, [strips[i].shape[1] for i in batch]), strict=True
            ):
                if text and confidence >= MIN_CONFIDENCE:
                    found[i] = Strip(quads[i], text, confidence, centres)
        return tuple(found[i] for i in sorted(found))

    def _decoded(
        self, features: NDArray[np.float32], widths: list[int]
    ) -> list[tuple[str, float, tuple[float, ...]]]:
        """Text, mean confidence and places of the characters of each strip of a batch."""
        latin = self._latin
        scores = features @ latin.weights + latin.bias
        runs = [_runs(one) for one in scores]
        # How sure a character is, among all that the model knows, is asked at its best column.
        chosen = [one[run.best] for one, run in zip(features, runs, strict=True)]
        every = np.concatenate(chosen) @ self._cut.weights
        every += self._cut.bias
        top = every.max(axis=1, keepdims=True)
        every -= top
        whole = top[:, 0] + np.log(np.exp(every, out=every).sum(axis=1))
        found = []
        first = 0
        for one, run, width in zip(scores, runs, widths, strict=True):
            count = len(run.best)
            sure = np.exp(one[run.best, run.character] - whole[first : first + count])
            first += count
            text = "".join(latin.characters[c] for c in run.character)
            centres = tuple(float(min(1.0, c * STEP / width)) for c in run.middle)
            found.append((text, float(sure.mean()) if count else 0.0, centres))
        return found


@lru_cache(maxsize=1)
def shared() -> NeuralEngine:
    """The one engine of this process."""
    return NeuralEngine()


def to_words(
    strips: tuple[Strip, ...], width: int, height: int, page: int, engine: str
) -> tuple[Word, ...]:
    """Strips cut at their blanks, as words with upright boxes on a page of `width` × `height`."""
    words: list[Word] = []
    for strip in strips:
        cuts = [0.0, *((a + b) / 2 for a, b in zip(strip.centres, strip.centres[1:], strict=False))]
        cuts.append(1.0)
        begin = 0
        gaps = _gaps(strip)
        level = _level(strip.quad)
        for i in range(len(strip.text) + 1):
            if i < len(strip.text) and strip.text[i] != " " and i not in gaps:
                continue
            if begin < i:
                corners = _part(level, cuts[begin], cuts[i]) / np.array([width, height])
                (x0, y0), (x1, y1) = corners.min(axis=0).clip(0, 1), corners.max(axis=0).clip(0, 1)
                box = Box(page, float(x0), float(y0), float(x1), float(y1))
                words.append(Word(strip.text[begin:i], box, strip.confidence, engine))
            begin = i if i in gaps else i + 1
    return tuple(words)


def _runs(scores: NDArray[np.float32]) -> _Runs:
    """Columns of one character in a row are one character; character 0 is none."""
    likeliest = scores.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    ends = np.append(starts[1:], len(likeliest))
    kept = likeliest[starts] > 0
    starts, ends = starts[kept], ends[kept]
    rest = np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1)  # 1: nothing else
    best = np.array(
        [start + int(rest[start:end].argmin()) for start, end in zip(starts, ends, strict=True)],
        np.int64,
    )
    return _Runs(likeliest[starts], best, (starts + ends) / 2)


def _level(quad: Points) -> Points:
    """A nearly level strip made quite level, so that its words share one top and one bottom."""
    top, bottom = (quad[0, 1] + quad[1, 1]) / 2, (quad[2, 1] + quad[3, 1]) / 2
    if abs(quad[0, 1] - quad[1, 1]) > 0.5 * (bottom - top):
        return quad
    level = quad.copy()
    level[:2, 1], level[2:, 1] = top, bottom
    return level


def _gaps(strip: Strip) -> frozenset[int]:
    """Characters before which a blank was lost: the distance is that of a character too many."""
    text, centres = strip.text, strip.centres
    distances = [
        b - a
        for a, b, left, right in zip(centres, centres[1:], text, text[1:], strict=False)
        if left != " " and right != " "
    ]
    if len(distances) < 4:
        return frozenset()
    wide = LOST_BLANK * float(np.median(distances))
    return frozenset(
        i
        for i in range(1, len(text))
        if centres[i] - centres[i - 1] >= wide and text[i].isalnum() and text[i - 1].isalnum()
    )


def _part(quad: Points, start: float, end: float) -> Points:
    """The corners of the stretch from `start` to `end` (0..1) along a strip."""
    left_top, right_top, right_bottom, left_bottom = quad
    top, bottom = right_top - left_top, right_bottom - left_bottom
    return np.array(
        [
            left_top + top * start,
            left_top + top * end,
            left_bottom + bottom * end,
            left_bottom + bottom * start,
        ]
    )


def _model(name: str) -> bytes:
    found = importlib.util.find_spec("rapidocr")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the rapidocr wheel, which holds the models, is not installed")
    return (Path(found.submodule_search_locations[0]) / "models" / name).read_bytes()


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest picture's memory for ever
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _latin(character: str) -> bool:
    if len(character) != 1 or ord(character) > 0x2200:
        return False
    if ord(character) < 0x250 or character in "€–—‘’“”„…•×":
        return True
    return unicodedata.category(character) == "Sc"


def _tensor(image: Image) -> NDArray[np.float32]:
    """The picture as the models want it: 1 × 3 × height × width, blue first, −1..1."""
    colours = np.repeat(image[:, :, None], 3, axis=2) if image.ndim == 2 else image[:, :, ::-1]
    plane = colours.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    return np.ascontiguousarray(plane.transpose(2, 0, 1)[None])


def _boxes(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    mask = cv2.dilate((heat > MASK_AT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads: list[NDArray[np.float32]] = []
    for contour in contours[:1500]:
        centre, (a, b), angle = cv2.minAreaRect(contour)
        if min(a, b) < 3:
            continue
        x, y, w, h = cv2.boundingRect(contour)
        inside = np.zeros((h, w), np.uint8)
        cv2.fillPoly(inside, [cv2.boxPoints((centre, (a, b), angle)).astype(np.int32) - (x, y)], 1)
        area = a * b
        if cv2.mean(heat[y : y + h, x : x + w], inside)[0] < BOX_AT:
            # A row that a fold bends fills half of its rectangle alone.
            if max(a, b) < BENT_LENGTH * min(a, b) or _sureness(heat, contour) < BENT_AT:
                continue
            area = cv2.contourArea(contour)
        grow = area * UNCLIP / (a + b)
        corners = cv2.boxPoints((centre, (a + grow, b + grow), angle))
        quads.append(_clockwise(np.asarray(corners, np.float32)))
    if not quads:
        return np.zeros((0, 4, 2), np.float32)
    return np.array(quads, dtype=np.float32)


def _sureness(heat: NDArray[np.float32], contour: Any) -> float:
    """The mean of the heat within a contour."""
    x, y, w, h = cv2.boundingRect(contour)
    inside = np.zeros((h, w), np.uint8)
    cv2.drawContours(inside, [contour - np.array([x, y], np.int32)], 0, 1, cv2.FILLED)
    return float(cv2.mean(heat[y : y + h, x : x + w], inside)[0])


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners from the top left on, clockwise, for text that runs nearly left to right."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def _straight(image: Image, quad: NDArray[np.float32]) -> Image:
    """The strip turned level and scaled to the recogniser's height; upright ones are laid down."""
    width = (math.dist(quad[0], quad[1]) + math.dist(quad[3], quad[2])) / 2
    height = (math.dist(quad[0], quad[3]) + math.dist(quad[1], quad[2])) / 2
    if height >= 1.5 * width:
        quad = np.roll(quad, -1, axis=0)
        width, height = height, width
    wide = int(min(WIDEST, max(STEP * 2, round(STRIP_HEIGHT * width / max(height, 1)))))
    target = np.array(
        [[0, 0], [wide, 0], [wide, STRIP_HEIGHT], [0, STRIP_HEIGHT]], dtype=np.float32
    )
    strip = cv2.warpPerspective(
        image,
        cv2.getPerspectiveTransform(quad.astype(np.float32), target),
        (wide, STRIP_HEIGHT),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(strip, np.uint8)
