"""A catalogue prepared once, so that a line is compared with few of its products. Pure.

Every word, mark, number and code of the products' names is a feature with a weight (rare ones
weigh more) and a list of the products that have it. A line's words are looked up among the
features: as they are, shortened, or with a slip of the pen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from rapidfuzz import fuzz, process

from programs.matching_lexicon import usual
from programs.matching_words import Said, fold_code, stem, take_apart

# ("word", "RAMK") or ("POLES", "3") or ("number", "180") or ("code", "RJ45")
Feature = tuple[str, str]
# A brand that most names of a catalogue carry tells products of the programme from foreign ones.
_BRAND_SHARE = 0.6
_NAMED_SHARE = 0.2
_MOST_REMEMBERED = 50_000
_MOST_MEANINGS = 12
NEAREST = 48
_VOWELS = frozenset("AEIOUY")
# `metal` for `metalowy`: what makes an adjective of a noun, after `stem`.
_ADJECTIVES = frozenset({"OW", "N", "AN", "ICZN", "SK", "ENN"})
# Letters that a reader takes for others.
_SLIPS = (("VV", "W"), ("RN", "M"), ("CL", "D"), ("M", "RN"), ("Q", "A"), ("I", "L"), ("L", "T"))


@dataclass(frozen=True, slots=True)
class NamedProduct:
    product_id: UUID
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A product with its name taken apart."""

    product: NamedProduct
    features: frozenset[int]
    words: frozenset[int]
    said: Said
    heads: tuple[int, ...]  # What kind of thing it is: any of these features says it.
    total: float
    named: tuple[int, ...] = ()  # The features of its words, in their order.


