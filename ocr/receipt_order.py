"""Puts the rows of each item of a slip in one order: its name, then all of its figures.

Tills print `2 x 3,99` over the name, under it, or under it with the amount on a third row; and in a
photo of bent paper an amount may slip to the row of the name. Which rows belong together is what
quantity × price says; where a figure was misread, what the other items of the slip say.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ocr.receipt_entries import DISCOUNTS
from ocr.receipt_frame import before
from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail, tail_of
from ocr.receipt_text import Amount, amounts, money, says

_SAME_STYLE = 2  # items that add up: then a misread one is taken to be printed alike
_FEWEST = 3  # letters of a name
_LAST_PIECE = re.compile(r"(?<= )\d{3}[.,]\d{2}\Z")


class _Kind(StrEnum):
    NAME = "N"
    FIGURES = "F"  # quantity × price = amount without a name
    COUNT = "C"  # quantity × price alone
    PRICED = "P"  # a name and one amount
    AMOUNT = "A"  # an amount alone
    OTHER = "-"  # whole items, discounts, codes


@dataclass(frozen=True, slots=True)
class _Part:
    row: Row
    kind: _Kind
    tail: Tail | None = None
    amount: Amount | None = None


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows between head and foot, with the parts of each item as name and figures."""
    return [part.row for part in _names_first(_joined([_part(row) for row in rows]))]


def _part(row: Row) -> _Part:
    tail = tail_of(row)
    found = list(amounts(row.text))
    back = any(amount.value < 0 for amount in found)
    if says(row.text, *DISCOUNTS) or (back and len(found) > 1):
        return _Part(row, _Kind.OTHER)
    if tail is not None and _letters(before(row, tail)) < _FEWEST:
        # What is left of a name glued to its figures is no row of figures alone.
        bare = not any(c.isalnum() for c in before(row, tail))
        if tail.derived == "amount":
            return _Part(row, _Kind.COUNT if bare else _Kind.OTHER, tail)
        return _Part(row, _Kind.FIGURES if bare else _Kind.OTHER, tail)
    if tail is not None and tail.holds:
        return _Part(row, _Kind.OTHER, tail)
    if back and tail is not None:
        return _Part(row, _Kind.OTHER)
    if found and len(row.text[found[-1].end :].strip(" *.,")) <= 1:
        named = _letters(row.text[: found[-1].start]) >= _FEWEST
        alone = not row.text[: found[-1].start].strip()
        kind = _Kind.PRICED if named else _Kind.AMOUNT if alone and not back else _Kind.OTHER
        return _Part(row, kind, amount=found[-1])
    if tail is None and not found and _letters(row.text) >= _FEWEST:
        return _Part(row, _Kind.NAME)
    return _Part(row, _Kind.OTHER, tail)


def _joined(parts: list[_Part]) -> list[_Part]:
    """Counts with the amounts that stand over or under them; the names that lose theirs before."""
    styles = (
        (_Kind.COUNT, _Kind.AMOUNT),
        (_Kind.PRICED, _Kind.COUNT),
        (_Kind.COUNT, _Kind.PRICED),
    )
    agreeing, usual = max((_agreeing(parts, style), style) for style in styles)
    settled = agreeing >= _SAME_STYLE
    found: list[_Part] = []
    place = 0
    while place < len(parts):
        pair = parts[place : place + 2]
        kinds = _kinds(pair)
        # Of a count between two amounts, one above and one below, the usual one is its own.
        later = parts[place + 1 : place + 3]
        waits = settled and kinds != usual and _kinds(later) == usual and _agree(later)
        if kinds in styles and not waits and ((settled and kinds == usual) or _agree(pair)):
            found += _as_one(*pair)
            place += 2
        else:
            found.append(parts[place])
            place += 1
    return found


def _kinds(parts: Sequence[_Part]) -> tuple[_Kind, ...]:
    return tuple(part.kind for part in parts)


def _agreeing(parts: Sequence[_Part], style: tuple[_Kind, _Kind]) -> int:
    pairs = itertools.pairwise(parts)
    return sum(_kinds(pair) == style and _agree(pair) for pair in pairs)


def _agree(pair: Sequence[_Part]) -> bool:
    """Whether the count gives the amount of the other row."""
    count = next((part.tail for part in pair if part.kind is _Kind.COUNT), None)
    amount = next((part.amount for part in pair if part.amount is not None), None)
    return count is not None and amount is not None and _fits(count, amount, pair) is not None


def _fits(count: Tail, amount: Amount, pair: Sequence[_Part]) -> int | None:
    """Where the amount begins that the count gives: thousands in front may be the name's."""
    if count.amount == abs(amount.value):
        return amount.start
    text = next(part.row.text for part in pair if part.amount is amount)
    hit = _LAST_PIECE.search(text[amount.start : amount.end])
    if hit and money(hit[0]) == count.amount:
        return amount.start + hit.start()
    return None


def _as_one(first: _Part, second: _Part) -> list[_Part]:
    """The name, if one of them has it, and the row of all figures."""
    count, other = (first, second) if first.kind is _Kind.COUNT else (second, first)
    assert other.amount is not None
    assert count.tail is not None
    fitting = _fits(count.tail, other.amount, (other,))
    start = other.amount.start if fitting is None else fitting
    own = other.row.words_between(start, len(other.row.text))
    words = tuple(word for word in count.row.words if word not in own) + own
    figures = Row(words, max(count.row.height, other.row.height))
    found = [_Part(figures, _Kind.FIGURES, tail_of(figures))]
    name = tuple(word for word in other.row.words_between(0, start) if word not in own)
    if name:
        found.insert(0, _Part(Row(name, other.row.height), _Kind.NAME))
    return found


def _names_first(parts: list[_Part]) -> list[_Part]:
    """Names that stand under their figures are put over them; others stay.

    So a till prints that begins with figures and ends with a name. A slip whose figures end the
    list has its names above.
    """
    told = [part.kind for part in parts if part.kind in (_Kind.NAME, _Kind.FIGURES)]
    if not told or (told[0], told[-1]) != (_Kind.FIGURES, _Kind.NAME):
        return parts
    found: list[_Part] = []
    held: _Part | None = None
    for part in parts:
        if held is not None and part.kind is not _Kind.NAME:
            found.append(held)
            held = None
        if part.kind is _Kind.FIGURES:
            held = part
        else:
            found.append(part)
    return found + ([held] if held is not None else [])


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)
