"""Units of measure whose letters an engine took for figures: `Sz1`, `5ZT`, `m0`."""

from __future__ import annotations

import re
from functools import lru_cache

from ocr.labels import UNITS

_LIKE = {
    "s": "s5$",
    "z": "z27",
    "t": "t17lir",
    "b": "b608",
    "o": "o0",
    "l": "l1i",
    "g": "g9",
    "p": "p",
}
_USUAL = ("szt", "mb", "kpl", "opak", "opk", "op", "kg")  # on invoices for goods, the longest first
_PATTERNS = tuple(
    (unit, re.compile("".join(f"[{_LIKE.get(c, c)}]" for c in unit)))
    for unit in _USUAL
    if unit in UNITS
)


@lru_cache(maxsize=1024)
def misread(text: str) -> str:
    """The unit that a doubtful word without blanks stands for; "" where it is none or is one.

    A word of figures alone is a unit only where sums say so: here it is none.
    """
    bare = text.casefold().rstrip(".:;,|")
    if bare in UNITS or not any(c.isalpha() for c in bare) or not any(c.isdigit() for c in bare):
        return ""
    return next((unit for unit, pattern in _PATTERNS if pattern.fullmatch(bare)), "")


def like_pieces(figures: str) -> bool:
    """Whether figures alone may be `szt` misread, so that they are no part of a quantity."""
    return re.fullmatch(r"[589][237][17]", figures) is not None
