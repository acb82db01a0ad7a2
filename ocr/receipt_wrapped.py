"""Names of items that a slip prints on several rows over their figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.receipt_rows import Row

_MARK_BEHIND = re.compile(r"(?<=\S)(?:_| {1,2})\(?([A-G])\)?$")  # a VAT letter behind a name
_CODE_FIRST = re.compile(
    r"\W*\d{4,13}[A-Z]?[\])]? +\S*[^\W\d_]{2}"
)  # the shop's number, then the name
_FULL_ROW = 0.85  # of the widest name: a shorter one did not have to be broken,
_LONG_ROW = 0.6  # unless the VAT letter behind the next row tells where names end
_HALF_ROW = 0.5  # or the next one begins with a small letter
_INDENT = 1.5  # characters: a row further right hangs under the one above


def broken_name(
    pending: Sequence[Row], widest: float, letters: frozenset[str]
) -> tuple[Row, str] | None:
    """The rows of one name over its figures, or None where the last row alone is it.

    Tills print the VAT letter behind the whole name: what follows it is a remark. Without a letter
    a row that fills its line runs on in the next one.
    """
    if hung := _hanging(pending, widest):
        return hung
    marked = [
        place
        for place, row in enumerate(pending)
        if (hit := _MARK_BEHIND.search(row.text)) and (not letters or hit[1] in letters)
    ]
    last = marked[-1] if marked else len(pending) - 1
    first = last
    least = (_LONG_ROW if marked else _FULL_ROW) * widest
    while first > 0 and _runs_on(pending[first - 1], pending[first], least):
        first -= 1
    if first == last == len(pending) - 1:
        return None
    return pending[last], " ".join(row.text for row in pending[first : last + 1])


def _hanging(pending: Sequence[Row], widest: float) -> tuple[Row, str] | None:
    """A name whose later rows stand further right than its first one, which a code may open."""
    first = len(pending) - 1
    while first > 0 and _hangs(pending[first], pending[first - 1], pending[-1]):
        first -= 1
        above, below = pending[first], pending[first + 1]
        coded = _CODE_FIRST.match(above.text) is not None
        if below.box.x0 - above.box.x0 < _INDENT * _character(above):
            continue
        if not coded and above.box.x1 - above.box.x0 < _LONG_ROW * widest:
            return None
        return above, " ".join(row.text for row in pending[first:])
    return None


def _hangs(below: Row, above: Row, last: Row) -> bool:
    """Whether a row may be continued by the next: close over it, and no label in between."""
    near = below.box.y0 - above.box.y1 < above.height
    aligned = abs(below.box.x0 - last.box.x0) < _INDENT * _character(last)
    return near and aligned and ":" not in above.text and not _MARK_BEHIND.search(above.text)


def _character(row: Row) -> float:
    return (row.box.x1 - row.box.x0) / max(1, len(row.text))


def _runs_on(above: Row, below: Row, least: float) -> bool:
    """Whether a row that is at least so wide is continued straight below it."""
    near = below.box.y0 - above.box.y1 < above.height
    aligned = abs(above.box.x0 - below.box.x0) < above.height
    begins = below.words[0]
    lower = (
        begins.text[:1].islower() and above.box.x1 - above.box.x0 > _HALF_ROW / _FULL_ROW * least
    )
    full = lower or above.box.x1 - above.box.x0 > least
    named = ":" not in above.text and not _MARK_BEHIND.search(above.text)
    return near and aligned and full and named
