"""Labels of header fields on the page and the tokens that may hold their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.labels import FIELD_LEXICON, Lexicon
from ocr.rows import Row, Token
from ocr.wrapped import is_broken, line_below

_MAX_LABEL = 16  # tokens


_LONG_LABEL = 9  # squeezed letters: such a label is one even in the middle of a phrase


_BELOW = 2.6  # heights from a label down to its value
ENUMERATOR = re.compile(r"\d{1,2}[.)]")  # `5. Numer faktury`: forms number their fields
_SHARED = 0.5  # of the smaller height: so much do two phrases share that stand level


@dataclass(frozen=True, slots=True)
class Label:
    """A label found on the page and the tokens that may hold its value, nearest first."""

    meaning: str
    key: str
    tokens: tuple[Token, ...]
    values: tuple[tuple[Token, ...], ...]  # behind it, to the right, below, wrapped
    row: int
    pure: bool  # nothing stands before the label in its phrase


def labels_in(
    rows: Sequence[Row], lexicon: Lexicon = FIELD_LEXICON, skip: frozenset[int] = frozenset()
) -> list[Label]:
    """Every label of the lexicon with its candidate values, top to bottom."""
    return [
        label
        for index in range(len(rows))
        if index not in skip
        for label in _labels(rows, index, lexicon, skip)
    ]


def _labels(
    rows: Sequence[Row], index: int, lexicon: Lexicon, skip: frozenset[int]
) -> Iterator[Label]:
    phrases = rows[index].phrases()
    for place, phrase in enumerate(phrases):
        tokens = phrase.tokens
        hits = list(_hits(tokens, lexicon))
        for n, (start, end, key, meaning) in enumerate(hits):
            stop = hits[n + 1][0] if n + 1 < len(hits) else len(tokens)
            values: list[tuple[Token, ...]] = []
            if behind := tokens[end:stop]:
                if is_broken(behind) and (below := _goes_on(rows, index, phrase, behind)):
                    values.append((*behind, *below.tokens))
                values.append(behind)
            if n + 1 < len(hits) and not any(c.isdigit() for t in tokens for c in t.text):
                values.extend(_below(rows, index, tokens[start:end], skip))
            if n + 1 == len(hits):
                if not behind or all(not any(c.isalnum() for c in t.text) for t in behind):
                    right = phrases[place + 1].tokens if place + 1 < len(phrases) else ()
                    right = right or _level(rows, index, tokens, skip)
                    if right:
                        if is_broken(right) and (more := _more(rows, index, right)):
                            values.append((*right, *more))
                        values.append(right)
                values.extend(_below(rows, index, tokens[start:], skip))
            yield Label(meaning, key, tokens[start:end], tuple(values), index, start == 0)
        if broken := _broken(rows, index, place, lexicon, skip):
            yield broken


def _goes_on(rows: Sequence[Row], index: int, phrase: Row, value: tuple[Token, ...]) -> Row | None:
    """What a broken value goes on with: under its label, or under its own beginning."""
    return line_below(rows, index, Row(phrase.page, value)) or line_below(rows, index, phrase)


def _more(rows: Sequence[Row], index: int, value: tuple[Token, ...]) -> tuple[Token, ...]:
    below = line_below(rows, index, Row(value[0].page, value))
    return below.tokens if below else ()


def _broken(
    rows: Sequence[Row], index: int, place: int, lexicon: Lexicon, skip: frozenset[int]
) -> Label | None:
    """A label that its narrow column breaks: `Invoice` over `Date`, its value on the right."""
    phrases = rows[index].phrases()
    phrase = phrases[place]
    below = line_below(rows, index, phrase)
    if below is None or len(phrase.tokens) + len(below.tokens) > _MAX_LABEL:
        return None
    tokens = (*phrase.tokens, *below.tokens)
    key = "".join(t.key for t in tokens)
    meaning = lexicon.exact.get(key)
    if meaning is None:
        return None
    right = phrases[place + 1].tokens if place + 1 < len(phrases) else ()
    values = [(*right, *more)] if right and (more := _more(rows, index, right)) else []
    values += [right] if right else []
    last = next((n for n in (index + 1, index + 2) if below.tokens[0] in rows[n].tokens), index)
    values.extend(_below(rows, last, below.tokens, skip))
    return Label(meaning, key, tokens, tuple(values), index, True)


def _hits(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, int, str, str]]:
    """Labels in one phrase: at its start, behind a value, or long ones anywhere."""
    fuzzy = any(t.doubt for t in tokens)
    begin = int(len(tokens) > 1 and ENUMERATOR.fullmatch(tokens[0].text) is not None)
    i = begin
    while i < len(tokens):
        found: tuple[int, str, str] | None = None
        keys = [t.key for t in tokens[i : i + _MAX_LABEL]]
        for j, key, meaning in lexicon.beginnings(keys, fuzzy=fuzzy):
            colon = tokens[i + j - 1].text.rstrip("*").endswith(":") or (
                i + j < len(tokens) and tokens[i + j].text == ":"
            )
            if i == begin or colon or len(key) >= _LONG_LABEL or _after_value(tokens, i, j):
                found = (i + j, key, meaning)
                break
        if found is None:
            i += 1
            continue
        end, key, meaning = found
        while end < len(tokens) and not any(c.isalnum() for c in tokens[end].text):
            end += 1
        yield i, end, key, meaning
        i = end


def _after_value(tokens: Sequence[Token], i: int, count: int) -> bool:
    """Whether a value ends before the token, so that a short label may follow."""
    before = tokens[i - 1].text
    ended = any(c.isdigit() for c in before) or before.endswith(",")
    return ended and count == 1 and len(tokens[i].text) <= 4 and tokens[i].text.isalpha()


def _level(
    rows: Sequence[Row], index: int, label: Sequence[Token], skip: frozenset[int]
) -> tuple[Token, ...]:
    """What stands level with a label but in a row of its own, as larger letters do.

    Half of the smaller height at least is shared, and nothing is nearer to the label.
    """
    y0, y1 = min(t.y0 for t in label), max(t.y1 for t in label)
    nearest: tuple[Token, ...] = ()
    for place in (index - 1, index + 1):
        if not 0 <= place < len(rows) or place in skip or rows[place].page != label[0].page:
            continue
        for phrase in rows[place].phrases():
            shared = min(y1, phrase.y1) - max(y0, phrase.y0)
            small = min(y1 - y0, phrase.y1 - phrase.y0)
            if phrase.x0 <= label[-1].x1 or shared < _SHARED * small:
                continue
            if not nearest or phrase.x0 < nearest[0].x0:
                nearest = phrase.tokens
    return nearest


def _under(row: Row, label: Row, phrase: Row) -> tuple[Token, ...]:
    """The words of a phrase that stand under one label of several: columns may touch."""
    others = [p for p in row.phrases() if p.x1 < label.x0]
    kept = tuple(t for t in phrase.tokens if t.x1 > label.x0)
    dropped = phrase.tokens[: len(phrase.tokens) - len(kept)]
    told = any(o.x0 < t.x1 and o.x1 > t.x0 for o in others for t in dropped)
    return kept if kept and dropped and told else ()


def _below(
    rows: Sequence[Row], index: int, label: Sequence[Token], skip: frozenset[int]
) -> Iterator[tuple[Token, ...]]:
    """The phrase under the label, and a label's own second row that ends in `: value`."""
    x0, x1 = min(t.x0 for t in label), max(t.x1 for t in label)
    tall = label[0].height
    floor = max((t.y0 + t.y1) / 2 for t in label)
    head = Row(label[0].page, tuple(label))
    for step in (1, 2, 3):
        if index + step >= len(rows) or index + step in skip:
            return
        row = rows[index + step]
        if row.page != label[0].page or row.middle - floor > _BELOW * tall:
            return
        for phrase in row.phrases():
            if phrase.x0 < x1 and phrase.x1 > x0 - tall:
                if own := _under(rows[index], head, phrase):
                    yield own
                yield phrase.tokens
                colon = [n for n, t in enumerate(phrase.tokens) if t.text.endswith(":")]
                if colon and colon[-1] + 1 < len(phrase.tokens):
                    yield phrase.tokens[colon[-1] + 1 :]
