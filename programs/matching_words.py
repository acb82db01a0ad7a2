"""What a line of the electrical trade says: words, and marks of a kind that must agree. Pure.

`Wył.` and `Wyłącznik` are words, so they may be shortened; `B16` is a mark and may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from programs.matching_lexicon import COLOURS, parted, stem, usual
from programs.matching_marks import (
    MEASURED,
    PATTERNS,
    Mark,
    fold,
    opened,
    plain_number,
    spelled,
)

__all__ = ["Mark", "Said", "fold", "fold_code", "numbers_of", "plain_number", "stem", "take_apart"]


@dataclass(frozen=True, slots=True)
class Said:
    """One text, taken apart.

    `words` are stems in their order, `shortened` those that ended with a dot; `marks` are
    (kind, value); `numbers` have no kind; `codes` mix letters and digits in an unknown way;
    `compounds` are words that the text joins into one, as in `RTV-SAT`; `with_` are the words after
    `z`: what a thing has that others have not; `bare` are the marks that a number alone may mean;
    `use` tells that it is for another thing, as in `uchwyt do ramki`; `colours` are stems of usual
    names.
    """

    words: tuple[str, ...]
    shortened: frozenset[str]
    marks: frozenset[Mark]
    numbers: frozenset[str]
    codes: frozenset[str]
    compounds: tuple[tuple[str, ...], ...] = ()
    with_: frozenset[str] = frozenset()
    bare: frozenset[tuple[str, Mark]] = frozenset()
    use: bool = False
    colours: frozenset[str] = frozenset()


def fold_code(text: str) -> str:
    """A code without case, blanks and punctuation."""
    return re.sub(r"[^A-Z0-9]", "", fold(text))


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numbers_of(text: str) -> frozenset[str]:
    """Every number in a text, comma as point, without trailing zeros."""
    return frozenset(plain_number(n) for n in _NUMBER.findall(fold(text)))


# Words that say nothing of the product.
_EMPTY = frozenset(
    re.split(
        " ",
        "Z ZE DO W NA I ORAZ DLA SZT OP OPAK KPL NR KAT PROMO PROMOCJA NOWOSC NOWY TOWAR INDEKS "
        "SYMBOL KOD EAN ART ELEKTR ELEKTRYCZNY KRAZEK ROLKA ZWOJ MB VAT PKWIU PL TYP MODEL SERIA "
        "KOLOR KOL MIT WITH UND AND THE",
    )
)
_TIMES = {
    "POJEDYNCZY": "1",
    "PODWOJNY": "2",
    "POTROJNY": "3",
    "POCZWORNY": "4",
    "PIECIOKROTNY": "5",
    "SZESCIOKROTNY": "6",
}
_TIMES_OF_STEM = {stem(word): times for word, times in _TIMES.items()}


def _misspelled_times(word: str) -> str | None:
    """How many times, of a word that is nearly one of those; as marks no index has them."""
    if len(word) < 6:
        return None
    near = process.extractOne(word, list(_TIMES), scorer=fuzz.ratio, score_cutoff=78)
    return _TIMES[near[0]] if near else None


_WITH = re.compile(r"\bZE? ([A-Z]{4,})\b")
# A seller's own: `E-7781`.
_INDEX = re.compile(r"\b[A-Z]{1,3}-\d{4,}\b")
_USE = re.compile(r"\b(?:DO|DLA)\b")
_JOINED = re.compile(r"\b[A-Z]{2,}(?:[-/][A-Z]{2,})+\b")
_CHUNK = re.compile(r"[A-Z0-9]+(?:\.\d+)?\.?")


@lru_cache(maxsize=65_536)
def take_apart(text: str) -> Said:
    """What a text says, for comparing. Any text will do; an empty one says nothing."""
    rest = opened(text)
    compounds = tuple(
        tuple(sorted(stem(part) for part in re.split(r"[-/]", hit)))
        for hit in _JOINED.findall(rest)
    )
    rest = spelled(rest)
    use = _USE.search(rest) is not None
    with_ = frozenset(stem(word) for word in _WITH.findall(rest))
    marks: set[Mark] = set()
    bare: set[tuple[str, Mark]] = set()
    for pattern, found in PATTERNS:
        for hit in pattern.finditer(rest):
            new = found(hit)
            marks.update(new)
            if found in MEASURED:
                bare.update(
                    (plain_number(n), mark) for n in _NUMBER.findall(hit[0]) for mark in new
                )
        rest = pattern.sub(" ", rest)
    bare.update((side, mark) for mark in marks if (side := _same_sides(mark)))
    words: list[str] = []
    shortened: set[str] = set()
    numbers: set[str] = set()
    codes = {code.replace("-", "") for code in _INDEX.findall(rest)}
    for chunk in _CHUNK.findall(_INDEX.sub(" ", rest)):
        last = chunk.rstrip(".")
        if last.replace(".", "").isdigit():
            numbers.add(plain_number(last))
        elif any(c.isdigit() for c in last):
            codes.add(last)
        elif times := _misspelled_times(last):
            marks.add(("TIMES", times))
        elif last not in _EMPTY and (len(last) > 1 or chunk.endswith(".")):
            for word in parted(last) or (last,):
                root = stem(word)
                if times := _TIMES_OF_STEM.get(usual(root)):
                    marks.add(("TIMES", times))
                elif root not in words:
                    words.append(root)
                if chunk.endswith("."):
                    shortened.add(root)
    degrees = {mark for mark in marks if mark[0] == "ST"}  # `90 st.`, but `200 St.` in German too.
    return Said(
        tuple(words),
        frozenset(shortened),
        frozenset(marks - degrees),
        frozenset(numbers | {value for _, value in degrees}),
        frozenset(codes),
        compounds,
        with_ & frozenset(words),
        frozenset(bare),
        use,
        COLOURS.intersection(map(usual, words)),
    )


def _same_sides(mark: Mark) -> str | None:
    """`16` for an elbow of 16x16, whose sides are all the same, `1.5` for a wire of 1x1.5."""
    if mark[0] != "DIM":
        return None
    sides = mark[1].split("X")
    if len(sides) == 2 and sides[0] == "1":
        return sides[1]
    return sides[0] if len(set(sides)) == 1 else None
