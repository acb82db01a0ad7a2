"""How like a line and the products' names are, and whether anything else could be meant. Pure.

A product is sure only when the line names its kind and the programme's brand, contradicts none of
its marks, leaves little unexplained, and says something that tells it from every other product.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from programs.matching_index import Prepared, ProductIndex
from programs.matching_lexicon import NEUTRAL
from programs.matching_words import Mark, Said, stem, take_apart

# Scores: a sure product lies above the usual threshold of 0.92, a doubtful one always below it.
SURE, DOUBT = 0.93, 0.88
LEAST = 0.40
# Packaging and lengths stand on lines for the sake of the trade, not of the product.
_PACKAGING = frozenset({"M", "SZT", "OP", "KPL", "KG", "G", "L", "LAT", "ST", "MM", "CM"})
_UNKNOWN_WORD, _OTHER_MARK, _OTHER_NUMBER, _OTHER_CODE = 2.0, 1.6, 0.6, 0.2
_EVIDENT = 0.72
# A word that may be the programme's brand, misread.
_LIKE_A_BRAND = 50
# What is half as like as the best is not what the line means.
_NO_RIVAL = 0.5
_LETTERS = str.maketrans("015", "OLS")


@dataclass(frozen=True, slots=True)
class Likeness:
    prepared: Prepared
    score: float
    sure: bool


def rank(text: str, index: ProductIndex) -> list[Likeness]:
    """The products a text may mean, best first; none that its numbers contradict."""
    said = _understood(text, index)
    heard = _look_up(said, index)
    if not heard.likenesses:
        return []
    found = []
    for prepared in index.nearest(heard.likenesses):
        if contradicts(said, prepared.said):
            continue
        covered, explained = _shares(said, prepared, heard, index)
        found.append((0.6 * covered + 0.4 * explained, covered, explained, prepared))
    found.sort(key=lambda row: (-row[0], str(row[3].product.product_id)))
    if not found:
        return []
    like, covered, explained, best = found[0]
    if _foreign(said, best, heard, index):
        return []
    rivals = [row[3] for row in found[1:] if row[0] >= _NO_RIVAL * like]
    sure = (
        covered >= 0.5
        and explained >= 0.8
        and not _strange(said, best, heard)
        and not _astray(said, best, heard, index)
        # `Drzwi do rozdzielnicy` are no box, `adapter do ramki` is no frame.
        and (best.said.use or not said.use)
        and (not index.brands or heard.tells(index.brands, frozenset()))
        and _head_is_told(best, heard, index)
        and all(_refuted(rival, best, heard, covered=covered) for rival in rivals)
    )
    score = SURE + 0.06 * like if sure else DOUBT * like
    return [
        Likeness(best, score, sure),
        *(Likeness(p, DOUBT * like, sure=False) for like, _, _, p in found[1:]),
    ]


def likeness_to(text: str, prepared: Prepared, index: ProductIndex) -> float:
    """How like the text is to one product's name, 0..1; 0 when the numbers contradict."""
    said = _understood(text, index)
    if contradicts(said, prepared.said):
        return 0.0
    return _shares(said, prepared, _look_up(said, index), index)[0]


def denies(text: str, prepared: Prepared) -> bool:
    """Whether a text, without its code, has a mark or a colour that the product has not."""
    return contradicts(replace(take_apart(text), numbers=frozenset()), prepared.said)


def names(text: str, prepared: Prepared, index: ProductIndex) -> bool:
    """Whether a text, without its code, says what kind of thing the product is and nothing else."""
    said = _understood(text, index)
    heard = _look_up(said, index)
    return (
        not contradicts(said, prepared.said)
        and not _strange(said, prepared, heard)
        and not _astray(replace(said, numbers=frozenset()), prepared, heard, index)
        and (prepared.said.use or not said.use)
        and any(heard.likenesses.get(head, 0) >= _EVIDENT for head in prepared.heads)
    )


def _understood(text: str, index: ProductIndex) -> Said:
    """What a text says, without the words of packing and custom that no product is called by."""
    said = take_apart(text)
    told = tuple(w for w in said.words if w not in NEUTRAL or ("word", w) in index.ids)
    return said if len(told) == len(said.words) else replace(said, words=told)


