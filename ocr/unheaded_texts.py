"""Columns of words beside the products of a table without headings: names, units, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr import numbers
from ocr.identifiers import gtin_valid
from ocr.labels import UNITS
from ocr.products import Block, aligned
from ocr.rows import Row, Token, split
from ocr.unheaded_figures import tokens_in

_EDGE = 0.004  # of the page's width: on one left edge
_LINE = 1.3  # row heights between two lines of one text
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_PITCH = 1.2  # of the distance of two rows of one item
_SHORT = 7  # letters: longer words are no units
_BESIDE = 6.0  # heights between a quantity and its unit
_APART = 0.6  # heights between two columns of text
_TIMES = frozenset({"x", "×", "*", "@", "à", "a", "po", "je", "per"})
_CODE = re.compile(r"(?=.*\d)[\w./-]{2,24}")


def texts(
    rows: Sequence[Row], block: Block, columns: Sequence[tuple[str, list[Token]]]
) -> tuple[list[tuple[str, list[Token]]], list[Token]]:
    """Columns of words beside the figures: units, codes, names; or the names that stand over them.

    Names are the words with most letters, on the rows of the figures and between them.
    """
    taken = list(tokens_in(columns))
    lines = [[t for t in rows[n].tokens if t not in taken] for n in block.rows]
    found: list[tuple[str, list[Token]]] = []
    counts = next(tokens for meaning, tokens in columns if meaning == "quantity")
    units = _units(lines, counts, taken)
    if units:
        found.append(("unit", units))
        lines = [[t for t in line if t not in units] for line in lines]
    walls = [*taken, *units]
    groups: list[list[Row]] = []
    beside = [p for line in lines for p in _phrases(line, walls) if not _sign(p)]
    for part in beside:
        home = next((g for g in groups if any(_over_each_other(part, p) for p in g)), None)
        if home is None:
            groups.append([part])
        else:
            home.append(part)
    spans = [(min(t.x0 for t in tokens), max(t.x1 for t in tokens)) for _, tokens in columns]
    between = [
        p for p in _between(rows, block) if not any(p.x0 < x1 and p.x1 > x0 for x0, x1 in spans)
    ]
    names = _names(groups, between, len(block.rows))
    if not names:
        over = [t for n in block.rows for t in rows[n - 1].tokens]
        return found, over
    for group in groups:
        tokens = [t for p in group for t in p.tokens]
        if group[0] in names:
            continue
        if [p.text.rstrip(".)") for p in group] == [str(n) for n in range(1, len(group) + 1)]:
            found.append(("no", tokens))
        elif all(len(p.tokens) == 1 and _CODE.fullmatch(p.text) for p in group):
            meaning = "gtin" if all(gtin_valid(p.text) for p in group) else "code"
            found.append((meaning, tokens))
        elif 2 * len(group) > len(block.rows):
            found.append(("other", tokens))
    printed = [p for p in names if p in beside]
    codes = _leading_codes(printed) if not any(m == "code" for m, _ in found) else []
    if codes:
        found.append(("code", codes))
    found.append(("name", [t for p in names for t in p.tokens if t not in codes]))
    return found, []


def _names(groups: Sequence[Sequence[Row]], between: Sequence[Row], lines: int) -> list[Row]:
    """The phrases of the column that holds most letters, with those between on its left edge."""
    best: list[Row] = []
    most = 2 * lines
    for edge in {round(p.x0, 3) for p in (*between, *(q for g in groups for q in g))}:
        group = next((g for g in groups if any(abs(p.x0 - edge) < _EDGE for p in g)), ())
        off = [p for p in between if abs(p.x0 - edge) < _EDGE]
        column = [*group, *off]
        letters = sum(c.isalpha() for p in column for c in p.text)
        if len(column) >= lines and letters > most:
            best, most = column, letters
    return best


def _between(rows: Sequence[Row], block: Block) -> list[Row]:
    """Phrases of the rows between the figures, and of those that touch them."""
    inner = [n for n in range(block.rows[0], block.rows[-1]) if n not in block.rows]
    first, last = block.rows[0], block.rows[-1]
    outer = [n for n in (first - 1, last + 1) if 0 <= n < len(rows)]
    close = [n for n in outer if _touch(rows[n], rows[first if n < first else last])]
    return [
        phrase
        for n in (*inner, *close)
        for phrase in rows[n].phrases()
        if sum(c.isalpha() for c in phrase.text) > 1
    ]


def _touch(one: Row, other: Row) -> bool:
    tall = min(one.height, other.height)
    return one.page == other.page and abs(one.middle - other.middle) < _LINE * tall


def leading(rows: Sequence[Row], block: Block, columns: Sequence[tuple[str, list[Token]]]) -> int:
    """How many rows over the first item's figures are the begin of its name."""
    names = next((tokens for meaning, tokens in columns if meaning == "name"), [])
    if not names:
        return 0
    edge = min(t.x0 for t in names)
    first, last = block.rows[0], block.rows[-1]
    inner = [b - a - 1 for a, b in pairwise(block.rows)]
    below = rows[last + 1] if last + 1 < len(rows) else None
    pitch = rows[first + 1].middle - rows[first].middle if inner and inner[0] else 0.0
    ended = below is None or abs(below.x0 - edge) > _EDGE or bool(_MONEY.search(below.text))
    above = len(set(inner)) == 1 and pitch > 0 and ended  # text stands between, and none below
    count = 0
    for index in range(first - 1, -1, -1):
        row, under = rows[index], rows[index + 1]
        near = above and count < inner[0] and under.middle - row.middle < _PITCH * pitch
        if row.page != under.page or not (near or _touch(row, under)):
            break
        if len(row.phrases()) > 1 or abs(row.x0 - edge) > _EDGE:
            break
        count += 1
    return count


