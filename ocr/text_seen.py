"""Tells which words of a PDF's text layer show on the page: one that does not is no word of it.

Text may be white, lie under a picture or be printed over one that says something else. What a
person would confirm is what shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import pdf_text
from ocr.engines import Image
from ocr.reading import Finding, Word

_CONTRAST = 20  # of 255 between ink and paper inside a word; grey notes have 60 and more
_DRAWN = 0.06  # of a word's place; letters that show fill 0.15 and more
_SURELY_DRAWN = 0.1  # of a word's place in the small picture
_DARK = 160  # of 255, so that thin letters count
_SHOWN = 0.6  # of a word's letters; a stamp may cover the rest
_SHARED = 0.3  # of the larger of two words' places
_AT_ONCE = 256  # words, which bounds what is held for a page of thousands
_EDGE = 0.15  # of a box's height above and below, where ink of neighbours may reach in
_FEW = 5  # words of a page that may be marks for a program, which say nothing about the page
_FIGURE = re.compile(r"\d[\d.,]*")
_DIFFERENT = 0.2  # of the hidden figures: an engine misreads fewer


@dataclass(frozen=True, slots=True)
class Seen:
    """The words that show, those that do not, and whether some page's layer is mostly hidden."""

    words: tuple[Word, ...]
    hidden: tuple[Word, ...] = ()
    trusted: bool = True


def seen(
    words: tuple[Word, ...],
    images: Sequence[Image],
    glanced: Callable[[int], tuple[Image, Image] | None],
    around: Callable[[int], tuple[Image, Image | None] | None],
) -> Seen:
    """Judge the words by the page images that they lie on.

    `glanced(index)` gives a page small and grey, whole and without its text; None where text may be
    hidden by colour or by what lies over it. Where each word shows in it, no more is asked.
    `around(index)` gives a page's image without its text and, where colours or what lies over it
    may hide text, the text alone, black on white; None where text cannot be taken away.
    Each is asked at most once a page.
    """
    kept: list[Word] = []
    hidden: list[Word] = []
    trusted = True
    for index, image in enumerate(images):
        here = [word for word in words if word.box.page == index + 1]
        if not here:
            continue
        halves = glanced(index)
        if halves is not None and _all_change([w for w in here if _open(w) and _spoken(w)], halves):
            shows = [_open(word) for word in here]
        else:
            shows = _show(here, image, around(index))
        lost = [word for word, shown in zip(here, shows, strict=True) if not shown]
        kept += [word for word, shown in zip(here, shows, strict=True) if shown]
        hidden += lost
        trusted = trusted and (len(lost) < _FEW or 2 * len(lost) < len(here))
    if not hidden:
        return Seen(words)
    return Seen(tuple(kept), tuple(hidden), trusted)


def differences(hidden: Sequence[Word], shown: Sequence[Word]) -> tuple[Finding, ...]:
    """A finding where the hidden words state figures that the words on the page do not."""
    figures = [w.text for w in hidden if _FIGURE.fullmatch(w.text)]
    known = {figure for word in shown for figure in _FIGURE.findall(word.text)}
    other = [figure for figure in figures if figure not in known]
    if not other or len(other) <= _DIFFERENT * len(figures):
        return ()
    return (Finding("hidden-text-differs", facts=(("figures", str(len(other))),)),)


def _all_change(words: Sequence[Word], halves: tuple[Image, Image]) -> bool:
    """Whether each word surely draws something, seen small: less than sure is to be looked at."""
    whole, bare = halves
    if not words or whole.shape != bare.shape:
        return not words
    drawn = (cv2.absdiff(whole, bare) >= _CONTRAST).view(np.uint8)
    sums = cv2.integral(drawn)
    height, width = drawn.shape
    boxes = np.array([(w.box.x0, w.box.y0, w.box.x1, w.box.y1) for w in words])
    edge = _EDGE * (boxes[:, 3] - boxes[:, 1])
    # Only pixels that lie wholly in the box: in a small picture neighbours are near.
    x0 = np.clip(np.ceil(boxes[:, 0] * width), 0, width).astype(int)
    x1 = np.clip(np.floor(boxes[:, 2] * width), 0, width).astype(int)
    y0 = np.clip(np.ceil((boxes[:, 1] + edge) * height), 0, height).astype(int)
    y1 = np.clip(np.floor((boxes[:, 3] - edge) * height), 0, height).astype(int)
    inked = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
    area = np.maximum(x1 - x0, 0) * np.maximum(y1 - y0, 0)
    return bool(np.all((area > 0) & (inked >= _SURELY_DRAWN * area)))