def _head_is_told(best: Prepared, heard: _Heard, index: ProductIndex) -> bool:
    """Whether the line says what kind of thing it is: by its name, or by a type designation."""
    if not best.heads or any(heard.likenesses.get(head, 0) >= 0.6 for head in best.heads):
        return True
    return any(
        index.heads.get(word) == best.heads[0] and heard.likenesses.get(word, 0) >= 0.9
        for word in best.named
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a line's words and marks stand for among the features of the catalogue."""

    likenesses: dict[int, float]
    meant: dict[str, frozenset[int]]
    evidence: tuple[frozenset[int], ...]  # One set a word or mark: what it may evidently mean.
    numbers: dict[str, frozenset[int]]  # A number without a unit: the marks that it may stand for.

    def tells(self, features: frozenset[int], others: frozenset[int]) -> bool:
        """Whether a word or mark stands for something of `features` and for none of `others`."""
        own = features - others
        return any(e & own and not e & others for e in self.evidence)


def _look_up(said: Said, index: ProductIndex) -> _Heard:
    likenesses: dict[int, float] = {}
    meant: dict[str, frozenset[int]] = {}
    evidence = []
    for word in said.words:
        found = index.meanings(word, word in said.shortened)
        meant[word] = frozenset(feature for feature, _ in found)
        for feature, likeness in found:
            likenesses[feature] = max(likenesses.get(feature, 0.0), likeness)
        evidence.append(frozenset(f for f, likeness in found if likeness >= _EVIDENT))
    for code in said.codes:
        # `VO1TEX` is a word with a digit that the reader saw in it.
        found = index.meanings(stem(code.translate(_LETTERS)), shortened=False)
        if ("code", code) not in index.ids and (parts := _two_codes(code, index)):
            likenesses.update(dict.fromkeys(parts, 1.0))
            evidence += [frozenset({part}) for part in parts]
        elif ("code", code) not in index.ids and len(code) >= 5 and found:
            likenesses.update({f: max(likenesses.get(f, 0), 0.9 * like) for f, like in found})
            evidence.append(frozenset(f for f, likeness in found if 0.9 * likeness >= _EVIDENT))
    marks: Iterable[Mark] = (
        *said.marks,
        *(("code", c) for c in said.codes),
    )
    for mark in marks:
        if (known := index.ids.get(mark)) is not None:
            likenesses[known] = 1.0
            # That there is one says nothing against things that are never counted.
            if mark != ("TIMES", "1"):
                evidence.append(frozenset({known}))
    numbers: dict[str, frozenset[int]] = {}
    sides = {side for mark in said.marks if mark not in index.ids for side in _sides(mark)}
    for number in said.numbers | sides:
        known = index.ids.get(("number", number))
        meanings = index.by_number.get(number, frozenset()) | ({known} if known else set())
        if meanings:
            numbers[number] = meanings
            likenesses.update({f: max(likenesses.get(f, 0.0), 0.9) for f in meanings})
            evidence.append(meanings)
    for _, value in said.marks:
        # `180 st.` covers the number of a name, yet is no evidence for it.
        if (known := index.ids.get(("number", value))) is not None:
            likenesses.setdefault(known, _EVIDENT - 0.02)
    return _Heard(likenesses, meant, tuple(evidence), numbers)


def _two_codes(code: str, index: ProductIndex) -> tuple[int, int] | None:
    """Two known codes whose blank was lost, as in `C2TES1`."""
    for at in range(2, len(code) - 1):
        first, second = index.ids.get(("code", code[:at])), index.ids.get(("code", code[at:]))
        if first is not None and second is not None:
            return first, second
    return None


def _sides(mark: Mark) -> list[str]:
    return mark[1].split("X") if mark[0] == "DIM" else []


def contradicts(said: Said, named: Said) -> bool:
    """Whether a mark of the name stands on the line with another value, or a number is replaced."""
    on_line: dict[str, set[str]] = defaultdict(set)
    for kind, value in said.marks:
        on_line[kind].add(value)
    of_name: dict[str, set[str]] = defaultdict(set)
    for kind, value in named.marks:
        of_name[kind].add(value)
    for kind, values in of_name.items():
        if kind in on_line and not values & on_line[kind]:
            return True
        if kind == "DIM" and kind not in on_line and not _modules_fit(values, on_line):
            return True
    # `3x2,5` in the text, no dimension in the name: cables have one, boxes too. But the name of a
    # tape of `48 mm x 50 m` has the sides.
    figures = named.numbers | {number for number, _ in named.bare}
    if "DIM" in on_line and "DIM" not in of_name:
        sides = {side for value in on_line["DIM"] for side in value.split("X")}
        if not sides <= figures:
            return True
    if said.colours and named.colours and said.colours.isdisjoint(named.colours):
        return True
    # `Bez czujnika` is not `z czujnikiem`.
    if _WITHOUT in said.words and _WITHOUT not in named.words:
        return True
    if _other_size(said.codes, named.codes):
        return True
    # Watts and volt-amperes of the same figure are two ratings.
    if "VA" in on_line and "W" not in on_line and "W" in of_name and "VA" not in of_name:
        return True
    missing = named.numbers - said.numbers - {value for _, value in said.marks}
    missing -= {number for number, _ in said.bare}
    return bool(missing and any(len(n) < _LONG for n in said.numbers - figures))


_WITHOUT = "BEZ"
# Digits of a seller's own index, no size.
_LONG = 5
_SELLERS_OWN = re.compile(r"[A-Z]{1,3}\d{4,}")
_SIZED = re.compile(r"([A-Z]{1,3})(\d{1,3})")


def _other_size(on_line: frozenset[str], of_name: frozenset[str]) -> bool:
    """`E14` where the name says `E27`: the same letters with other figures."""
    sizes: dict[str, set[str]] = defaultdict(set)
    for code in on_line:
        if found := _SIZED.fullmatch(code):
            sizes[found[1]].add(found[2])
    return any(
        (found := _SIZED.fullmatch(code)) and found[1] in sizes and found[2] not in sizes[found[1]]
        for code in of_name
    )


def _modules_fit(dimensions: set[str], on_line: dict[str, set[str]]) -> bool:
    """`24M` and `24 MOD` speak of a box of 2x12; without them nothing is contradicted."""
    modules = on_line.get("MOD", set()) | on_line.get("M", set())
    if not modules:
        return True
    products = set()
    for dimension in dimensions:
        sides = dimension.split("X")
        if len(sides) == 2 and all(side.isdigit() for side in sides):
            products.add(str(int(sides[0]) * int(sides[1])))
    return bool(products & modules) or not (products and "MOD" in on_line)


def _shares(
    said: Said,
    prepared: Prepared,
    heard: _Heard,
    index: ProductIndex,
) -> tuple[float, float]:
    """How much of the name is on the line, and how much of the line the name explains."""
    covered = sum(index.weights[f] * heard.likenesses.get(f, 0.0) for f in prepared.features)
    explained = float(covered)
    left = 0.0
    for word in said.words:
        meanings = heard.meant[word]
        if meanings & prepared.features:
            continue
        if _piece(word, prepared):
            continue
        if meanings:
            left += min(float(index.weights[f]) for f in meanings)
        else:
            left += _UNKNOWN_WORD if len(word) >= 3 else 0.4
    kinds = {kind for kind, _ in prepared.said.marks}
    for kind, value in said.marks:
        if (kind, value) in prepared.said.marks or value in prepared.said.numbers:
            continue
        if kind not in kinds:
            # `1x` says of one thing that it is one.
            usual = kind in _PACKAGING or (kind, value) == ("TIMES", "1")
            sides = _sides((kind, value))
            if not sides or not all(_stands(side, prepared, heard) for side in sides):
                left += 0.2 if usual else _OTHER_MARK
    left += _OTHER_NUMBER * sum(not _stands(n, prepared, heard) for n in said.numbers)
    left += _OTHER_CODE * len(said.codes - prepared.said.codes)
    total = max(prepared.total, 0.1)
    return float(covered) / total, explained / (explained + left) if explained else 0.0


def _stands(number: str, prepared: Prepared, heard: _Heard) -> bool:
    """Whether a number without a unit is one of the name's, whatever its kind."""
    return bool(heard.numbers.get(number, frozenset()) & prepared.features)


def _foreign(said: Said, best: Prepared, heard: _Heard, index: ProductIndex) -> bool:
    """Whether a line names somebody else's make, as far as one can tell: none of ours, but one.

    A competitor's socket is no doubt that a clerk should be asked about.
    """
    if not index.brands or any(heard.likenesses.get(own) for own in index.brands | index.series):
        return False
    read_badly = any(
        fuzz.ratio(word, brand) >= _LIKE_A_BRAND
        for brand in index.brand_words
        for word in (*said.words, *(c.translate(_LETTERS) for c in said.codes))
    )
    return not read_badly and _strange(said, best, heard)


def _strange(said: Said, best: Prepared, heard: _Heard) -> bool:
    """Whether a word is none of the trade's: another series, another make, or misread too badly."""
    return any(
        len(word) >= 4 and not heard.meant[word] and not _piece(word, best) for word in said.words
    )


def _astray(said: Said, best: Prepared, heard: _Heard, index: ProductIndex) -> bool:
    """Whether the line says what this product is not, or leaves out what only this one is.

    `Czarny` on the line of a thing that is only made white; `RTV` for `RTV-SAT`; a sensor of
    `regulator z czujnikiem` that is not spoken of; `UV`, `DC`, `PE`: abbreviations are too short
    to be misread, so an unknown one is another thing.
    """
    if any(
        heard.meant[word] and not heard.meant[word] & best.features and not _piece(word, best)
        for word in said.words
    ):
        return True
    if any(len(n) < _LONG and not _stands(n, best, heard) for n in said.numbers) and any(
        heard.likenesses.get(f, 0) < _EVIDENT for f in best.features - set(best.named)
    ):
        return True  # A figure of unknown kind, where a figure of the name is missing.
    names = best.said.words
    for compound in best.said.compounds:
        told = [word in said.words for word in compound if word in names]
        if any(told) and not all(told):
            return True
        if any(set(other) == set(compound) and other != compound for other in said.compounds):
            return True  # `RTV-SAT-SAT`
    if any(heard.likenesses.get(index.ids["word", word], 0) < _EVIDENT for word in best.said.with_):
        return True
    if any(
        2 <= len(word) <= 3 and not heard.meant[word] for word in set(said.words) - said.shortened
    ):
        return True
    prefixes = {found[1] for code in best.said.codes if (found := _SIZED.fullmatch(code))}
    counted = {kind for kind, _ in best.said.marks}
    if any(kind == "MOD" for kind, _ in said.marks) and not counted & {"MOD", "DIM"}:
        return True  # A size that the name says nothing of.
    added = {c for c in said.codes - best.said.codes if not _SELLERS_OWN.fullmatch(c)}
    if any((found := _SIZED.fullmatch(code)) and found[1] in prefixes for code in added):
        return True  # `RJ45+RJ11`
    return bool(added) and any(len(w) <= 3 and w not in said.words for w in names)


def _piece(word: str, prepared: Prepared) -> bool:
    """A piece of a compound: `PRAD` of `ROZNICOWOPRADOWY`."""
    return len(word) >= 4 and any(word in name for name in prepared.said.words)


def _refuted(rival: Prepared, best: Prepared, heard: _Heard, *, covered: float) -> bool:
    """Whether the line says something of `best` that `rival` is not, and nothing the other way."""
    if heard.tells(rival.features, best.features):
        return False
    if heard.tells(best.features, rival.features):
        return True
    # The rival is all that this product is and more; a full line would have said more.
    return best.features < rival.features and (covered >= 0.9 or _all_words(best, heard))


def _all_words(prepared: Prepared, heard: _Heard) -> bool:
    """Whether every word of the name is on the line, whatever marks it leaves out."""
    return all(heard.likenesses.get(f, 0) >= _EVIDENT for f in prepared.words)
