"""What one heading of a table means, from the words that it is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz

from ocr.composed import composed
from ocr.labels import Lexicon, squeeze
from ocr.numbers import currency
from ocr.rows import Token

_BRACKETS = re.compile(r"\s*[\[(][^\])]*[\])]\s*")
_CURRENCY = re.compile(r"[^\W\d]{2,4}\.?|\W")
_MAX_BRACKETED = 60  # letters of a heading that may name a currency in brackets
_MOST_WORDS = 7  # a heading that is put together from words is not longer
_MOST_KNOWN = 50_000  # word groups kept
_LIKE_A_BAR = "1il"
_HALF_ALIKE = 50  # per cent: enough where the other half of a heading is known
_HALF_LETTERS = 6  # longer words are known by their likeness alone, and might be two headings


def ordered(atoms: Sequence[Sequence[tuple[Token, int]]]) -> list[Token]:
    placed = [pair for atom in atoms for pair in atom]
    return [t for t, _ in sorted(placed, key=lambda p: (p[1], p[0].x0))]


def meaning_of(
    atoms: Sequence[Sequence[tuple[Token, int]]], lexicon: Lexicon, fuzzy: bool
) -> tuple[str, float]:
    """As `_understood`, which the same words ask again in every band of rows that is tried."""
    placed = sorted((p for atom in atoms for p in atom), key=lambda p: (p[1], p[0].x0))
    top = placed[0][1]
    words = (fuzzy, *((line - top, token.text) for token, line in placed))
    known = lexicon.known_headings
    found = known.get(words)
    if found is None:
        if len(known) > _MOST_KNOWN:
            known.clear()
        found = known[words] = _understood(atoms, lexicon, fuzzy)
    return found


def _understood(
    atoms: Sequence[Sequence[tuple[Token, int]]], lexicon: Lexicon, fuzzy: bool
) -> tuple[str, float]:
    """What a heading made of these parts means and what that reading is worth, in letters."""
    tokens = ordered(atoms)
    keys = [key for t in tokens if (key := t.key)]
    key = "".join(keys)
    if not key:
        return "", -0.1
    if meaning := lexicon.exact.get(key):
        return meaning, len(key) - 0.3
    if len(key) <= _MAX_BRACKETED:
        text = " ".join(t.text for t in tokens)
        bare = squeeze(_without_currency(text))
        if bare and bare != key and (meaning := lexicon.exact.get(bare)):
            return meaning, len(key) - 0.5  # the currency's letters are known as well
        plain = squeeze(_without_currency(_BRACKETS.sub(" ", text)))
        if plain and plain != key and (meaning := lexicon.exact.get(plain)):
            return meaning, len(plain) - 0.3
    if len(key) <= _MAX_BRACKETED and (meaning := _stacked(atoms, lexicon, fuzzy)):
        return meaning, len(key) - 1.0
    if meaning := lexicon.find(key, fuzzy=fuzzy):
        return meaning, 0.85 * len(key)
    for bare in (key.rstrip(_LIKE_A_BAR), key.lstrip(_LIKE_A_BAR)):
        if fuzzy and bare != key and (meaning := lexicon.exact.get(bare)):
            return meaning, len(bare) - 0.8  # the bar of a table drawn with signs: `Lp|` as `Lpl`
    if len(keys) <= _MOST_WORDS and (meaning := composed(keys)):
        return meaning, 0.8 * len(key)
    for count in range(min(len(keys) - 1, 10), 0, -1):
        head = "".join(keys[:count])
        meaning = lexicon.exact.get(head) if len(head) >= 3 else None
        if meaning:
            return meaning, len(head) - 0.4 * (len(key) - len(head)) - 0.5
    return "", -0.5 - 0.35 * len(key)


def _stacked(atoms: Sequence[Sequence[tuple[Token, int]]], lexicon: Lexicon, fuzzy: bool) -> str:
    """The meaning of a label over another (`name+code`), or said twice, as in two languages."""
    lines: dict[int, list[str]] = {}
    for token, line in sorted((p for a in atoms for p in a), key=lambda p: (p[1], p[0].x0)):
        lines.setdefault(line, []).append("/" if token.text == "/" else token.key)
    if len(lines) == 1:
        words = next(iter(lines.values()))
        if "/" not in words[1:-1]:
            return ""
        parts = [list(group) for stroke, group in groupby(words, "/".__eq__) if not stroke]
    else:
        parts = []
        rows = list(lines.values())
        for cut in range(1, len(rows)):
            upper = [w for row in rows[:cut] for w in row]
            lower = [w for row in rows[cut:] for w in row]
            if all(lexicon.find(_bare(part), fuzzy=fuzzy) for part in (upper, lower)):
                parts = [upper, lower]
                break
        if fuzzy and len(rows) == 2 and not parts:
            return _half_misread(_bare(rows[0]), _bare(rows[1]), lexicon)
    meanings = [lexicon.find(_bare(part), fuzzy=fuzzy) or "" for part in parts]
    if len(meanings) < 2 or not all(meanings):
        return ""
    first, *others = meanings
    if len(lines) == 1 and first == "code" and others == ["name"]:
        return "name+over"
    if len(lines) == 1 and first == "name" and {"code", "gtin"} & set(others):
        return "name+under"
    if len(meanings) > 2 and len(set(meanings)) > 1 and first != "name":
        return ""
    return first if first == others[0] or len(lines) == 1 else f"{first}+{others[0]}"


def _half_misread(upper: str, lower: str, lexicon: Lexicon) -> str:
    """The meaning of a heading in two languages of which an engine could read one: `llos<`, `Qty`.

    The other half must look like a label of the same meaning.
    """
    for known, other in ((upper, lower), (lower, upper)):
        meaning = lexicon.exact.get(known, "")
        if not meaning or not 0 < len(other) <= _HALF_LETTERS:
            continue
        same = (k for k, m in lexicon.exact.items() if m == meaning)
        alike = (k for k in same if abs(len(k) - len(other)) <= 2)
        if any(fuzz.ratio(other, key) >= _HALF_ALIKE for key in alike):
            return meaning
    return ""


def _bare(words: Sequence[str]) -> str:
    return "".join(words).replace("/", "")


def _without_currency(text: str) -> str:
    """The heading without currencies: `Wartość netto PLN` → `Wartość netto`."""
    return " ".join(w for w in text.split() if not _is_currency(w))


@lru_cache(maxsize=4096)
def _is_currency(word: str) -> bool:
    return _CURRENCY.fullmatch(word) is not None and currency(word) is not None
