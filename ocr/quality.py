"""What is wrong with a picture, in words that a person can act on: closer, steadier, more light.

The thresholds were measured on photos of slips that were blurred, darkened and made smaller step by
step until the reading failed; each lies between the last picture that was read and the first that
was not.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines import Image, Points
from ocr.image import fitted, in_grey
from ocr.reading import Finding, Severity

# Read down to a steepness of 0.26, not at 0.13 (a step of full contrast within one pixel is 1).
BLURRED_BELOW = 0.2
# Slips with strips of 16 pixels and more were read whole or but for one value; of three with
# strips of 14 to 15 pixels one.
FAR_BELOW_PX = 15.0
# Of the picture covered by the text, or by the paper where no text is seen: slips that filled it
# covered 0.23 to 0.74, misread ones taken from four times the distance and more 0.003 to 0.06.
FAR_BELOW_SHARE = 0.1
LEAST_PAPER = 0.002
PAPER_FILL = 0.7  # of the rectangle around it
PAPER_BRIGHTER = 20.0  # grey levels, than what it lies on; lifting a dim picture leaves 30
# The brightest two percent of the picture: 30 was read without loss, 20 not always.
DARK_BELOW = 22.0
# Of the text's part of the picture white without any structure: none on careful photos, 0.06 and
# more with a burnt-out spot over a quarter of the width.
GLARE_FROM = 0.03
BURNT = 254
WHITE_PAPER = 252  # screenshots and scans: paper cannot be told from glare
TOUCHING = 3  # strips that run out of the picture on one side
FEWEST_STRIPS = 5  # with fewer, what was found need not be text
SAMPLE = 30
STRIP_HEIGHT = 48.0
FAINT = 30.0  # grey levels between dark and bright: less is no picture of anything


@dataclass(frozen=True, slots=True)
class Measures:
    """How a picture was taken: `steepness` of letters (0..1), `text_px` high, `bright` at most.

    `share` is how much of the picture the document covers, 1 where that is not known.
    """

    strips: int
    steepness: float
    bright: float
    text_px: float
    glare: float
    cut_sides: tuple[str, ...]
    share: float = 1.0


def measure(image: Image, quads: Points, bright: float) -> Measures:
    """The measures of a picture whose strips of text stand in `quads` (pixels of `image`).

    `bright` is the level of its brightest part before it was lifted.
    """
    grey = in_grey(image)
    heights = np.minimum(
        np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1),
        np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1),
    )
    steep, paper = [], []
    for quad, height in list(zip(quads, heights, strict=True))[:: max(1, len(quads) // SAMPLE)]:
        part = _part(grey, quad)
        if part.size < 40:
            continue
        # Steps are counted as if all strips were as high as the recogniser wants them.
        part = fitted(part, max(8, round(max(part.shape) * min(1.0, STRIP_HEIGHT / height))))
        low, middle, high = np.percentile(part, (5, 50, 95))
        step = np.abs(np.diff(part.astype(np.float32), axis=1))
        steep.append(float(np.percentile(step, 98)) / max(1.0, float(high - low)))
        paper.append(float(middle))
    if len(steep) < FEWEST_STRIPS:
        steep, paper = [_whole_steepness(grey)], [float(np.median(grey))]
    return Measures(
        strips=len(quads),
        steepness=float(np.median(steep)),
        bright=bright,
        text_px=float(np.median(heights)) if len(heights) else 0.0,
        glare=_glare(grey, quads, float(np.percentile(paper, 75))),
        cut_sides=_cut_sides(image, quads, heights),
        share=_text_share(grey, quads) if len(quads) >= FEWEST_STRIPS else _paper_share(grey),
    )


def findings(measures: Measures, *, characters: int, page: int) -> tuple[Finding, ...]:
    """What to tell the person; `characters` is how much text was read in the picture."""
    facts = (("page", str(page)),)
    found: list[Finding] = []

    def note(code: str, *more: tuple[str, str]) -> None:
        found.append(Finding(code, Severity.WARNING, (*facts, *more)))

    if measures.bright < DARK_BELOW:
        note("photo-too-dark")
    elif measures.share < FAR_BELOW_SHARE:
        note("photo-too-far")  # from near enough, what looks like blur may be sharp
    elif measures.steepness < BLURRED_BELOW:
        note("photo-blurred")
    elif measures.strips >= FEWEST_STRIPS and measures.text_px < FAR_BELOW_PX:
        note("photo-too-far")
    if measures.glare > GLARE_FROM:
        note("photo-glare")
    if measures.cut_sides:
        note("photo-cut-off", ("sides", " ".join(measures.cut_sides)))
    if characters < 20 and not found:
        note("photo-not-a-document")
    return tuple(found)


def _part(grey: Image, quad: Points) -> Image:
    (x0, y0), (x1, y1) = quad.min(axis=0).clip(0), quad.max(axis=0)
    return grey[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]


def _text_share(grey: Image, quads: Points) -> float:
    """The share of the picture inside of the rectangle around all strips."""
    low, high = quads.reshape(-1, 2).min(axis=0).clip(0), quads.reshape(-1, 2).max(axis=0)
    wide, tall = np.minimum(high, grey.shape[::-1]) - low
    return float(wide * tall) / grey.size


def _paper_share(grey: Image) -> float:
    """The share of a sheet that lies whole on a darker ground; 1 where none is seen."""
    small = np.asarray(cv2.GaussianBlur(fitted(grey, 400), (0, 0), 2), np.uint8)
    _, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours or mask.all():
        return 1.0
    sheet = max(contours, key=cv2.contourArea)
    x, y, wide, tall = cv2.boundingRect(sheet)
    whole = x > 0 and y > 0 and x + wide < small.shape[1] and y + tall < small.shape[0]
    area = cv2.contourArea(sheet)
    _, (a, b), _ = cv2.minAreaRect(sheet)
    brighter = float(small[mask > 0].mean()) - float(small[mask == 0].mean())
    if not whole or area < PAPER_FILL * a * b or brighter < PAPER_BRIGHTER:
        return 1.0
    share = float(area) / small.size
    return share if share >= LEAST_PAPER else 1.0


def _whole_steepness(grey: Image) -> float:
    """The same of a picture in which no text was found: blur may be the reason."""
    small = fitted(grey, 1000).astype(np.float32)
    low, high = np.percentile(small, (1, 99))
    if high - low < FAINT:
        return 1.0
    step = np.abs(np.diff(small, axis=1))
    return float(np.percentile(step, 99.5)) / max(1.0, float(high - low))


def _glare(grey: Image, quads: Points, paper: float) -> float:
    """The share of the text's part that is burnt out although the paper is not."""
    if len(quads) < FEWEST_STRIPS or paper > WHITE_PAPER:
        return 0.0
    low, high = quads.reshape(-1, 2).min(axis=0).clip(0), quads.reshape(-1, 2).max(axis=0)
    part = grey[int(low[1]) : int(high[1]) + 1, int(low[0]) : int(high[0]) + 1]
    if part.size < 400:
        return 0.0
    small = fitted(part, 500)
    burnt = (small >= BURNT).astype(np.uint8)
    return float(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)).mean())


def _cut_sides(image: Image, quads: Points, heights: NDArray[np.floating]) -> tuple[str, ...]:
    """Sides of the picture where strips end at the very edge."""
    if len(quads) < FEWEST_STRIPS:
        return ()
    height, width = image.shape[:2]
    near = 0.1 * float(np.median(heights))
    x, y = quads[:, :, 0], quads[:, :, 1]
    touching = {
        "left": (x.min(axis=1) <= near).sum() >= TOUCHING,
        "right": (x.max(axis=1) >= width - 1 - near).sum() >= TOUCHING,
        "top": (y.min(axis=1) <= near).any(),
        "bottom": (y.max(axis=1) >= height - 1 - near).any(),
    }
    return tuple(side for side, cut in touching.items() if cut)
