"""Names of items as the till meant them: without codes and letters that stand in front of all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Protocol

from ocr.receipt_entries import Item, Items
from ocr.receipt_tail import UNIT
from ocr.receipt_text import folded

MOST = 0.75  # of the items begin alike: then it is a column, not a part of the name
FEWEST = 2
_TELLING_NAME = 5  # letters and figures: less stands in any label
_CODE = re.compile(r"(\d{4,8}) (?=\S*[^\W\d_]{2})")
_PLAIN_CODE = re.compile(
    r"((?:[A-Z]{2,4}\d{2,6}|\d{1,3}(?: \d{3}){1,3}|\d{3,8})[A-Z]?) (?=\S*[^\W\d_]{2})"
)
_BRACKETED = re.compile(
    r"(?:[\[(]\W?([A-Z]{0,3}\d{3,13})\W?[\])] ?|"
    r"(?:SKU|KOD|INDEKS|IND|ART|PLU|NR ART)[.:]{0,2} (\d{4,13})  ?)(?=\S*[^\W\d_])",
    re.IGNORECASE,
)
_CODE_BEHIND = re.compile(r"\s?[\[(]([A-Z]{0,3}\d{4,13})[\])]$")
_UNIT_BEHIND = re.compile(rf"(?:\s?\[|; ?|\s/)({UNIT})\.?[\]/]?$")  # `Kabel YDYp [mb]`
_LEADERS = re.compile(r"\.{3,}$")
_FEWEST_COUNTED = 3  # names with numbers that are their places
_POINTED = re.compile(r"(?:\d{1,3}[.)]|0\d{1,2}) \S")
_NUMBERED = re.compile(r"(\d{1,3})[.)]? (?=\S*[^\W\d_])")
_LETTER = re.compile(r"([A-G])[ _](?=\S)")
# A round letter of the till's font between or before other letters of a word without figures.
_ZERO = re.compile(
    r"(?<![\d.,])(?:(?<=[^\W\d_])0(?=[^\W\d_])|\b0(?=[^\W\d_]{3})|(?<=[^\W\d_]{3})0\b)"
)


def settle_names(items: Sequence[Item]) -> None:
    """Takes an article number or the VAT letter off all names, where they stand in front of most.

    The number becomes the item's article number; a zero inside of a word becomes the letter.
    """
    for item in items:
        item.name = _ZERO.sub(_round, item.name)
        if (hit := _BRACKETED.match(item.name)) is not None:
            item.article = item.article or hit[1] or hit[2]
            item.name = item.name[hit.end() :]
        if (hit := _UNIT_BEHIND.search(item.name)) is not None and item.tail.unit in ("", hit[1]):
            item.tail = replace(item.tail, unit=hit[1])
            item.name = item.name[: hit.start()]
        item.name = _LEADERS.sub("", item.name)
    behind = [_CODE_BEHIND.search(item.name) for item in items]
    if items and (all(behind) or _most(items, [hit is not None for hit in behind])):
        for item, hit in zip(items, behind, strict=True):
            if hit is not None:
                item.article = item.article or hit[1]
                item.name = item.name[: hit.start()]
    _without_numbers(items)
    if _most(items, [_CODE.match(item.name) is not None for item in items]):
        for item in items:
            if (hit := _CODE.match(item.name)) is not None:
                item.article = item.article or hit[1]
                item.name = item.name[hit.end() :]
    known = {letter for item in items if item.sure_letter for letter in item.letters}
    leading = [_leading_letter(item, known) for item in items]
    if _most(items, [bool(letter) for letter in leading]) or (len(items) == 1 and all(leading)):
        for item, letter in zip(items, leading, strict=True):
            if letter:
                item.name = item.name[2:]
                item.letters = (letter,)


def _without_numbers(items: Sequence[Item]) -> None:
    """Takes the count of items off their names: `1. `, `2. ` and on; a cancelled one is missing."""
    hits = [_NUMBERED.match(item.name) for item in items]
    numbers = [int(hit[1]) if hit else 0 for hit in hits]
    pointed = all(_POINTED.match(item.name) for item in items)
    if pointed and items:
        counted = all(b > a for a, b in itertools.pairwise([0, *numbers]))
    else:
        # In a photo the first column may be cut off from some.
        told = [number == place for place, number in enumerate(numbers, start=1) if number]
        counted = len(told) >= min(max(FEWEST, len(items)), _FEWEST_COUNTED) and all(told)
    if counted:
        for item, hit in zip(items, hits, strict=True):
            item.name = item.name[hit.end() if hit else 0 :]


def settle_cuts(found: Items) -> None:
    """Gives a discount to the item that it names: `RABAT CEMENT 25KG` under all items."""
    for cut in found.cuts:
        label = _bare(cut.label)
        named = [
            place
            for place, item in enumerate(found.items)
            if len(bare := _bare(item.name)) >= _TELLING_NAME and bare in label
        ]
        if named and cut.item not in named:
            cut.item = named[-1]


def _bare(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


class Coded(Protocol):
    """An item that may have its article number in front of its name."""

    name: str
    article: str | None


def take_codes(items: Sequence[Coded]) -> None:
    """Makes a code in front of most names the article number: `CEM25 Cement 25kg`."""
    if not _most(items, [_PLAIN_CODE.match(item.name) is not None for item in items]):
        return
    for item in items:
        if (hit := _PLAIN_CODE.match(item.name)) is not None:
            item.article = item.article or hit[1]
            item.name = item.name[hit.end() :]


def _most(items: Sequence[object], alike: Sequence[bool]) -> bool:
    return len(items) >= FEWEST and sum(alike) >= MOST * len(items)


def _leading_letter(item: Item, known: Set[str]) -> str:
    """The VAT letter in front of a name: the one behind its amount or, where none was read there,
    one of the others'; else nothing.
    """
    hit = _LETTER.match(item.name)
    if hit is None:
        return ""
    doubtful = not item.sure_letter and hit[1] in known
    return hit[1] if doubtful or hit[1] in item.letters else ""


def _round(hit: re.Match[str]) -> str:
    near = hit.string[max(0, hit.start() - 1) : hit.end() + 1].replace("0", "")
    return "o" if near.islower() else "O"
