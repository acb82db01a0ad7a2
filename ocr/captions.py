"""Forms that print every label small under its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import numbers
from ocr.fields import Label
from ocr.labels import PARTY_LEXICON
from ocr.rows import Row, Token

_NEAR = 2.6  # heights from a label to its value over or under it
_FEWEST = 2  # labels that tell such a form
_KINDS = frozenset({"number", "issue_date", "sale_date", "due_date", "vat_id"})
_NUMBER = re.compile(r"(?=\S*\d)[\w/\\.\-–]{3,30}")


def over(rows: Sequence[Row], index: int, label: Sequence[Token]) -> tuple[Token, ...]:
    """The phrase straight over a label."""
    return _straight(rows, index, label, -1)


def _straight(
    rows: Sequence[Row], index: int, label: Sequence[Token], step: int
) -> tuple[Token, ...]:
    here = Row(label[0].page, tuple(label))
    for away in (1, 2):  # cells beside may stand in a row of their own
        place = index + away * step
        if not 0 <= place < len(rows) or rows[place].page != here.page:
            return ()
        row = rows[place]
        if abs(row.middle - here.middle) > _NEAR * max(row.height, here.height):
            return ()
        found = (p.tokens for p in row.phrases() if p.x0 < here.x1 and p.x1 > here.x0)
        if tokens := next(found, ()):
            return tokens
    return ()


def captioned(rows: Sequence[Row], labels: Sequence[Label]) -> bool:
    """Whether the document's fields have their values over them: all do, and not all under them."""
    alone = [
        label
        for label in labels
        if label.meaning in _KINDS
        and label.pure
        and not any(t.x0 > label.tokens[-1].x1 and _level(t, label) for t in _first(label))
    ]
    above = [_fits(label, over(rows, label.row, label.tokens)) for label in alone]
    under = [_fits(label, _straight(rows, label.row, label.tokens, 1)) for label in alone]
    return sum(above) >= _FEWEST and all(above) and not all(under)


def _first(label: Label) -> tuple[Token, ...]:
    """What stands beside a label, where that may be its value."""
    found = label.values[0] if label.values else ()
    return found if any(c.isdigit() for t in found for c in t.text) else ()


def _level(token: Token, label: Label) -> bool:
    return token.y0 < label.tokens[0].y1 and token.y1 > label.tokens[0].y0


def _fits(label: Label, tokens: Sequence[Token]) -> bool:
    """Whether words are a value that a label of this meaning can have."""
    text = " ".join(t.text for t in tokens)
    if label.meaning == "vat_id":
        return sum(map(str.isdigit, text)) > 6
    if label.meaning == "number":
        return len(tokens) == 1 and _NUMBER.fullmatch(text) is not None
    return bool(numbers.dates(text))


def with_values_above(rows: Sequence[Row], labels: list[Label]) -> list[Label]:
    """On such a form, the labels with what stands over them as their values."""
    if not captioned(rows, labels):
        return labels
    return [
        replace(label, values=(above,))
        if label.meaning in _KINDS and (above := over(rows, label.row, label.tokens))
        else label
        for label in labels
    ]


def is_caption(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """Whether a party's heading stands small under a name: nothing but a caption follows it."""
    above = over(rows, index, phrase.tokens)
    if not above or any(map(str.isdigit, above[0].text)) or above[-1].text.endswith(":"):
        return False
    key = "".join(t.key for t in above)
    straight = abs(above[0].x0 - phrase.x0) < 0.01
    smaller = phrase.height < 0.85 * Row(phrase.page, above).height
    return straight and smaller and key not in PARTY_LEXICON.exact
