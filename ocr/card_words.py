"""Words and figures of items drawn as cards: labels with their values, signs, units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ocr import numbers
from ocr.composed import composed
from ocr.headings import AMOUNTS, PRICES
from ocr.labels import COLUMN_LEXICON, UNITS, squeeze
from ocr.products import Figure, figures_of
from ocr.rows import Row, Token

_MOST_WORDS = 4  # of a label
_FEWEST_LABELS = 2  # of figures: a row of labels
_BLANK = 0.75  # heights between words of one label
_SHORT = 8  # letters: longer words are no units
_NEAR = 1.6  # heights between a figure and its unit
_TIMES = frozenset({"x", "×", "*", "@", "à", "á", "a", "po", "je", "per", "at"})
_SEPARATORS = frozenset("·•|,;/-–—=")
_TEXTS = frozenset({"unit", "code", "gtin", "classification", "name", "no"})
_FIGURED = PRICES | AMOUNTS | {"quantity", "discount", "vat_rate"}
_SIDES = frozenset({"netto", "brutto", "net", "gross", "vat"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of a row with what its neighbours say of it.

    `meaning` is its label's ("" without one); `unit` stands behind it; `times` is "before" or
    "behind", where a sign that multiplies stands.
    """

    row: int
    figure: Figure
    meaning: str = ""
    unit: Token | None = None
    times: str = ""

    @property
    def context(self) -> str:
        """What figures of the same role share from card to card."""
        return self.meaning or self.times or ("unit" if self.unit else "")


