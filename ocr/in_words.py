"""Polish amounts in words to numbers: `dwieście czterdzieści sześć złotych 00/100`."""

from __future__ import annotations

import re
from decimal import Decimal

from rapidfuzz import fuzz, process

from ocr.labels import sections, squeeze

_WORDS = sections("numerals")
_NUMERALS: dict[str, int] = {}
for _name, _first, _step in (("ones", 0, 1), ("tens", 20, 10), ("hundreds", 100, 100)):
    for _place, _word in enumerate(_WORDS[_name]):
        _NUMERALS[squeeze(_word)] = _first + _step * _place
_NUMERALS |= {"jedna": 1, "dwie": 2, "jednego": 1}
_SCALES = {
    "tysiac": 1000,
    "tysiace": 1000,
    "tysiecy": 1000,
    "tys": 1000,
    "milion": 1_000_000,
    "miliony": 1_000_000,
    "milionow": 1_000_000,
    "mln": 1_000_000,
}
_GROSZE = re.compile(r"(?<!\d)(\d{1,2})\s*/\s*100")
_MONEY = frozenset({"zloty", "zlote", "zlotych", "zl", "pln", "polskich", "eur", "euro", "usd"})
_CENTS = frozenset({"grosz", "grosze", "groszy", "gr"})


def amount_in_words(text: str) -> Decimal | None:
    """The amount that the words spell, with its `n/100` or spelled grosze; None where unsure."""
    fraction = _GROSZE.search(text)
    words = [w for w in re.split(r"[\s,.;:()*/-]+", _GROSZE.sub(" ", text)) if w]
    total = group = 0
    seen = False
    whole: int | None = None
    strange = False
    for word in words:
        key = squeeze(word)
        if key in _MONEY:
            if whole is None and seen:
                whole, total, group, seen = total + group, 0, 0, False
            continue
        if key in _CENTS:
            if whole is None or not seen or total + group > 99:
                return None
            return Decimal(whole) + Decimal(total + group) / 100
        scale, value = _scale(key), _numeral(key)
        if scale is None and value is None:
            if whole is None and _looks_numeral(key):
                return None  # a numeral that was misread: what is left spells another amount
            strange = strange or (seen and whole is None and len(key) > 4)
            continue
        if strange:
            return None  # a word between numerals that is none: perhaps a misread one
        if scale is not None:
            total += (group or 1) * scale
            group = 0
        else:
            group += value or 0
        seen = True
    if whole is None:
        if not seen:
            return None
        whole = total + group
    elif seen and fraction is None:
        return None  # numerals behind the currency that are no grosze: not understood
    return Decimal(whole) + (Decimal(int(fraction[1])) / 100 if fraction else 0)


def _scale(key: str) -> int | None:
    if key in _SCALES:
        return _SCALES[key]
    best = process.extractOne(key, _SCALES.keys(), scorer=fuzz.ratio, score_cutoff=84)
    return _SCALES[best[0]] if best and len(key) > 5 else None


def _looks_numeral(key: str) -> bool:
    """Words of an invoice that are none stay below 60."""
    known = (*_NUMERALS, *_SCALES)
    found = process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=70)
    return len(key) > 4 and found is not None


def _numeral(key: str) -> int | None:
    if key in _NUMERALS:
        return _NUMERALS[key]
    if len(key) < 5:
        return None
    best = process.extractOne(key, _NUMERALS.keys(), scorer=fuzz.ratio, score_cutoff=88)
    if best:
        return _NUMERALS[best[0]]
    # Words written together: `dwieścieczterdzieści`.
    for head in sorted(_NUMERALS, key=len, reverse=True):
        if key.startswith(head) and len(key) > len(head) + 2:
            rest = _numeral(key[len(head) :])
            if rest is not None and rest < _NUMERALS[head]:
                return _NUMERALS[head] + rest
    return None
