"""From the pixels of a picture to level strips of text: where it is, which way up, how large.

A coarse look at the whole picture finds the text; the rest works on that part alone, at the scale
that the models like. That is what keeps a photo of twelve megapixels within seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines import Image, Points
from ocr.image import brightness, evened, lit, straightened
from ocr.neural import NeuralEngine, Strip

OVERVIEW_PIXELS = 420_000
FEW_STRIPS = 12  # in the overview: the document may be a small part of the picture
CLOSER = 2
LOOKS = 3
LARGE = 1.5  # usual heights
INSIDE = 0.7  # of a strip, or of its height
COVERED = 0.2  # of a strip: more means that the closer look saw it cut in another way
SEEN = 0.75  # of a strip's width: less means that the closer look lost letters of it
AT_EDGE = 0.5  # heights of a strip: nearer to the region's edge, there may be more behind it
WIDENED = 0.25  # of the region's height
WIDENINGS = 2
LOWER = 0.8  # of the last look's strip height: less means that it had taken rows together
CLEAR_HEIGHT = 26.0  # of a strip in the detector's picture: below it lines run together or vanish
WANTED_HEIGHT = 30.0
SWOLLEN_BELOW = 22.0  # lower strips of a look come out higher than they are: the detector's blur
DETECTED_PIXELS = 2_600_000  # all bands together
READ_HEIGHT = 52.0  # of a strip in the picture that is read: the recogniser takes 48
MARGIN = 0.03
ODD_ANGLE = math.radians(12)
MERGED = 1.5  # usual heights: more, and narrow, is letters of several rows
SAMPLE = 6
FLIPPED_BELOW = 0.95  # of 133 upright pictures none was below 0.959; upside down 0.6 to 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """The text of a picture, found but not yet read.

    `image` stands upright after a clockwise turn by `turned` degrees; `quads` are the strips of a
    coarse look in its pixels and `region` (x0, y0, x1, y1) is the part that holds them.
    """

    image: Image
    turned: int
    quads: Points
    region: tuple[int, int, int, int]
    bright: float = 255.0  # the brightest part before it was lifted
    look: float = 1.0  # scale of the coarse look

    @property
    def text_height(self) -> float:
        """The usual height of a strip in pixels: how closely the picture was taken."""
        return float(np.median(_heights(self.quads))) if len(self.quads) else 0.0

    @property
    def heights_across(self) -> float:
        """How wide the text is in heights of its strips: below 24 a slip, above a page."""
        return (self.region[2] - self.region[0]) / max(self.text_height, 1.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a person is shown it, with its strips level on it.

    `text_px` is the usual height of its strips in pixels of the picture that was sent.
    """

    image: Image
    strips: tuple[Strip, ...]
    turned: int
    text_px: float = 0.0


def find(image: Image, engine: NeuralEngine) -> Found:
    """Where the text is, after the quarter turn that makes it run from left to right."""
    bright = brightness(image)
    image = lit(image, bright)
    quads, look = _overview(image, engine)
    turned = 0
    if _mostly_upright(quads):
        turned = _quarter(image, quads, engine)
        image = rotated(image, turned)
        quads, look = _overview(image, engine)
    return Found(image, turned, quads, _region(image, quads), bright, look)


def see(found: Found, engine: NeuralEngine) -> Seen:
    """Reads and straightens the text that was found; turns it over if it stands on its head."""
    work, quads, scale = _close_look(found, engine)
    for _ in range(WIDENINGS):
        wider = _widened(found, quads / np.float32(scale))
        if wider is None:
            break
        found = wider
        work, quads, scale = _close_look(found, engine)
    quads = _with_large(found, quads, scale)
    strips = engine.read(work, quads)
    if _doubtful(strips) and _flipped(work, strips, engine):
        image = rotated(found.image, 180)
        quads, look = _overview(image, engine)
        turned = (found.turned + 180) % 360
        found = Found(image, turned, quads, _region(image, quads), look=look)
        work, quads, scale = _close_look(found, engine)
        strips = engine.read(work, quads)
    text_px = float(np.median(_heights(quads))) / scale if len(quads) else 0.0
    return replace(_levelled(work, strips, found.turned), text_px=text_px)


