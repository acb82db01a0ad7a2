"""Our own documents as pictures, with the truth beside each; made once per test run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading import score
from demo.documents import corpus
from demo.documents.camera import photograph
from demo.documents.camera.pictures import flat_page
from demo.documents.kinds import Made
from ocr import picture, truth_schema
from ocr.reading import Hints, Reading

Pixels = NDArray[np.uint8]


@cache
def made(kind: str, turn: int) -> Made:
    """The `turn`-th document of a kind; the same in every run."""
    return corpus.KINDS[kind].make(Random(f"pictured/{kind}/{turn}"), turn, f"{turn}_{kind}")


def pixels(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.uint8)


@cache
def photo(kind: str, turn: int, strength: float = 0.2, page: int = 0) -> Pixels:
    """A phone's picture of the document: `strength` 0 is careful, 1 the worst that is sent."""
    return pixels(photograph(made(kind, turn).data, seed=turn, strength=strength, page=page))


def page_of(kind: str, turn: int, page: int = 0, width_px: int = 1654) -> Pixels:
    """A page as it was drawn, without a camera."""
    return np.asarray(flat_page(made(kind, turn).data, page, width_px=width_px), np.uint8)


def read(images: Sequence[Pixels]) -> Reading:
    return picture.read_pictures(images, hints=Hints())[0]


def wrong(made: Made, reading: Reading) -> list[str]:
    """What of the scored fields and lines is not as the truth says."""
    record = truth_schema.from_reading(reading, doc_id=made.truth["doc_id"])
    counted = score.Score()
    score.add(counted, made.truth, record)
    bad = [
        f"{name}: {record.get(name)!r} for {made.truth[name]!r}"
        for name in made.truth["scored"]
        if not score.field_right(name, made.truth, record)
    ]
    if counted.lines_matched != counted.lines_true or counted.lines_true != counted.lines_predicted:
        bad.append(f"lines: {counted.lines_matched} of {counted.lines_true} right")
    return bad