@dataclass(slots=True)
class Words:
    """A row taken apart: its figures, and the texts behind labels by meaning.

    `used` are labels and those texts, by the identity of their tokens.
    """

    row: Row
    facts: list[Fact] = field(default_factory=list)
    texts: dict[str, list[Token]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def left(self, taken: set[int]) -> list[Token]:
        """The words that may be a name: what no label, no sign and none of `taken` is."""
        runs: list[list[Token]] = [[]]
        for token in self.row.tokens:
            if id(token) in self.used or id(token) in taken:
                runs.append([])
            else:
                runs[-1].append(token)
        kept: list[Token] = []
        for run in runs:
            while run and _sign(run[-1]):
                run.pop()
            while run and _sign(run[0]):
                run.pop(0)
            if any(sum(c.isalpha() for c in t.text) > 2 and t.key not in UNITS for t in run):
                kept += run
        return kept

    @property
    def named(self) -> bool:
        """Whether words are left that may be a name."""
        return bool(self.left(set()))


def words_by_row(rows: Sequence[Row], mark: str) -> list[Words]:
    """Every row taken apart; figures under a row of labels, or over it, know their label."""
    found = [words_of(row, n, mark) for n, row in enumerate(rows)]
    for index, row in enumerate(rows):
        spans = _spans(row)
        if len({meaning for meaning, _, _ in spans} & _FIGURED) < _FEWEST_LABELS:
            continue
        near = [n for n in (index + 1, index - 1) if 0 <= n < len(rows)]
        near = [n for n in near if rows[n].page == row.page and _bare_money(found[n])]
        if near:
            place = max(near, key=lambda n: (_bare_money(found[n]), n))
            _tell(found[place], spans)
            found[index].used.update(id(t) for t in row.tokens)
    return found


def _bare_money(words: Words) -> int:
    return sum(f.figure.money and not f.meaning for f in words.facts)


def _spans(row: Row) -> list[tuple[str, float, float]]:
    """The labels of a row that is made of nothing else, and where they stand."""
    tokens = [t for t in row.tokens if t.key]
    place, found = 0, []
    while place < len(tokens):
        for count in range(min(_MOST_WORDS, len(tokens) - place), 0, -1):
            part = tokens[place : place + count]
            if any(b.x0 - a.x1 > _BLANK * b.height for a, b in pairwise(part)):
                continue
            if meaning := COLUMN_LEXICON.exact.get("".join(t.key for t in part)):
                found.append((meaning, part[0].x0, part[-1].x1))
                place += count
                break
        else:
            return []
    return found


def _tell(words: Words, spans: Sequence[tuple[str, float, float]]) -> None:
    """Give the figures and the unit of a row the labels that stand nearest over or under them."""

    def over(token: Token) -> str:
        shared = {m: min(token.x1, x1) - max(token.x0, x0) for m, x0, x1 in spans}
        best = max(shared, key=lambda m: shared[m])
        return best if shared[best] > -token.height else ""

    for n, fact in enumerate(words.facts):
        meaning = over(fact.figure.token)
        if meaning in _FIGURED and not fact.meaning:
            words.facts[n] = replace(fact, meaning=meaning)
    taken = {id(f.unit) for f in words.facts}
    for token in words.row.tokens:
        if token.key in UNITS and id(token) not in taken and over(token) == "unit":
            words.texts.setdefault("unit", [token])
            words.used.add(id(token))


def words_of(row: Row, index: int, mark: str) -> Words:
    """Take a row apart; `index` is its number among the document's rows."""
    tokens = row.tokens
    figures = {id(f.token): f for f in figures_of(row, mark)}
    found = Words(row)
    meaning, place = "", 0
    used = found.used
    while place < len(tokens):
        count, told = _label(tokens, place, figures)
        if told:
            meaning = told
            used.update(id(t) for t in tokens[place : place + count])
            place += count
            if meaning in _TEXTS:
                place = _text(tokens, place, meaning, figures, found, used)
                meaning = ""
            continue
        token = tokens[place]
        figure = figures.get(id(token))
        if figure is not None:
            found.facts.append(_fact(tokens, place, figure, index, meaning))
            meaning = ""
        elif token.key and numbers.currency(token.text) is None and token.key not in _SIDES:
            meaning = ""
        place += 1
    return found


def _label(tokens: Sequence[Token], place: int, figures: dict[int, Figure]) -> tuple[int, str]:
    """How many words from here are a label with a value behind it, and its meaning."""
    if place and tokens[place].key in UNITS and id(tokens[place - 1]) in figures:
        return 0, ""
    for count in range(min(_MOST_WORDS, len(tokens) - place - 1), 0, -1):
        part = tokens[place : place + count]
        if any(id(t) in figures for t in part):
            continue
        ended = part[-1].text.endswith(":")
        keys = [t.key for t in part if t.key]
        if not keys or any(t.text.endswith(":") for t in part[:-1]):
            continue
        meaning = COLUMN_LEXICON.exact.get("".join(keys)) or (composed(keys) if ended else "") or ""
        behind = tokens[place + count]
        figure = figures.get(id(behind))
        if meaning in ("vat", "vat_rate") and figure is not None and not figure.percent:
            meaning = "vat" if figure.money else "vat_rate"
        elif meaning == "vat":
            meaning = "vat_rate"
        if meaning in _FIGURED and (ended or _fits(meaning, figure, behind)):
            return count, meaning
        if meaning == "unit" and (ended or behind.key in UNITS):
            return count, meaning
        if meaning in _TEXTS and ended:
            return count, meaning
        if meaning == "no" and place == 0 and figure is not None and not figure.money:
            return count, meaning
    return 0, ""


def _fits(meaning: str, figure: Figure | None, behind: Token) -> bool:
    """Whether what stands behind a label is such a figure: `disc 125 mm` is no discount."""
    if figure is None:
        return _is_currency(behind)
    return meaning in ("quantity", "vat_rate") or figure.money or figure.percent


def _text(
    tokens: Sequence[Token],
    place: int,
    meaning: str,
    figures: dict[int, Figure],
    found: Words,
    used: set[int],
) -> int:
    """Take the text behind a label: one word, or a name's words up to the next label."""
    end = place + 1
    while meaning == "name" and end < len(tokens):
        if _label(tokens, end, figures)[1] or _sign(tokens[end]):
            break
        end += 1
    value = [t for t in tokens[place:end] if t.key]
    if value:
        found.texts.setdefault(meaning, value)
        used.update(id(t) for t in value)
    return end


def _fact(tokens: Sequence[Token], place: int, figure: Figure, index: int, meaning: str) -> Fact:
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1] if place else None
    if before is not None and _is_currency(before) and place > 1:
        before = tokens[place - 2]
    unit = None
    if behind is not None and behind.key in UNITS and not figure.percent and not figure.counted:
        near = behind.x0 - figure.token.x1 < _NEAR * figure.token.height
        unit = behind if near and not _is_times(behind) else None
    elif behind is not None and place + 2 < len(tokens) and _is_times(tokens[place + 2]):
        word = behind.text.rstrip(".")
        plain = word.isalpha() and len(word) < _SHORT and not _is_times(behind)
        # `25 box @ 4.10`: what stands between a number and the sign that multiplies it.
        unit = behind if plain and not figure.money and not _is_currency(behind) else None
    beyond = tokens[place + 2] if unit and place + 2 < len(tokens) else behind
    if beyond is not None and _is_currency(beyond) and place + 2 < len(tokens):
        beyond = tokens[place + 2]
    times = ""
    if before is not None and _is_times(before) and place > 1:
        times = "before"
    elif beyond is not None and _is_times(beyond):
        times = "behind"
    return Fact(index, figure, meaning, unit, times)


def _is_times(token: Token) -> bool:
    return token.text.casefold() in _TIMES


def _is_currency(token: Token) -> bool:
    return len(token.text) < 6 and numbers.currency(token.text.strip(".,;")) is not None


def _sign(token: Token) -> bool:
    """Whether a token is no word of a name: a separator, a currency, `netto,`, `%`."""
    bare = token.text.strip(".,;:()")
    return (
        not token.key
        or token.text in _SEPARATORS
        or token.text == "%"
        or _is_times(token)
        or squeeze(bare) in _SIDES
        or _is_currency(token)
    )
