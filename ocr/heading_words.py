"""Words of two headings that touch each other: `nettoWartość`."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ocr.labels import sections, squeeze
from ocr.rows import Row, Token

_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZŁŚŻÓĆ][^\W\d_A-Z])")

_APART = 0.1  # heights: half of the gap between the parts


@cache
def _known() -> frozenset[str]:
    """All words that headings of columns are made of."""
    labels = (label for words in sections("columns").values() for label in words)
    return frozenset(squeeze(word) for label in labels for word in label.split())


def parted(row: Row) -> Row:
    """The row with such words apart, where both parts are words of headings."""
    if not any(_HUMP.search(t.text) for t in row.tokens):
        return row
    return Row(row.page, tuple(part for token in row.tokens for part in _parts(token)))


def _parts(token: Token) -> list[Token]:
    pieces = _HUMP.split(token.text)
    if len(pieces) < 2 or any(squeeze(piece) not in _known() for piece in pieces):
        return [token]
    width = (token.x1 - token.x0) / len(token.text)
    parts: list[Token] = []
    start = token.x0
    for piece in pieces:
        end = start + width * len(piece)
        x0 = start + (_APART * token.height if parts else 0.0)
        x1 = end - (_APART * token.height if len(parts) + 1 < len(pieces) else 0.0)
        box = replace(token.box, x0=x0, x1=x1)
        parts.append(replace(token, text=piece, x0=x0, x1=x1, box=box))
        start = end
    return parts
