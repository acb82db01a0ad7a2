"""Tells which rows of one seller's documents name the same goods, and puts them together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from ocr.reading import Line

ALIKE = 64  # different goods under one mark, among which a row's own are still looked for
_MISPRINT = 92  # one letter of a dozen


@dataclass(slots=True)
class Group:
    first: Line
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    @property
    def members(self) -> list[int]:
        return sorted(self.before + self.after)


def same_product(one: Line, other: Line) -> bool:
    """Whether two rows of one seller name the same goods: by GTIN, else its index, else by name.

    A misprint in the name is forgiven to rows that carry the same row number, as long as every
    word with a digit and every short mark stays: B16 is not C16.
    """
    for first, second in ((one.gtin, other.gtin), (one.article_no, other.article_no)):
        if first is not None and second is not None:
            return _folded(first.value) == _folded(second.value)
    name, other_name = name_key(one), name_key(other)
    if not name or not other_name:
        return False
    if name == other_name or row_key(one) == "" or row_key(one) != row_key(other):
        return name == other_name
    return _marks(one) == _marks(other) and fuzz.ratio(name, other_name) >= _MISPRINT


def grouped(rows: Sequence[Line]) -> list[Group]:
    """Rows of the same goods together, in document order; linear, since 10,000 rows are legal.

    Goods that agree in one mark and differ in a stronger one are few on an honest document; past
    `ALIKE` of them the last are looked at, and `tangled` says so.
    """
    groups: list[Group] = []
    known: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        keys = product_keys(row)
        candidates = sorted({number for key in keys for number in known[key][-ALIKE:]})
        for number in candidates:
            if same_product(groups[number].first, row):
                group = groups[number]
                break
        else:
            group = Group(row)
            for key in keys:
                known[key].append(len(groups))
            groups.append(group)
        (group.before if row.before else group.after).append(index)
    return groups


def tangled(groups: Sequence[Group]) -> bool:
    """Whether so many different goods share a mark that rows may have missed their group."""
    if len(groups) <= ALIKE:
        return False
    sharing = Counter(key for group in groups for key in product_keys(group.first))
    return any(count > ALIKE for count in sharing.values())


def product_keys(row: Line) -> list[tuple[str, str]]:
    """Under what rows of the same goods can meet."""
    keys = [("name", name_key(row))]
    if number := row_key(row):  # only rows with the same marks can be a misprint of each other
        keys.append(("row", " ".join([number, *_marks(row)])))
    keys += [("gtin", _folded(row.gtin.value))] if row.gtin else []
    keys += [("index", _folded(row.article_no.value))] if row.article_no else []
    return [key for key in keys if key[1]]


def row_key(row: Line) -> str:
    return row.row_id or row.printed_number


def unit_key(row: Line) -> str:
    return re.sub(r"[\s.]", "", row.unit.value).casefold() if row.unit else ""


def name_key(row: Line) -> str:
    return _folded(row.description.value) if row.description else ""


def _marks(row: Line) -> list[str]:
    words = [_folded(w) for w in row.description.value.split()] if row.description else []
    return sorted(w for w in words if len(w) <= 3 or any(c.isdigit() for c in w))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    # Points and commas stay: 1,5 and 15 are different cables.
    return re.sub(r"[^\w.,/+-]", "", "".join(c for c in plain if not unicodedata.combining(c)))
