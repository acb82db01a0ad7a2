"""Words of any engine to tokens and printed rows: one geometry for PDF text and pictures.

Lengths are fractions of the page's *width* in both directions, so that a page may be tall or wide.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from statistics import median

from ocr.labels import squeeze
from ocr.reading import Box, Page, Word

WIDE_GAP = 0.75  # of a row's height: cells stand apart by more, words by less
_OVER = 0.4  # heights between the middles of two words of which one stands over the other
_SCHEMA_NAME = re.compile(r"\(?P_\d{1,2}(?:_\d)*[A-Z]{0,2}\)?:?")  # `P_8B` of FA beside its label
_SPECK = 0.25  # of the usual height
_BLANK = 0.4  # of a height: the widest blank inside a number
_LEADING = re.compile(r"[-−–+]?\d{1,3}(?: \d{3})*")
_THOUSANDS = re.compile(r"\d{3}(?:[.,]\d{1,4})?-?")
_BRACKETED = re.compile(r"\([£$€]?\d[\d.,]*\)")
_IN_CENTS = re.compile(r"[.,]\d\d\)$")
_DRAWN = {  # rules that programs draw with signs
    **dict.fromkeys(map(ord, "│┃║¦"), "|"),
    **dict.fromkeys(map(ord, "─━═"), "-"),
    **dict.fromkeys(map(ord, "┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬"), "+"),
    **dict.fromkeys(map(ord, "\u200b\ufeff"), None),
    **dict.fromkeys(map(ord, "\u00ad\x02"), "-"),
}
_BAR = re.compile(r"(?<!\S)!|!(?=\w)")  # an exclamation mark that ends no sentence
_MANY_BARS = 8
_GLUED = re.compile(r"^(?P<label>[^\s:]*[^\W\d_][^\s:]*[^\W\d_][^\s:]*:)(?P<value>[^\s/:].*)$")


# A blank that engines lose: `von18.11.2017`, `Rechnung#RE-2017`, `netto1.214,50`.
_LOST_BLANK = re.compile(
    r"^(?P<label>[^\W\d_]{3,}[.:]?)(?P<value>\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|#.+)$"
)
_LOST_BEFORE_MONEY = re.compile(
    r"^(?P<label>[^\W\d_]{4,}[.:]?)(?P<value>-?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d\d)$"
)


@dataclass(frozen=True)  # no slots: what is derived is kept
class Token:
    """One blank-free piece of text where it stands; `doubt` marks text from an engine."""

    text: str
    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    box: Box
    confidence: float = 1.0
    doubt: bool = False

    @cached_property
    def key(self) -> str:
        return squeeze(self.text)

    @cached_property
    def height(self) -> float:
        return self.y1 - self.y0

    @cached_property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Row:
    """Tokens of one printed line, left to right."""

    page: int
    tokens: tuple[Token, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(t.text for t in self.tokens)

    @cached_property
    def y0(self) -> float:
        return min(t.y0 for t in self.tokens)

    @cached_property
    def y1(self) -> float:
        return max(t.y1 for t in self.tokens)

    @cached_property
    def x0(self) -> float:
        return min(t.x0 for t in self.tokens)

    @cached_property
    def x1(self) -> float:
        return max(t.x1 for t in self.tokens)

    @cached_property
    def height(self) -> float:
        return median(t.height for t in self.tokens)

    @cached_property
    def middle(self) -> float:
        return median((t.y0 + t.y1) / 2 for t in self.tokens)

    def phrases(self, gap: float = WIDE_GAP) -> list[Row]:
        """The row cut where the space between tokens is wider than `gap` heights."""
        return split(self, gap)


def split(row: Row, gap: float = WIDE_GAP) -> list[Row]:
    """The phrases of a row: parts that stand apart by more than `gap` heights."""
    wide = gap * row.height
    parts: list[list[Token]] = []
    edge = 0.0
    for token in row.tokens:
        if parts and token.x0 - edge <= wide:
            parts[-1].append(token)
            edge = max(edge, token.x1)
        else:
            parts.append([token])
            edge = token.x1
    return [Row(row.page, tuple(part)) for part in parts]


def with_whole_numbers(row: Row) -> Row:
    """The row with numbers as one token each: `3 780,00` is written with a blank.

    Only for text layers, where a blank's width is known; columns stand further apart.
    """
    joined: list[Token] = []
    for token in row.tokens:
        last = joined[-1] if joined else None
        if (
            last is not None
            and not token.doubt
            and _THOUSANDS.fullmatch(token.text)
            and _LEADING.fullmatch(last.text)
            and token.x0 - last.x1 < _BLANK * token.height
        ):
            joined[-1] = _one(last, token, f"{last.text} {token.text}")
        else:
            joined.append(token)
    return row if len(joined) == len(row.tokens) else Row(row.page, tuple(joined))


def with_minus(row: Row) -> Row:
    """The row of a return whose count and amount stand in brackets, with minus signs instead."""
    bracketed = [t for t in row.tokens if _BRACKETED.fullmatch(t.text)]
    if len(bracketed) < 2 or bracketed[-1] is not row.tokens[-1] or bracketed[0].doubt:
        return row
    if not _IN_CENTS.search(bracketed[-1].text):
        return row
    plain = {id(t): replace(t, text="-" + t.text.strip("()")) for t in bracketed}
    return Row(row.page, tuple(plain.get(id(t), t) for t in row.tokens))


def _one(first: Token, last: Token, text: str) -> Token:
    """Two neighbours as one token."""
    return replace(
        first,
        text=text,
        x1=last.x1,
        y0=min(first.y0, last.y0),
        y1=max(first.y1, last.y1),
        box=first.box.union(last.box),
    )


def box_of(tokens: Iterable[Token]) -> Box | None:
    """The box around tokens of one page (the first token's page), in page fractions."""
    box: Box | None = None
    for token in tokens:
        if box is None:
            box = token.box
        elif token.page == box.page:
            box = box.union(token.box)
    return box


def confidence_of(tokens: Iterable[Token]) -> float:
    """How sure the engine was of the least sure token."""
    return min((t.confidence for t in tokens), default=0.0)


def tokens_of(words: Sequence[Word], pages: Sequence[Page]) -> list[Token]:
    """Phrases cut into tokens by their share of letters; `label:value` cut behind the colon."""
    shape = {p.number: p.height_px / max(1, p.width_px) for p in pages}
    found: list[Token] = []
    ruled = sum(len(_BAR.findall(w.text)) for w in words if "!" in w.text) >= _MANY_BARS
    for word in words:
        tall = shape.get(word.box.page, 1.414)
        text = word.text.translate(_DRAWN)
        doubt = word.engine != "pdf-text"
        if ruled and not doubt:
            text = text.replace("!", "|")
        box = word.box
        width = (box.x1 - box.x0) / max(1, len(text))
        for match in re.finditer(r"\S+", text):
            pieces = [(match.start(), match[0])]
            lost = _LOST_BLANK.match(match[0]) if doubt else None
            if lost := lost or _LOST_BEFORE_MONEY.match(match[0]):
                offset = match.start() + lost.start("value")
                pieces = [(match.start(), lost["label"]), (offset, lost["value"])]
            elif "|" in match[0]:
                pieces = _between_bars(match[0], match.start())
            elif glued := _GLUED.match(match[0]):
                offset = match.start() + glued.start("value")
                pieces = [(match.start(), glued["label"]), (offset, glued["value"])]
            for start, piece in pieces:
                if _SCHEMA_NAME.fullmatch(piece):
                    continue
                if len(piece) > 3 and set(piece) <= set("+-=_*."):
                    continue  # a ruled line drawn with signs
                x0 = box.x0 + start * width
                x1 = x0 + len(piece) * width
                part = Box(box.page, x0, box.y0, x1, box.y1)
                found.append(
                    Token(
                        piece,
                        box.page,
                        x0,
                        box.y0 * tall,
                        x1,
                        box.y1 * tall,
                        part,
                        word.confidence,
                        doubt,
                    )
                )
    return found


def _between_bars(text: str, start: int) -> list[tuple[int, str]]:
    """What stands between the bars of a table drawn with signs; its ruled lines are dropped."""
    return [
        (start + m.start(), m[0])
        for m in re.finditer(r"[^|]+", text)
        if not set(m[0]) <= set("+-=_")
    ]


def rows_of(tokens: Sequence[Token]) -> list[Row]:
    """Printed lines from top to bottom, page by page, after taking out a page's small turn."""
    rows: list[Row] = []
    for page in sorted({t.page for t in tokens}):
        here = _without_specks([t for t in tokens if t.page == page and t.height > 0])
        if not here:
            continue
        slope = _slope(here)
        level = [(t, (t.y0 + t.y1) / 2 - slope * t.middle) for t in here]
        rows.extend(_rows(page, level))
    return rows


def _without_specks(tokens: list[Token]) -> list[Token]:
    """Without what engines read into ruled lines and dust: far lower than print is."""
    if not any(t.doubt for t in tokens):
        return tokens
    least = _SPECK * median(t.height for t in tokens)
    return [t for t in tokens if not t.doubt or t.height >= least]


def _slope(tokens: Sequence[Token]) -> float:
    """Rise per width of the page's lines, from tokens to their right-hand neighbours."""
    if not any(t.doubt for t in tokens):
        return 0.0
    slopes: list[float] = []
    ordered = sorted(tokens, key=lambda t: t.x0)
    starts = [token.x0 for token in ordered]
    for i, left in enumerate(ordered):
        best: Token | None = None
        behind = bisect_left(starts, left.x1 - left.height / 2, i + 1)
        for right in islice(ordered, behind, None):
            if right.x0 - left.x1 > 6 * left.height:
                break
            if right.box == left.box or right.y0 == left.y0:
                continue
            shared = min(left.y1, right.y1) - max(left.y0, right.y0)
            alike = 0.75 < right.height / left.height < 1.33
            if shared > 0.6 * min(left.height, right.height) and alike:
                best = right
                break
        if best is not None and best.middle - left.middle > 2 * left.height:
            rise = (best.y0 + best.y1) / 2 - (left.y0 + left.y1) / 2
            slopes.append(rise / (best.middle - left.middle))
    if len(slopes) < 8:
        return 0.0
    slope = median(slopes)
    return slope if abs(slope) < math.tan(math.radians(6)) else 0.0


@dataclass(slots=True)
class _Line:
    """Tokens gathered for one row: their mean level and the height of the first."""

    tokens: list[Token]
    total: float
    tall: float

    @property
    def level(self) -> float:
        return self.total / len(self.tokens)


def _rows(page: int, level: list[tuple[Token, float]]) -> list[Row]:
    level.sort(key=lambda pair: pair[1])
    lines: list[_Line] = []
    for token, y in level:
        best: _Line | None = None
        for line in lines[-4:]:
            tall, low = max(line.tall, token.height), min(line.tall, token.height)
            reach = 0.5 * low if tall < 1.8 * low else 0.35 * tall
            away = abs(y - line.level)
            if away > reach or (token.doubt and _over_another(token, line.tokens)):
                continue
            if best is None or away < abs(y - best.level):
                best = line
        if best is None:
            lines.append(_Line([token], y, token.height))
        else:
            best.tokens.append(token)
            best.total += y
    lines.sort(key=lambda line: line.level)
    return [
        Row(page, tuple(_unspaced(sorted(line.tokens, key=lambda t: (t.x0, t.x1)))))
        for line in lines
    ]


def _over_another(token: Token, others: Sequence[Token]) -> bool:
    """Whether a word stands over or under one of these: a title beside them drew both to it."""
    for other in others:
        shared = min(token.x1, other.x1) - max(token.x0, other.x0)
        apart = abs(token.y0 + token.y1 - other.y0 - other.y1) / 2
        if shared > 0.5 * min(token.x1 - token.x0, other.x1 - other.x0) and apart > _OVER * min(
            token.height, other.height
        ):
            return True
    return False


def _unspaced(tokens: list[Token]) -> list[Token]:
    """Letters printed apart (`F A K T U R A`) become a word again."""
    joined: list[Token] = []
    i = 0
    while i < len(tokens):
        j = i
        while j < len(tokens) and len(tokens[j].text) == 1 and tokens[j].text.isalpha():
            if j > i and tokens[j].x0 - tokens[j - 1].x1 > 1.5 * tokens[j].height:
                break
            j += 1
        if j - i >= 4:
            first, last = tokens[i], tokens[j - 1]
            joined.append(_one(first, last, "".join(t.text for t in tokens[i:j])))
            i = j
        else:
            joined.append(tokens[i])
            i += 1
    return joined