class ProductIndex:
    """Built once for a catalogue's products; every look-up afterwards is cheap.

    A frozen catalogue may be shared by threads: the only thing that changes is a memory of words,
    and writing the same entry twice is harmless.
    """

    def __init__(self, products: Sequence[NamedProduct], brands: Iterable[str] = ()) -> None:
        self.ids: dict[Feature, int] = {}
        said = [take_apart(product.name) for product in products]
        rows = [sorted({self._number(f) for f in features_of(text)}) for text in said]
        counts = np.zeros(len(self.ids))
        for row in rows:
            counts[row] += 1
        self.weights = np.log1p(len(products) / np.maximum(counts, 1)) + 0.05
        self.brands = self._brands(brands, counts, len(products))
        self.products = [
            Prepared(
                product,
                frozenset(row),
                frozenset(self.ids["word", w] for w in text.words),
                text,
                tuple(self.ids["word", w] for w in self._kinds(product.name, text)),
                float(self.weights[row].sum()),
                tuple(self.ids["word", w] for w in text.words),
            )
            for product, text, row in zip(products, said, rows, strict=True)
        ]
        self.totals = np.array([max(p.total, 0.1) for p in self.products])
        lists: list[list[int]] = [[] for _ in self.ids]
        for at, row in enumerate(rows):
            for feature in row:
                lists[feature].append(at)
        self.postings = [np.array(found, dtype=np.int32) for found in lists]
        # What a number alone may stand for: `280` for 280 ml, `16` for 16x16.
        self.by_number: dict[str, frozenset[int]] = {}
        for text in said:
            for number, mark in text.bare:
                known = self.by_number.get(number, frozenset())
                self.by_number[number] = known | {self.ids[mark]}
        self.heads = _heads(self.products)
        self.words = sorted(value for kind, value in self.ids if kind == "word")
        self.usual: dict[str, list[str]] = {}
        for word in self.words:
            self.usual.setdefault(usual(word), []).append(word)
        self.brand_words = [value for (_, value), n in self.ids.items() if n in self.brands]
        self.series = self._series()
        self.by_sku = _by_code(fold_code, self.products)
        self.by_skeleton = _by_code(skeleton, self.products)
        self._remembered: dict[tuple[str, bool], tuple[tuple[int, float], ...]] = {}

    def _number(self, feature: Feature) -> int:
        return self.ids.setdefault(feature, len(self.ids))

    def _brands(self, given: Iterable[str], counts: np.ndarray, products: int) -> frozenset[int]:
        named = {("word", word) for text in given for word in take_apart(text).words}
        # `Polska` of the firm's name may stand in a few names and is no brand.
        found = {
            self.ids[word]
            for word in named
            if word in self.ids and counts[self.ids[word]] >= _NAMED_SHARE * products
        }
        if not found and products >= 20:
            found = {
                number
                for (kind, _), number in self.ids.items()
                if kind == "word" and counts[number] >= _BRAND_SHARE * products
            }
        return frozenset(found)

    def _kinds(self, name: str, said: Said) -> list[str]:
        """The word of a name that says what kind of thing it is: `gniazdo`.

        The first one. When that is the brand, the series may come before the thing: then the next
        one, or the first that is written small, as in `Voltex Nova gniazdo`.
        """
        if not said.words or self.ids["word", said.words[0]] not in self.brands:
            return list(said.words[:1])
        own = [w for w in said.words if self.ids["word", w] not in self.brands]
        small = {stem(fold_code(word)) for word in _SMALL.findall(name)}
        return own[:1] + [w for w in own[1:] if w in small][:1]

    def _series(self) -> frozenset[int]:
        """Words that a maker writes large within a name: `Nova`, `MCB`. Brands are none of them."""
        written: set[str] = set()
        for prepared in self.products:
            name = prepared.product.name
            if name.upper() != name:
                written.update(stem(fold_code(word)) for word in _LARGE.findall(name))
        found = {n for w in written if (n := self.ids.get(("word", w))) is not None}
        return frozenset(found - self.brands)

    def nearest(self, likenesses: dict[int, float]) -> list[Prepared]:
        """The products that share most of the line's weight, best first, at most `NEAREST`."""
        shared = np.zeros(len(self.products))
        for feature, likeness in likenesses.items():
            shared[self.postings[feature]] += self.weights[feature] * likeness
        # A long name is no worse for what the line leaves out than a short one: half each way.
        rank = shared * (1 + shared / self.totals) if len(shared) else shared
        if len(rank) > NEAREST:
            places = np.argpartition(-rank, NEAREST)[:NEAREST]
        else:
            places = np.arange(len(rank))
        places = places[np.lexsort((places, -rank[places]))]
        return [self.products[at] for at in places if rank[at] > 0]

    def meanings(self, word: str, shortened: bool) -> tuple[tuple[int, float], ...]:
        """Which features a word of a line stands for, and how likely: 1 is the word itself."""
        key = (word, shortened)
        known = self._remembered.get(key)
        if known is None:
            known = tuple((self.ids["word", w], likeness) for w, likeness in self._read(*key))
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[key] = known
        return known

    def _read(self, word: str, shortened: bool) -> list[tuple[str, float]]:
        if ("word", word) in self.ids:
            longer = self._begun(word) if len(word) >= 5 else []
            return [(word, 1.0), *((w, 0.9) for w in longer if w[len(word) :] in _ADJECTIVES)]
        if same := self.usual.get(usual(word)):
            return [(w, 0.98) for w in same]
        for wrong, right in _SLIPS:
            if wrong in word and ("word", (mended := stem(word.replace(wrong, right)))) in self.ids:
                return [(mended, 0.95)]
        # `GN` without a dot is a shortening too: no word has no vowel.
        bare = shortened or not _VOWELS & set(word)
        begun = self._begun(word) if len(word) >= (2 if bare else 3) else []
        if begun:
            likeness = 0.95 if len(begun) == 1 else 0.9
            return [(w, likeness) for w in begun[:_MOST_MEANINGS]]
        if len(word) >= 4:
            # `PODTYNKOWKA` for `PODTYNKOWA`: the whole known word, then something.
            inside = [w for w in self._beginnings(word) if len(w) >= 5]
            if inside:
                return [(inside[-1], 0.9)]
        if len(word) >= 8:
            halves = self._halves(word)
            if halves:
                return [(half, 0.9) for half in halves]
        if len(word) >= 5:
            near = process.extract(
                word, self.words, scorer=fuzz.ratio, score_cutoff=78, limit=_MOST_MEANINGS
            )
            near = [hit for hit in near if abs(len(hit[0]) - len(word)) <= 2]
            if near:
                best = near[0][1]
                return [(hit[0], hit[1] / 100) for hit in near if hit[1] >= best - 6]
        if shortened or len(word) >= 4:
            skipped = [w for w in self._same_letter(word) if _skips(word, w)]
            if 0 < len(skipped) <= 3:
                return [(w, 0.85) for w in skipped]
        return []

    def _begun(self, word: str) -> list[str]:
        at = bisect_left(self.words, word)
        found = []
        while at < len(self.words) and self.words[at].startswith(word):
            found.append(self.words[at])
            at += 1
            if len(found) > 60:
                return []
        return found

    def _beginnings(self, word: str) -> list[str]:
        return [word[:n] for n in range(4, len(word)) if ("word", word[:n]) in self.ids]

    def _halves(self, word: str) -> tuple[str, str] | None:
        """Two known words whose blank was lost, as in `VOLTEXNOVA`."""
        for at in range(3, len(word) - 2):
            left, right = stem(word[:at]), stem(word[at:])
            if ("word", left) in self.ids and ("word", right) in self.ids:
                return left, right
        return None

    def _same_letter(self, word: str) -> list[str]:
        at = bisect_left(self.words, word[0])
        found = []
        while at < len(self.words) and self.words[at][0] == word[0]:
            found.append(self.words[at])
            at += 1
        return found


