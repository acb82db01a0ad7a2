"""What is printed beside values on purchase documents, by meaning: our lexicon and its lookup.

The words stand in `lexicon/*.txt`: Polish, English, German and the common French and Dutch ones.
They are compared *squeezed*: case folded, without diacritics, blanks and punctuation, because
narrow columns break words anywhere and engines lose blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

_FOLDER = Path(__file__).parent / "lexicon"
_FOLD = str.maketrans({"ł": "l", "Ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_KEEP = re.compile(r"[^0-9a-z%#]+")
_START = 4  # letters by which most words are told to begin no label
_MIN_FUZZY = 5  # shorter labels are too near to other words


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Lower case letters, digits, % and # alone: `"Cena jedn. netto"` → `"cenajednnetto"`."""
    folded = unicodedata.normalize("NFKD", text.translate(_FOLD).casefold().translate(_FOLD))
    return _KEEP.sub("", folded)


def sections(name: str) -> dict[str, list[str]]:
    """The words of one lexicon file by `[meaning]`; `;` begins a comment line."""
    found: dict[str, list[str]] = {}
    meaning = ""
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith(";"):
            continue
        if line.startswith("["):
            meaning = line.strip("[] ")
            found.setdefault(meaning, [])
            continue
        found[meaning].extend(word.strip() for word in line.split("|"))
    return found


_KNOWN: set[str] = set()  # labels of any lexicon: such a word is not another one misread


class Lexicon:
    """Looks squeezed text up, exactly or, for text of an engine, with its small confusions."""

    def __init__(self, table: Mapping[str, list[str]]) -> None:
        self.exact: dict[str, str] = {}
        for meaning, words in table.items():
            for word in words:
                if key := squeeze(word):
                    self.exact.setdefault(key, meaning)  # of equal labels the first meaning stands
        _KNOWN.update(self.exact)
        self._index()

    def _index(self) -> None:
        self.longest = max(map(len, self.exact), default=0)
        self._by_length: dict[int, list[str]] = {}
        for key in self.exact:
            self._by_length.setdefault(len(key), []).append(key)
        self._starts = {key[:n] for key in self.exact for n in range(1, _START + 1)}
        self._near: dict[str, tuple[str, float] | None] = {}
        self.known_headings: dict[tuple[object, ...], tuple[str, float]] = {}  # by their words

    def with_labels(self, labels: Mapping[str, str]) -> Lexicon:
        """This lexicon and further squeezed labels, which win over its own."""
        if not labels:
            return self
        copy = Lexicon({})
        copy.exact = self.exact | dict(labels)
        copy._index()
        return copy

    def find(self, key: str, *, fuzzy: bool = False) -> str | None:
        """The meaning of a whole squeezed label, or None."""
        if (meaning := self.exact.get(key)) is not None:
            return meaning
        near = self._nearest(key) if fuzzy else None
        return self.exact[near[0]] if near else None

    def beginnings(self, keys: Sequence[str], *, fuzzy: bool = False) -> list[tuple[int, str, str]]:
        """Labels that the words begin with, best first: how many words, label, meaning.

        More letters are better; a label that only resembles the words counts less by what differs.
        """
        found: list[tuple[float, int, str, str]] = []
        key = ""
        for count, word in enumerate(keys, start=1):
            key += word
            if len(key) > self.longest + 2 or not (
                fuzzy or key[:_START] in self._starts or not key
            ):
                break
            if not word:
                continue
            if (meaning := self.exact.get(key)) is not None:
                found.append((len(key), count, key, meaning))
                if more := self._said_again(keys[count:]):
                    # A label that is listed as a whole (`Rachunek - Faktura`) comes before it.
                    found.append((len(key) + more[1] - 0.5, count + more[0], key, meaning))
            elif fuzzy and (near := self._nearest(key)):
                label, alike = near
                worth = len(label) * alike * alike - 2
                found.append((worth, count, label, self.exact[label]))
        found.sort(key=lambda f: (f[0], f[1]), reverse=True)
        return [(count, label, meaning) for _, count, label, meaning in found]

    def _said_again(self, keys: Sequence[str]) -> tuple[int, int] | None:
        """`/ Issue date` behind a label: how many words repeat it in another language, and letters.

        `keys` are the words behind the label; a stroke alone is squeezed to nothing.
        """
        if len(keys) < 2 or keys[0]:
            return None
        best: tuple[int, int] | None = None
        key = ""
        for count, word in enumerate(keys[1:], start=2):
            key += word
            if len(key) > self.longest or not word:
                break
            if key in self.exact:
                best = count, len(key)
        return best

    def _nearest(self, key: str) -> tuple[str, float] | None:
        if len(key) < _MIN_FUZZY or len(key) > self.longest + 2 or key in _KNOWN:
            return None
        if key not in self._near:
            slack = 1 if len(key) < 9 else 2
            lengths = range(len(key) - slack, len(key) + slack + 1)
            near = [k for n in lengths for k in self._by_length.get(n, ())]
            cutoff = 80 if len(key) < 7 else 84
            best = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=cutoff)
            self._near[key] = (best[0], best[1] / 100) if best else None
        return self._near[key]


COLUMN_LEXICON = Lexicon(sections("columns"))
FIELD_LEXICON = Lexicon(sections("fields"))
PARTY_LEXICON = Lexicon(sections("parties"))
TOTAL_LEXICON = Lexicon(sections("totals"))
KIND_LEXICON = Lexicon(sections("kinds"))

UNITS = frozenset(map(squeeze, sections("units")["unit"]))

_MARKS = {name: frozenset(map(squeeze, words)) for name, words in sections("marks").items()}
COPY_MARKS = _MARKS["copy"]
CARRIED = _MARKS["carried"]  # rows that carry a sum over a page
BEFORE, AFTER, DIFFERENCE = _MARKS["before"], _MARKS["after"], _MARKS["difference"]  # corrections
NOTE = _MARKS["note"]  # begins a row between items that names a delivery note or an order
REMARK = _MARKS["remark"]  # with a colon it begins a row about the document
LEGAL = _MARKS["legal"]  # words that the law demands, on a row of their own
ATTACHMENT = _MARKS["attachment"]  # behind it a KSeF print lists data that sells nothing
ITEM_SUM = _MARKS["item_sum"]  # rows that state an item's value again, after its discounts
NAME_LABELS, ADDRESS_LABELS = _MARKS["name"], _MARKS["address"]  # inside a party's block
