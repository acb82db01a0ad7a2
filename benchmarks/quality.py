"""The command `python -m benchmarks.quality`: where hints on photos begin, and where reading ends.

Drawn slips are photographed and spoiled step by step in one way at a time. For each step: how many
were still read without a mistake, and how many were given the hint that belongs to the step. A hint
on a slip that was read whole is a false alarm; a slip that was misread without any is a miss.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading import score
from demo.documents import corpus
from demo.documents.camera import photograph
from demo.documents.kinds import Made
from ocr import picture, quality, truth_schema
from ocr.reading import Hints

Pixels = NDArray[np.uint8]
Spoil = Callable[[Pixels, float], Pixels]


@dataclass
class Step:
    """What became of the slips at one step of spoiling."""

    slips: int = 0
    whole: int = 0
    hinted: int = 0
    false_alarms: int = 0
    misses: list[str] = field(default_factory=list)


def blurred(image: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8) if sigma else image


def darkened(image: Pixels, share: float) -> Pixels:
    return (image * np.float32(1 - share)).astype(np.uint8)


def far(image: Pixels, times: float) -> Pixels:
    """The same picture taken from so many times the distance, on a grey table."""
    if times <= 1:
        return image
    height, width = image.shape[:2]
    small = cv2.resize(
        image, (int(width / times), int(height / times)), interpolation=cv2.INTER_AREA
    )
    table = np.full_like(image, 110)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    table[top : top + small.shape[0], left : left + small.shape[1]] = small
    return table


def glare(image: Pixels, share: float) -> Pixels:
    """A burnt-out spot over so much of the picture's width, in its middle."""
    if not share:
        return image
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(x - width / 2, y - height / 2) / (share * width / 2)
    light = np.clip(2.2 - 1.2 * away, 0, 1)[..., None]
    lit: Pixels = (image * (1 - light) + 255 * light).astype(np.uint8)
    return lit


WAYS: dict[str, tuple[str, Spoil, tuple[float, ...]]] = {
    "blur, sigma in pixels": ("photo-blurred", blurred, (0, 2, 4, 6, 9)),
    "light taken away": ("photo-too-dark", darkened, (0.0, 0.7, 0.88, 0.95)),
    "times the distance": ("photo-too-far", far, (1, 2.5, 4, 5, 6)),
    "burnt-out spot, of the width": ("photo-glare", glare, (0.0, 0.25, 0.5)),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--slips", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write the table there, as Markdown")
    options = parser.parse_args()
    slips = [_slip(turn) for turn in range(options.slips)]
    rows = ["| spoiled by | step | read whole | hinted | false alarms | missed |"]
    rows.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for way, (code, spoil, steps) in WAYS.items():
        for amount in steps:
            step = _measured(slips, code, spoil, amount)
            shown = f"{step.whole}/{step.slips} | {step.hinted}/{step.slips}"
            rows.append(
                f"| {way} | {amount:g} | {shown} | {step.false_alarms} | {len(step.misses)} |"
            )
            print(rows[-1], *step.misses, flush=True)
    for name, image in _scenes().items():
        codes = _codes(image)
        rows.append(f"| no document: {name} | - | - | {', '.join(codes) or 'none'} | - | - |")
        print(rows[-1], flush=True)
    text = _about(options.slips) + "\n".join(rows) + "\n"
    if options.out:
        options.out.write_text(text, "utf-8")
    return 0


def _about(slips: int) -> str:
    limits = (
        f"steepness of letters below {quality.BLURRED_BELOW}, text below "
        f"{quality.FAR_BELOW_PX:g} px or text or paper on less than "
        f"{quality.FAR_BELOW_SHARE:.0%} of the picture, "
        f"brightest part below {quality.DARK_BELOW:g}, "
        f"{quality.GLARE_FROM:.0%} of the text burnt out"
    )
    return (
        "# Hints on photos, measured\n\n"
        f"{slips} drawn slips, photographed and spoiled step by step "
        "(`python -m benchmarks.quality`). "
        f"Limits: {limits}. A hint is given only where something lacks in the reading, so false "
        "alarms are hints of any kind on slips that were read whole; missed are slips that were "
        "misread without a hint and without a sum that differs.\n\n"
    )


def _slip(turn: int) -> tuple[Made, Pixels]:
    made = corpus.KINDS["receipt-png"].make(Random(f"quality/{turn}"), turn, f"{turn}_slip")
    taken = photograph(made.data, seed=turn, strength=0.15)
    return made, np.asarray(Image.open(io.BytesIO(taken)).convert("RGB"), np.uint8)


def _measured(slips: list[tuple[Made, Pixels]], code: str, spoil: Spoil, amount: float) -> Step:
    step = Step()
    for made, image in slips:
        reading, _ = picture.read_pictures([spoil(image, amount)], hints=Hints())
        record = truth_schema.from_reading(reading, doc_id=made.truth["doc_id"])
        counted = score.Score()
        score.add(counted, made.truth, record)
        codes = [finding.code for finding in reading.findings]
        hints = [found for found in codes if found.startswith("photo-")]
        whole = counted.straight_through == 1
        step.slips += 1
        step.whole += whole
        step.hinted += code in hints
        step.false_alarms += whole and bool(hints)
        if not whole and not hints and "sum-differs" not in codes:
            step.misses.append(made.truth["doc_id"])
    return step


def _scenes() -> dict[str, Pixels]:
    """Pictures of something else: a tiled floor, a sky, noise of a covered lens."""
    y, x = np.mgrid[0:900, 0:1200]
    tiles = np.where((x // 60 + y // 45) % 2 == 0, 60, 190).astype(np.uint8)
    rng = np.random.default_rng(1)
    sky = np.dstack([(200 - y / 9), (220 - y / 12), (250 - y / 20)]).astype(np.uint8)
    return {
        "tiled floor": np.dstack([tiles, 255 - tiles, np.full_like(tiles, 90)]),
        "sky": sky,
        "covered lens": rng.integers(0, 12, (900, 1200, 3)).astype(np.uint8),
    }


def _codes(image: Pixels) -> list[str]:
    reading, _ = picture.read_pictures([image], hints=Hints())
    return [finding.code for finding in reading.findings]


if __name__ == "__main__":
    sys.exit(main())