def features_of(said: Said) -> list[Feature]:
    return [
        *(("word", w) for w in said.words),
        *said.marks,
        *(("number", n) for n in said.numbers),
        *(("code", c) for c in said.codes),
    ]


_LARGE = re.compile(r"(?<=\s)[A-ZĄĆĘŁŃÓŚŹŻ]\w{2,}")
_SMALL = re.compile(r"\b[a-ząćęłńóśźż]{4,}\b")
_DESIGNATION = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Za-z]{3,5}\b")


def _heads(products: Sequence[Prepared]) -> dict[int, int]:
    """What kind of thing a type designation tells: `YDYp` is a cable, wherever it stands.

    Only one that a maker writes so (`YDYp`, `EVOH`), and that all its products have in common.
    """
    found: dict[int, set[int]] = {}
    for prepared in products:
        name = prepared.product.name
        if not prepared.heads or name.upper() == name:
            continue
        said = prepared.said.words
        of_word = dict(zip(said, prepared.named, strict=True))
        for word in _DESIGNATION.findall(name):
            root = stem(fold_code(word))
            if root in of_word:
                found.setdefault(of_word[root], set()).add(prepared.heads[0])
    return {word: heads.pop() for word, heads in found.items() if len(heads) == 1}


def _skips(short: str, word: str) -> bool:
    """Whether `short` is `word` with letters left out, as in `PDTYNK`."""
    letters = iter(word)
    return len(short) < len(word) and all(c in letters for c in short)


_LOOKALIKE = str.maketrans("OQDILSBZG", "000115826")


def skeleton(code: str) -> str:
    """A code with the letters that a reader takes for digits made one."""
    return looks(fold_code(code))


def looks(folded: str) -> str:
    """The same of a folded code."""
    return folded.translate(_LOOKALIKE)


def _by_code(shape: Callable[[str], str], products: Sequence[Prepared]) -> dict[str, Prepared]:
    """Products by their codes; a code that two products share names neither."""
    found: dict[str, Prepared] = {}
    twice = set()
    for prepared in products:
        code = shape(prepared.product.sku)
        if code in found:
            twice.add(code)
        found[code] = prepared
    return {code: prepared for code, prepared in found.items() if code not in twice}