def _units(
    lines: Sequence[Sequence[Token]], counts: Sequence[Token], taken: Sequence[Token]
) -> list[Token]:
    """One unit on each row, under one another: known ones, or short words beside the quantity."""
    walls = [t for t in taken if t not in counts]
    for known in (False, True):
        for token in lines[0]:
            column = [_short_word(other, token) for other in lines]
            told = [t for t in column if t]
            if len(told) != len(lines):
                continue
            if known and all(
                t.key in UNITS and _alone(t, line) for t, line in zip(told, lines, strict=True)
            ):
                return told
            if not known and all(_next_to(t, c, walls) for t, c in zip(told, counts, strict=True)):
                return told
    return []


def _short_word(line: Sequence[Token], place: Token) -> Token | None:
    """The word of a few letters that stands in this place."""
    found = (t for t in line if len(t.text) < _SHORT and aligned(t, place))
    return next((t for t in found if t.text.rstrip(".").isalpha() or t.key in UNITS), None)


def _alone(word: Token, line: Sequence[Token]) -> bool:
    """Whether no other word stands so near that both are one text."""
    return not any(
        t is not word and t.x0 - word.x1 < _APART * t.height and word.x0 - t.x1 < _APART * t.height
        for t in line
    )


def _next_to(word: Token, count: Token, walls: Sequence[Token]) -> bool:
    """Whether nothing stands between the word and the quantity before it, short of a column."""
    if word.x0 < count.x1 or word.x0 - count.x1 > _BESIDE * count.height:
        return False
    return not any(
        count.x1 < w.middle < word.x0 for w in walls if abs(w.y0 - count.y0) < count.height
    )


def _phrases(line: Sequence[Token], walls: Sequence[Token]) -> list[Row]:
    """The words of a row by column: a wide blank parts them, and so does a figure between."""
    if not line:
        return []
    parts: list[Row] = []
    for phrase in split(Row(line[0].page, tuple(line)), _APART):
        begin = 0
        for n in range(1, len(phrase.tokens)):
            a, b = phrase.tokens[n - 1], phrase.tokens[n]
            if any(
                w.x0 >= a.x1 - 1e-6 and w.x1 <= b.x0 + 1e-6 and abs(w.y0 - a.y0) < a.height
                for w in walls
            ):
                parts.append(Row(phrase.page, phrase.tokens[begin:n]))
                begin = n
        parts.append(Row(phrase.page, phrase.tokens[begin:]))
    return parts


def _sign(phrase: Row) -> bool:
    """Whether it is no text: `x`, `=`, `%`, a currency, `pcs à` between quantity and price."""
    if len(phrase.text) < 2 or all(_is_currency(t) for t in phrase.tokens):
        return True
    times = [t for t in phrase.tokens if t.text.casefold() in _TIMES]
    return bool(times) and all(t in times or t.key in UNITS for t in phrase.tokens)


def _is_currency(token: Token) -> bool:
    return len(token.text) < _SHORT and numbers.currency(token.text) is not None


def _over_each_other(one: Row, other: Row) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _leading_codes(group: Sequence[Row]) -> list[Token]:
    """The first words of the names where all are codes and the second ones share an edge."""
    if len(group) < 2 or any(len(p.tokens) < 2 for p in group):
        return []
    first, second = [p.tokens[0] for p in group], [p.tokens[1] for p in group]
    straight = all(abs(t.x0 - second[0].x0) < 0.002 for t in second)
    return first if straight and all(_CODE.fullmatch(t.text) for t in first) else []
