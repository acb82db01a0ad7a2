"""Keeps the first of several invoices whose pictures were sent as one document.

An engine may misread the number that heads every page, so another number alone does not begin
another document. Sums do: what closes without the pages behind it, and not with them, is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from ocr.labels import squeeze
from ocr.picture_parts import body_is_proven
from ocr.reading import Finding, Page, Reading, Word
from ocr.rows import rows_of, tokens_of
from ocr.second_document import begins, number_at_top

_MISREAD = 75.0  # alikeness of two numbers, of 100: more may be one of them misread

Interpret = Callable[[Sequence[Word], Sequence[Page]], Reading]


def first_alone(
    reading: Reading, words: Sequence[Word], pages: Sequence[Page], interpret: Interpret
) -> Reading:
    """The reading of the first invoice with a finding, or `reading` where all pages are one.

    `interpret` gives the reading of some of the pages.
    """
    if len(pages) < 2 or body_is_proven(reading):
        return reading
    rows = rows_of(tokens_of(words, pages))
    numbers = {
        page: number_at_top([row for row in rows if row.page == page.number]) for page in pages
    }
    first = numbers[pages[0]]
    for place in range(1, len(pages)):
        number = numbers[pages[place]]
        if not begins(rows, pages[place].number) or (number and squeeze(number) == squeeze(first)):
            continue
        alone = interpret(_of(words, pages[:place]), pages[:place])
        rest = (pages[place:end] for end in range(place + 1, len(pages) + 1))
        if body_is_proven(alone) and (
            _another(first, number)
            or any(body_is_proven(interpret(_of(words, some), some)) for some in rest)
        ):
            found = Finding("second-document", facts=(("number", number or "?"),))
            return replace(alone, words=tuple(words), findings=(*alone.findings, found))
    return reading


def _another(first: str, number: str) -> bool:
    """Whether two numbers differ by more than an engine misreads."""
    if not first or not number:
        return False
    return fuzz.ratio(squeeze(first), squeeze(number)) < _MISREAD


def _of(words: Sequence[Word], pages: Sequence[Page]) -> list[Word]:
    shown = {page.number for page in pages}
    return [word for word in words if word.box.page in shown]
