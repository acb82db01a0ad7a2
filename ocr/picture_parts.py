"""Which part of a printed page the first engine did not prove; reads it by the second.

A page costs the neural engine three times what it costs Tesseract. Where all amounts are proven and
only the head is in doubt, or the other way round, reading that part anew tells as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from ocr.engines import Image
from ocr.headings import find_headings
from ocr.neural import NeuralEngine, to_words
from ocr.picture_strips import strips_of
from ocr.reading import Box, Proof, Reading, Value, Word
from ocr.rows import rows_of, tokens_of

_BESIDE = 0.2  # of a row's height: more than a box may be too low
_CONTRADICTIONS = frozenset(
    {"line-sum-mismatch", "total-mismatch", "rate-tax-mismatch", "words-mismatch"}
)
_AROUND = 2.0  # heights of a word that are looked at beyond the part: no line is cut in two


def head_is_proven(reading: Reading) -> bool:
    """Whether number, date and the seller's tax number are there, the last by its checksum."""
    vat_id = reading.seller.vat_id
    named = reading.invoice_number is not None and reading.issue_date is not None
    return named and vat_id is not None and vat_id.proof is Proof.CHECKSUM


def body_is_proven(reading: Reading) -> bool:
    """Whether all amounts and quantities of lines, and the total, take part in sums that hold.

    A line that holds in itself proves nothing about others that were not seen at all.
    """
    if any(finding.code in _CONTRADICTIONS for finding in reading.findings):
        return False
    return _rows_are_proven(reading) and _proven(reading.total_gross)


def part_in_doubt(reading: Reading) -> Box | None:
    """The head of a single page, or its rows, if that alone is to be read again.

    Only where the rest is beyond doubt: all values add up to the total and nothing contradicts.
    Then the rows that were found are all there are, and where they stand is known.
    """
    boxes = [line.box for line in reading.lines if line.box is not None]
    amounts = [line.line_net or line.line_gross for line in reading.lines]
    sums = bool(amounts) and all(map(_proven, (*amounts, reading.total_gross)))
    contradicted = any(finding.code in _CONTRADICTIONS for finding in reading.findings)
    if len(reading.pages) != 1 or len(boxes) < len(amounts) or not sums or contradicted:
        return None
    page, top, bottom = boxes[0].page, boxes[0].y0, max(box.y1 for box in boxes)
    if not head_is_proven(reading):
        return Box(page, 0.0, 0.0, 1.0, top) if _rows_are_proven(reading) else None
    edge = _BESIDE * min(box.y1 - box.y0 for box in boxes)
    return Box(page, 0.0, max(0.0, _heading_top(reading, top) - edge), 1.0, bottom + edge)


def _heading_top(reading: Reading, first: float) -> float:
    """Where the headings of the rows that begin at `first` stand, of those found the nearest."""
    rows = rows_of(tokens_of(reading.words, reading.pages))
    tops = [min(t.box.y0 for t in rows[heading.first].tokens) for heading in find_headings(rows)]
    return max((top for top in tops if top < first), default=first)


def _rows_are_proven(reading: Reading) -> bool:
    amounts = [line.line_net or line.line_gross for line in reading.lines]
    return bool(amounts) and all(map(_proven, (*amounts, *(x.quantity for x in reading.lines))))


def _proven(value: Value[Decimal] | None) -> bool:
    return value is not None and value.proof is Proof.ARITHMETIC


def read_again(
    words: Sequence[Word], image: Image, part: Box, engine: NeuralEngine
) -> tuple[Word, ...]:
    """The words of a level page with those of the part as the neural engine reads them."""
    height, width = image.shape[:2]
    heights = [word.box.y1 - word.box.y0 for word in words]
    around = _AROUND * float(np.median(heights)) if heights else 0.0
    top = round(max(0.0, part.y0 - around) * height)
    bottom = round(min(1.0, part.y1 + around) * height)
    strips = strips_of(np.ascontiguousarray(image[top:bottom]), engine)
    shift = np.array([0, top], np.float32)
    inside = [
        strip.moved(shift)
        for strip in strips
        if part.y0 <= (float(strip.quad[:, 1].mean()) + top) / height < part.y1
    ]
    found = to_words(tuple(inside), width, height, part.page, engine.name)
    kept = [word for word in words if not part.y0 <= (word.box.y0 + word.box.y1) / 2 < part.y1]
    return (*kept, *found)
