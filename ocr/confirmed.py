"""What a confirmed document teaches about its seller's layout. Pure.

A person confirmed values; where they stand on the page, under which headings and behind which
labels, is what the next document of the seller is read with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from ocr import memory, numbers
from ocr.copies import without_copies
from ocr.invoice import interpret
from ocr.labels import COLUMN_LEXICON, squeeze
from ocr.reading import Hints, LayoutMemory, Page, Proof, Reading, Word
from ocr.rows import Row, Token, rows_of, tokens_of

_NUMBERS = (
    "quantity",
    "unit_price_net",
    "unit_price_gross",
    "discount",
    "line_net",
    "line_vat",
    "line_gross",
)
_PARTS = 3  # tokens of one number: "12 345,67"
_ALIKE = 60  # of 100: a row's text and the confirmed description
_HEADING_ROWS = 3
_NEAR = 2.2  # row heights between a heading's rows, and from it to the first item
_BESIDE = 5.0  # row heights: a heading may end before its right-aligned figures begin
_LABEL_WORDS = 5
_OTHER = "?"  # columns of which nothing was confirmed


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """Values of one line by the names of `Line`; the description may be shortened."""

    description: str = ""
    numbers: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person stands for; all but the seller may be missing."""

    seller_vat_id: str
    invoice_number: str = ""
    issue_date: date | None = None
    lines: tuple[ConfirmedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    x0: float
    x1: float


def learned_from(
    words: Sequence[Word],
    pages: Sequence[Page],
    confirmed: Confirmed,
    before: LayoutMemory | None = None,
) -> LayoutMemory | None:
    """The seller's memory after this document; the one before when it would not have helped.

    What is found is kept only if the same document, read again with it, gives more of the confirmed
    values than without.
    """
    rows, _ = without_copies(rows_of(tokens_of(words, pages)))
    known = _score(words, pages, confirmed, before)
    best = before
    columns = dict(_columns(rows, confirmed.lines))
    if columns and (taught := memory.taught(best, confirmed.seller_vat_id, columns=columns)):
        score = _score(words, pages, confirmed, taught)
        if score >= known:
            # Whole and as good: the next document may be one that figures alone do not tell.
            best, known = taught, score
    for kind, found in (
        *(("columns", {heading: name}) for heading, name in columns.items()),
        *(("labels", {label: name}) for label, name in _labels(rows, confirmed)),
    ):
        if not found:
            continue
        taught = memory.taught(best, confirmed.seller_vat_id, **{kind: found})
        score = _score(words, pages, confirmed, taught)
        if score > known:
            best, known = taught, score
    if best is before:
        return before
    assert best is not None
    return LayoutMemory(best.seller_vat_id, best.columns, best.labels, best.documents_seen + 1)


def _score(
    words: Sequence[Word], pages: Sequence[Page], confirmed: Confirmed, known: LayoutMemory | None
) -> int:
    """How many of the confirmed values the document gives with this memory, less wrong ones."""
    hints = Hints(layouts=(known,) if known else ())
    reading = interpret(words, pages, hints=hints)
    score = 0
    for value, true in (
        (reading.invoice_number, confirmed.invoice_number),
        (reading.issue_date, confirmed.issue_date),
    ):
        if true and value is not None:
            score += 2 if _same(value.value, true) else -2
    return score + _lines_score(reading, confirmed.lines)


def _lines_score(reading: Reading, lines: Sequence[ConfirmedLine]) -> int:
    score = 0
    for read, true in zip(reading.lines, lines, strict=False):
        for name, number in true.numbers.items():
            value = getattr(read, name)
            if value is None:
                continue
            # A right guess is worth less than a reading: the next document may be guessed wrong.
            guessed = value.proof is Proof.GUESSED
            score += (1 if guessed else 2) if value.value == number else -2
    return score - 2 * abs(len(reading.lines) - len(lines))


def _same(value: object, true: object) -> bool:
    if isinstance(true, str):
        return squeeze(str(value)) == squeeze(true)
    return value == true


# Columns


def _columns(rows: Sequence[Row], lines: Sequence[ConfirmedLine]) -> Iterator[tuple[str, str]]:
    """Heading → field of a line, where the confirmed numbers stand under one another."""
    mark = numbers.decimal_mark(t.text for row in rows for t in row.tokens)
    placed = _placed(rows, lines, mark)
    spans: dict[str, tuple[float, float]] = {}
    for name in _NUMBERS:
        found = [
            [_Place(row, *span) for span in _spans(rows[row], line.numbers[name], mark)]
            for row, line in placed
            if name in line.numbers
        ]
        if (span := _one_column(found)) is not None:
            spans[name] = span
    if span := _one_column([_names(rows[row], line.description, row) for row, line in placed]):
        spans["description"] = span
    alone = {
        name: span
        for name, span in spans.items()
        if not any(_overlap(span, other) for key, other in spans.items() if key != name)
    }
    if not placed or not alone:
        return
    first = min(row for row, _ in placed)
    yield from _headings(rows, first, alone)


def _placed(
    rows: Sequence[Row], lines: Sequence[ConfirmedLine], mark: str
) -> list[tuple[int, ConfirmedLine]]:
    """Each line's row: the one that holds most of its numbers, or its name and one of them."""
    placed: list[tuple[int, ConfirmedLine]] = []
    free = set(range(len(rows)))
    for line in lines:
        best, most = None, 1.9
        for index in sorted(free):
            held = sum(bool(_spans(rows[index], n, mark)) for n in line.numbers.values())
            name = squeeze(line.description)
            alike = fuzz.partial_ratio(name, squeeze(rows[index].text)) if name else 0
            worth = held + (alike / 100 if alike >= _ALIKE else 0) + (alike >= _ALIKE) * 0.5
            if held and worth > most:
                best, most = index, worth
        if best is not None:
            free.discard(best)
            placed.append((best, line))
    return placed


def _spans(row: Row, number: Decimal, mark: str) -> list[tuple[float, float]]:
    """Where the row prints this number, as one token or a few."""
    tokens = row.tokens
    found: list[tuple[float, float]] = []
    for start in range(len(tokens)):
        for count in range(1, _PARTS + 1):
            part = tokens[start : start + count]
            if len(part) < count:
                break
            value = numbers.amount(" ".join(t.text for t in part).rstrip("%"), mark)
            if value is not None and value == number:
                found.append((part[0].x0, part[-1].x1))
    return found


def _names(row: Row, description: str, index: int) -> list[_Place]:
    """The phrase of the row that begins the description."""
    first = squeeze(description.split(" ")[0])
    return [
        _Place(index, phrase.x0, phrase.x1)
        for phrase in row.phrases()
        if len(first) > 1 and squeeze(phrase.text).startswith(first)
    ]


def _one_column(found: Sequence[Sequence[_Place]]) -> tuple[float, float] | None:
    """The span of the only column that holds the value on every line that has it."""
    if not found or not all(found):
        return None
    agreed: list[list[_Place]] = []
    for first in found[0]:
        column = [first]
        for places in found[1:]:
            near = [p for p in places if _overlap((p.x0, p.x1), (first.x0, first.x1))]
            if len(near) == 1:
                column.append(near[0])
        if len(column) == len(found):
            agreed.append(column)
    if len(agreed) != 1:
        return None
    return min(p.x0 for p in agreed[0]), max(p.x1 for p in agreed[0])


def _overlap(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _headings(
    rows: Sequence[Row], first: int, spans: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[str, str]]:
    """What stands over each column: as few rows as give every column a heading of its own."""
    columns = dict(spans)
    for number, phrase in enumerate(rows[first].phrases()):
        beside = [
            t
            for t in phrase.tokens
            if not any(_overlap((t.x0, t.x1), span) for span in spans.values())
        ]
        if beside:
            columns[f"{_OTHER}{number}"] = (beside[0].x0, beside[-1].x1)
    above: dict[str, list[str]] = {name: [] for name in spans}
    below = rows[first]
    for index in range(first - 1, max(-1, first - 1 - _HEADING_ROWS), -1):
        row = rows[index]
        if row.page != below.page or below.middle - row.middle > _NEAR * 2 * row.height:
            break
        for name, text in _over(row, columns).items():
            if name in above:
                above[name].insert(0, text)
        texts = [" ".join(parts) for parts in above.values()]
        if all(texts) and len(set(texts)) == len(texts):
            break
        below = row
    for name, parts in above.items():
        key = squeeze(" ".join(parts))
        if key and key not in COLUMN_LEXICON.exact:
            yield " ".join(parts), name


def _over(row: Row, columns: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """The row's phrases by the column that they stand over, or nearest to.

    A phrase over several columns is shared out word by word.
    """
    found: dict[str, list[str]] = {}
    for phrase in row.phrases():
        covered = [n for n, span in columns.items() if _overlap((phrase.x0, phrase.x1), span)]
        if len(covered) > 1:
            for token in phrase.tokens:
                nearest = min(covered, key=lambda name: abs(sum(columns[name]) / 2 - token.middle))
                found.setdefault(nearest, []).append(token.text)
            continue
        nearest = min(columns, key=lambda name: _apart((phrase.x0, phrase.x1), columns[name]))
        if _apart((phrase.x0, phrase.x1), columns[nearest]) <= _BESIDE * row.height:
            found.setdefault(nearest, []).append(phrase.text)
    return {name: " ".join(texts) for name, texts in found.items()}


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return max(0.0, a[0] - b[1], b[0] - a[1])


# Labels


def _labels(rows: Sequence[Row], confirmed: Confirmed) -> Iterator[tuple[str, str]]:
    """Words before or over the confirmed number and date, nearest first, with their meaning."""
    for name, is_it in (
        ("number", lambda text: squeeze(text) == squeeze(confirmed.invoice_number) != ""),
        (
            "issue_date",
            lambda text: [f.value for f in numbers.dates(text)] == [confirmed.issue_date],
        ),
    ):
        seen: set[str] = set()
        for index, row in enumerate(rows):
            for start, stop in _stretches(row.tokens, is_it):
                for label in _beside(rows, index, start, stop):
                    if squeeze(label) not in seen:
                        seen.add(squeeze(label))
                        yield label, name


def _stretches(tokens: Sequence[Token], is_it: object) -> Iterator[tuple[int, int]]:
    assert callable(is_it)
    for start in range(len(tokens)):
        for stop in range(start + 1, min(len(tokens), start + _PARTS + 1) + 1):
            if is_it(" ".join(t.text for t in tokens[start:stop])):
                yield start, stop
                break


def _beside(rows: Sequence[Row], index: int, start: int, stop: int) -> Iterator[str]:
    """Words before the value, the most first, else the phrase to its left or over it."""
    tokens = rows[index].tokens
    span = (tokens[start].x0, tokens[stop - 1].x1)
    left: tuple[Token, ...] = ()
    for phrase in rows[index].phrases():
        if phrase.x1 < span[0]:
            left = phrase.tokens
        elif _overlap((phrase.x0, phrase.x1), span):
            before = [token for token in phrase.tokens if token.x1 <= span[0]]
            for count in range(min(len(before), _LABEL_WORDS), 0, -1):
                yield from _worded(before[-count:])
    yield from _worded(left[-_LABEL_WORDS:])
    if index and rows[index - 1].page == rows[index].page:
        for phrase in rows[index - 1].phrases():
            if _overlap((phrase.x0, phrase.x1), span):
                yield from _worded(phrase.tokens[:_LABEL_WORDS])


def _worded(tokens: Sequence[Token]) -> Iterator[str]:
    """The text when it can be a label: letters and no figures."""
    text = " ".join(t.text for t in tokens).strip(" :")
    if len(squeeze(text)) > 2 and not any(c.isdigit() for c in text):
        yield text