def _show(
    words: Sequence[Word], image: Image, around: tuple[Image, Image | None] | None
) -> list[bool]:
    bare, alone = around or (None, None)
    if bare is None or bare.shape != image.shape:
        return [
            _open(word) and (not _spoken(word) or _inked(_inside(image, word))) for word in words
        ]
    bare = np.ascontiguousarray(bare)
    shows = [
        _open(word) and (not _spoken(word) or _changed(_inside(image, word), _inside(bare, word)))
        for word in words
    ]
    if alone is None or alone.shape != image.shape:
        return shows
    alone = np.ascontiguousarray(alone)
    clear = _not_over_another(words)
    return [
        shown
        and (
            not _spoken(word)
            or (apart and _drawn(*(_inside(i, word) for i in (image, bare, alone))))
        )
        for shown, apart, word in zip(shows, clear, words, strict=True)
    ]


def _not_over_another(words: Sequence[Word]) -> list[bool]:
    """Which words share their place with no other text: of two, which one shows is not known."""
    x0, y0, x1, y1 = np.array([(w.box.x0, w.box.y0, w.box.x1, w.box.y1) for w in words]).T
    area = np.maximum((x1 - x0) * (y1 - y0), 1e-12)
    texts = np.unique([word.text for word in words], return_inverse=True)[1]
    clear: list[bool] = []
    for start in range(0, len(words), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        across = np.minimum(x1[some, None], x1) - np.maximum(x0[some, None], x0)
        down = np.minimum(y1[some, None], y1) - np.maximum(y0[some, None], y0)
        shared = np.maximum(across, 0) * np.maximum(down, 0)
        over = shared > _SHARED * np.maximum(area[some, None], area)
        clear += [not other for other in np.any(over & (texts[some, None] != texts), axis=1)]
    return clear


def _changed(shown: Image, bare: Image) -> bool:
    """Whether a word draws anything where it stands.

    Text may be clipped away, lie on a layer that is switched off, be drawn by a mode without ink:
    print of something else in its place would look as if it showed.
    """
    return bool(shown.size) and float(np.mean(_differs(shown, bare))) >= _DRAWN


def _drawn(shown: Image, bare: Image, alone: Image) -> bool:
    """Whether a word's letters change the page where they stand, and stand out from it there.

    White letters over print on white paper change the print, and are as white as the paper.
    """
    letters = alone[:, :, 1] < _DARK
    if not letters.any():
        return True
    if float(np.mean(_differs(shown, bare)[letters])) < _SHOWN:
        return False
    apart = np.median(shown[letters], axis=0) - np.median(bare, axis=(0, 1))
    return bool(np.abs(apart).max() >= _CONTRAST)


def _differs(shown: Image, bare: Image) -> NDArray[np.bool_]:
    """Where two pictures of one place differ in any colour."""
    return cv2.absdiff(shown, bare).max(axis=2) >= _CONTRAST  # type: ignore[no-any-return]


def _open(word: Word) -> bool:
    """Whether a word was not written to be hidden from the start."""
    return word.engine != pdf_text.HIDDEN_ENGINE


def _spoken(word: Word) -> bool:
    """Whether a word can be judged: dots cannot."""
    return any(c.isalnum() for c in word.text)


def _inside(image: Image, word: Word) -> Image:
    """The pixels of a word; none where it lies outside of the page."""
    height, width = image.shape[:2]
    box = word.box
    edge = _EDGE * (box.y1 - box.y0)
    y0, y1 = int((box.y0 + edge) * height), int((box.y1 - edge) * height) + 1
    return image[max(0, y0) : max(0, y1), max(0, int(box.x0 * width)) : int(box.x1 * width) + 1]


def _inked(part: Image) -> bool:
    """Whether pixels differ in any colour; green alone nearly always tells."""
    if not part.size:
        return False
    green = part[:, :, 1]
    if int(green.max()) - int(green.min()) >= _CONTRAST:
        return True
    return any(int(np.ptp(part[:, :, colour])) >= _CONTRAST for colour in (0, 2))
