"""The pages of one document, whatever files they came in; each is decoded only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import overload

import numpy as np

from ocr import intake, limits
from ocr.engines import Image
from ocr.intake import Accepted
from ocr.pdf_pages import PdfPages
from ocr.pdf_pages import opened as opened_pdf
from ocr.reading import Unreadable, UnreadableReason
from ocr.stages import Enter, Stage

_LEAST_SIDE_PX = 64


@dataclass(frozen=True, slots=True)
class _Source:
    """One page: a picture file, or a page of an open PDF."""

    file: Accepted
    pdf: PdfPages | None = None
    index: int = 0


class Pages(Sequence[Image]):
    """Pages in the order of the files, as RGB arrays fit for recognition.

    Decoding happens inside `[]`, one page in memory at a time; entering a page is reported as
    DECODE, leaving it as RECOGNISE.
    """

    def __init__(self, sources: tuple[_Source, ...], enter: Enter) -> None:
        self._sources = sources
        self._enter = enter
        self._pixels = min(limits.PAGE_PIXELS, limits.DOCUMENT_PIXELS // max(1, len(sources)))

    def __len__(self) -> int:
        return len(self._sources)

    @overload
    def __getitem__(self, index: int) -> Image: ...
    @overload
    def __getitem__(self, index: slice) -> Pages: ...
    def __getitem__(self, index: int | slice) -> Image | Pages:
        if isinstance(index, slice):
            return Pages(self._sources[index], self._enter)
        source = self._sources[index]
        self._enter(Stage.DECODE)
        if source.pdf is not None:
            image = source.pdf.scan(source.index, pixels=self._pixels)
        else:
            image = intake.decode(source.file, pixels=self._pixels)
        self._enter(Stage.RECOGNISE)
        return _wide_enough(image)

    def shown(self, index: int) -> Image:
        """The page as a person is shown it; for PDF cheaper than `[]`."""
        source = self._sources[index]
        self._enter(Stage.DECODE)
        if source.pdf is not None:
            return source.pdf.show(source.index)
        return intake.decode(source.file, pixels=self._pixels)

    def around_text(self, index: int) -> tuple[Image, Image | None] | None:
        """The page as `shown` without its text, and the text alone where something may hide it.

        None for a picture, whose print is no text.
        """
        source = self._sources[index]
        return source.pdf.around_text(source.index) if source.pdf is not None else None

    def glanced(self, index: int) -> tuple[Image, Image] | None:
        """The page small and grey with and without its text, as `PdfPages.glanced`.

        None for a picture too.
        """
        source = self._sources[index]
        return source.pdf.glanced(source.index) if source.pdf is not None else None

    def may_hold_code(self, index: int) -> bool:
        """Whether it is worth looking for codes; always in a picture."""
        source = self._sources[index]
        return source.pdf is None or source.pdf.may_hold_code(source.index)

    def links(self, index: int) -> tuple[str, ...]:
        """Addresses of the page's link annotations; none in pictures."""
        source = self._sources[index]
        return source.pdf.links(source.index) if source.pdf is not None else ()


def _wide_enough(image: Image) -> Image:
    """White paper around a picture of a few pixels, which would trip every later step."""
    missing = [max(0, _LEAST_SIDE_PX - side) for side in image.shape[:2]]
    if not any(missing):
        return image
    return np.pad(image, ((0, missing[0]), (0, missing[1]), (0, 0)), constant_values=255)


@contextmanager
def opened(files: Sequence[Accepted], *, enter: Enter) -> Iterator[Pages]:
    """All pages of `files` (no XML among them), counted and judged before any is decoded.

    Raises `Unreadable` for encrypted, damaged, too long or too complex files.
    """
    with ExitStack() as stack:
        sources: list[_Source] = []
        for file in files:
            if file.kind.picture:
                sources.append(_Source(file))
                continue
            pdf = stack.enter_context(opened_pdf(file.data))
            pdf.refuse_complex()
            sources.extend(_Source(file, pdf, index) for index in range(len(pdf)))
        if len(sources) > limits.PAGES:
            raise Unreadable(
                UnreadableReason.TOO_MANY_PAGES, pages=len(sources), limit=limits.PAGES
            )
        yield Pages(tuple(sources), enter)