def quarter_turn(image: Image, engine: NeuralEngine) -> int:
    """The clockwise turn, 90 or 270, that sets rows upright that run up or down the picture."""
    quads, _ = _overview(image, engine)
    return _quarter(image, quads, engine)


def strips_of(image: Image, engine: NeuralEngine) -> tuple[Strip, ...]:
    """The text of a picture that is upright and level already, in its own pixels."""
    quads, look = _overview(image, engine)
    found = Found(image, 0, quads, _region(image, quads), look=look)
    work, quads, scale = _close_look(found, engine)
    corner = np.array(found.region[:2], np.float32)
    return tuple(strip.moved(corner, 1 / scale) for strip in engine.read(work, quads))


def _levelled(work: Image, strips: tuple[Strip, ...], turned: int) -> Seen:
    strips = _of_one_paper(strips)
    quads = np.array([strip.quad for strip in strips], np.float32).reshape(-1, 4, 2)
    page = straightened(work, quads)
    moved = tuple(replace(strip, quad=quad) for strip, quad in zip(strips, page.quads, strict=True))
    return Seen(page.image, moved, turned)


def rotated(image: Image, turn: int) -> Image:
    """A clockwise turn by quarters."""
    return np.ascontiguousarray(np.rot90(image, -turn // 90))


def _overview(image: Image, engine: NeuralEngine) -> tuple[Points, float]:
    """Strips of a coarse look, and its scale; a closer look where there are hardly any."""
    longer = max(image.shape[:2])
    side = _overview_side(image)
    quads = engine.detect(image, side=side)
    closer = min(CLOSER * side, longer)
    if len(quads) < FEW_STRIPS and closer > side:
        again = engine.detect(image, side=closer)
        if len(again) > len(quads):
            return again, closer / longer
    return quads, side / longer


def _overview_side(image: Image) -> int:
    height, width = image.shape[:2]
    scale = min(2.0, math.sqrt(OVERVIEW_PIXELS / (height * width)))
    return int(max(height, width) * scale)


def _heights(quads: Points) -> NDArray[np.float32]:
    """The shorter side of each strip: its height whichever way it runs."""
    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return np.asarray(np.minimum(across, down), np.float32)


def _mostly_upright(quads: Points) -> bool:
    """Whether the text runs up or down the picture, by the length of its strips."""
    if len(quads) < 4:
        return False
    wide = quads[:, :, 0].max(axis=1) - quads[:, :, 0].min(axis=1)
    high = quads[:, :, 1].max(axis=1) - quads[:, :, 1].min(axis=1)
    return bool(high[high > 1.5 * wide].sum() > 1.5 * wide[wide > 1.5 * high].sum())


def _quarter(image: Image, quads: Points, engine: NeuralEngine) -> int:
    """The clockwise turn, 90 or 270, after which sampled strips read better."""
    long = np.argsort(-np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1))
    longest = quads[long[:SAMPLE]]
    height, width = image.shape[:2]
    sure = {}
    for turn in (90, 270):
        corners = _rotated(longest, turn, width, height)
        sure[turn] = _surety(engine.read(rotated(image, turn), corners))
    return 90 if sure[90] > sure[270] else 270


def _rotated(quads: Points, turn: int, width: int, height: int) -> Points:
    """Corners after a clockwise turn of a picture of `width` × `height`, ordered anew."""
    x, y = quads[..., 0], quads[..., 1]
    if turn == 90:
        moved = np.stack([height - 1 - y, x], axis=-1)
    elif turn == 270:
        moved = np.stack([y, width - 1 - x], axis=-1)
    else:
        moved = np.stack([width - 1 - x, height - 1 - y], axis=-1)
    low, high = moved.min(axis=1), moved.max(axis=1)
    return np.stack(
        [
            np.stack([low[:, 0], low[:, 1]], axis=1),
            np.stack([high[:, 0], low[:, 1]], axis=1),
            np.stack([high[:, 0], high[:, 1]], axis=1),
            np.stack([low[:, 0], high[:, 1]], axis=1),
        ],
        axis=1,
    ).astype(np.float32)


def _surety(strips: tuple[Strip, ...]) -> float:
    """Confidence weighed by the length of the text: upside-down text reads short and unsure."""
    return float(sum(strip.confidence * strip.confidence * len(strip.text) for strip in strips))


def _doubtful(strips: tuple[Strip, ...]) -> bool:
    if len(strips) < 4:
        return False
    return float(np.median([strip.confidence for strip in strips])) < FLIPPED_BELOW


def _flipped(work: Image, strips: tuple[Strip, ...], engine: NeuralEngine) -> bool:
    """Whether sampled strips read much better upside down."""
    sample = sorted(strips, key=lambda s: -float(np.linalg.norm(s.quad[1] - s.quad[0])))[:SAMPLE]
    height, width = work.shape[:2]
    flipped = rotated(work, 180)
    quads = np.array([strip.quad for strip in sample], np.float32)
    again = engine.read(flipped, _rotated(quads, 180, width, height))
    return _surety(again) > 1.3 * _surety(tuple(sample))


def _region(image: Image, quads: Points) -> tuple[int, int, int, int]:
    """The part of the picture that holds the text, with a margin."""
    height, width = image.shape[:2]
    if not len(quads):
        return 0, 0, width, height
    low, high = quads.reshape(-1, 2).min(axis=0), quads.reshape(-1, 2).max(axis=0)
    edge = max(MARGIN * float((high - low).max()), float(np.median(_heights(quads))))
    return (
        max(0, int(low[0] - edge)),
        max(0, int(low[1] - edge)),
        min(width, int(high[0] + edge)),
        min(height, int(high[1] + edge)),
    )


def _widened(found: Found, quads: Points) -> Found | None:
    """The same with more of the picture above or below, where text reaches the region's edge.

    The coarse look overlooks the narrow rows of a slip's head that is far away; the closer one
    sees them as far as the region goes. `quads` are its strips in pixels of the region.
    """
    if not len(quads) or not len(found.quads):
        return None
    x0, y0, x1, y1 = found.region
    edge = AT_EDGE * float(np.median(_heights(quads)))
    more = int(WIDENED * (y1 - y0))
    low, high = quads[..., 1].min(), quads[..., 1].max()
    top = max(0, y0 - more) if low < edge else y0
    bottom = min(found.image.shape[0], y1 + more) if y1 - y0 - high < edge else y1
    if (top, bottom) == (y0, y1):
        return None
    return replace(found, region=(x0, top, x1, bottom))


def _with_large(found: Found, quads: Points, scale: float) -> Points:
    """The strips of the closer look, and those of large print that only the coarse one saw.

    The names over a slip are printed several times as high as its rows; close by, the dots of
    such letters fall apart.
    """
    if not len(quads) or not len(found.quads):
        return quads
    usual = float(np.median(_heights(quads)))
    coarse = (found.quads - np.array(found.region[:2], np.float32)) * np.float32(scale)
    low, high = quads.min(axis=1), quads.max(axis=1)
    areas = np.prod(high - low, axis=1)
    kept, missed = np.ones(len(quads), bool), []
    for quad in coarse[_heights(coarse) > LARGE * usual]:
        first, last = quad.min(axis=0), quad.max(axis=0)
        sides = np.minimum(high, last) - np.maximum(low, first)
        shared = np.prod(np.maximum(sides, 0.0), axis=1)
        inside = shared > INSIDE * areas
        tall = INSIDE * (last[1] - first[1])  # lower ones are rows that ran together in the coarse
        if last[0] - first[0] < 1.2 * (last[1] - first[1]) or (
            (high - low)[inside, 1].min(initial=tall) < tall
        ):
            continue
        seen = float(np.ptp([low[inside, 0].min(), high[inside, 0].max()])) if inside.any() else 0.0
        if shared[~inside].sum() < COVERED * np.prod(last - first) and (
            seen < SEEN * (last[0] - first[0])
        ):
            kept &= ~inside
            missed.append(quad)
    return np.concatenate([quads[kept], np.array(missed, np.float32)]) if missed else quads


def _close_look(found: Found, engine: NeuralEngine) -> tuple[Image, Points, float]:
    """The part that holds the text at reading scale, its strips, and that scale.

    Where the text was too small for the last look, two rows may have been taken for one; then the
    strips that the next look finds are lower, and it is repeated at their scale.
    """
    x0, y0, x1, y1 = found.region
    part = found.image[y0:y1, x0:x1]
    if not len(found.quads):
        return np.ascontiguousarray(part), found.quads, 1.0
    quads = found.quads - np.array([x0, y0], np.float32)
    seen_height = found.text_height * found.look
    height = _true_height(seen_height) / found.look
    work, scale = _scaled(part, quads, height)
    for _ in range(LOOKS):
        if seen_height >= CLEAR_HEIGHT:
            break
        wanted = WANTED_HEIGHT / max(height * scale, 1.0)
        bound = min(2.0, math.sqrt(DETECTED_PIXELS / (work.shape[0] * work.shape[1])))
        wanted = min(wanted, bound)
        side = round(max(work.shape[:2]) * wanted)
        quads = engine.detect(work, side=side) / np.float32(scale)
        if not len(quads):
            return work, quads, scale
        last, seen_height = height, float(np.median(_heights(quads))) * scale * wanted
        height = _true_height(seen_height) / (scale * wanted)
        if height < LOWER * last:
            before = scale
            work, scale = _scaled(part, quads, height)
            if scale == before and wanted == bound:
                break  # another look could not be closer
        elif seen_height >= LOWER * WANTED_HEIGHT or wanted == bound:
            break
    return work, quads * np.float32(scale), scale


def _true_height(seen: float) -> float:
    """The height of strips of which a look saw `seen`, in its pixels.

    Measured on photos that were looked at again: 13 were 8.7, 15 were 11, 17 were 15, 20 were 19.
    """
    return seen - min(4.5, max(0.0, (SWOLLEN_BELOW - seen) / 2))


def _scaled(part: Image, quads: Points, height: float) -> tuple[Image, float]:
    """The picture evened and made small enough for the recogniser, and by how much."""
    scale = min(1.0, READ_HEIGHT / max(height, 1.0))
    if scale < 0.9:
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        scale = 1.0
    return np.ascontiguousarray(evened(part, quads * np.float32(scale))), scale


def _of_one_paper(strips: tuple[Strip, ...]) -> tuple[Strip, ...]:
    """Without strips that run another way than the document: print of what lies around it.

    Narrow strips that are much higher than the others go as well: columns of single letters that
    ran together and can only be misread.
    """
    if len(strips) < 6:
        return strips
    across = [float(np.linalg.norm(s.quad[1] - s.quad[0])) for s in strips]
    down = [float(np.linalg.norm(s.quad[3] - s.quad[0])) for s in strips]
    usual_height = float(np.median(down))
    strips = tuple(
        strip
        for strip, wide, high in zip(strips, across, down, strict=True)
        if high < MERGED * usual_height or wide > 1.2 * high
    )
    angles = np.array([_angle(strip) for strip in strips])
    long = np.array([len(strip.text) >= 4 for strip in strips])
    if long.sum() < 4:
        return strips
    usual = float(np.median(angles[long]))
    return tuple(
        strip
        for strip, angle in zip(strips, angles, strict=True)
        if abs(angle - usual) < ODD_ANGLE or (len(strip.text) < 4 and abs(angle - usual) < 0.6)
    )


def _angle(strip: Strip) -> float:
    along = strip.quad[1] + strip.quad[2] - strip.quad[0] - strip.quad[3]
    return math.atan2(float(along[1]), float(along[0]))
