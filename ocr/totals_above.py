"""Totals whose labels stand in a row over their figures, or under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from ocr import numbers
from ocr.reading import Value
from ocr.rows import Row, Token
from ocr.token_values import amount_of
from ocr.totals import PAYS, Amount, amounts_in, meaning_of

_TOTALS = frozenset({"net", "vat", "gross", "sum", "due"})
_WHOLE = 3.0  # the weight of a label that is known as a whole
_WEIGHT = 2.6  # of an amount that its label does not stand beside
_CARD = 1.0  # the weight of an amount on a card of its own
_NEAR = 3.2  # row heights between the labels and their figures
_FEWEST_SUMS = 2
_BESIDE, _ALONE = 0.12, 0.25  # of the page's width between a label's end and its figure
_MOST_WORDS = 6  # of one label


@dataclass(frozen=True, slots=True)
class _Label:
    meaning: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Value[Decimal]
    x0: float
    x1: float


def amounts_beyond(rows: Sequence[Row], mark: str, skip: frozenset[int]) -> list[Amount]:
    """Amounts under a row of labels of totals, or over it where none stand under it.

    A row of labels names two sums at least and holds no amount itself; or single labels stand over
    single amounts, one pair under another. `skip` are rows of tables, whose headings name the same
    things.
    """
    found: list[Amount] = []
    alone: list[Amount] = []
    for index, row in enumerate(rows):
        if index in skip or len(row.tokens) > 5 * _MOST_WORDS:
            continue
        labels = _labels(row)
        if len(labels) == 1 and labels[0].meaning:
            pairs = _figures(rows, index, 1, labels, mark, skip)
            alone.extend(Amount(m.meaning, f.value, _WEIGHT, index + 1) for m, f in pairs)
        if len({label.meaning for label in labels} & _TOTALS) < _FEWEST_SUMS:
            continue
        for step in (1, -1):
            if pairs := _figures(rows, index, step, labels, mark, skip):
                found.extend(
                    Amount(label.meaning, figure.value, _WEIGHT, index + step)
                    for label, figure in pairs
                    if label.meaning
                )
                break
    # A label over one amount may be any field's; several such pairs are a list of sums.
    stacked = len({a.meaning for a in alone} & _TOTALS) > 1
    return [*found, *(alone if stacked else ()), *_cards(rows, mark, skip)]


def _cards(rows: Sequence[Row], mark: str, skip: frozenset[int]) -> Iterator[Amount]:
    """A single sum to pay on a card of its own: `TOTAL DUE` over or under nothing but its amount.

    It may as well be what the customer owes in all, so it counts only where it agrees.
    """
    for index, row in enumerate(rows):
        if index in skip:
            continue
        phrases = row.phrases()
        for place, phrase in enumerate(phrases):
            if len(phrase.tokens) > _MOST_WORDS or any(map(str.isdigit, phrase.text)):
                continue
            meaning, weight = meaning_of(phrase.tokens)
            key = "".join(t.key for t in phrase.tokens)
            pays = meaning == "due" or any(w in key for w in PAYS)
            if weight < _WHOLE or not (pays or meaning == "gross"):
                continue
            beside = phrases[place + 1] if place + 1 < len(phrases) else None
            if beside is not None and any(map(str.isdigit, beside.text)):
                continue
            for step in (1, -1):
                if value := _sole_amount(rows, index, step, phrase, mark):
                    yield Amount("due" if pays else "gross", value, _CARD, index + step, "", True)
                    break


def _sole_amount(
    rows: Sequence[Row], index: int, step: int, label: Row, mark: str
) -> Value[Decimal] | None:
    place = index + step
    if not 0 <= place < len(rows) or rows[place].page != label.page:
        return None
    row = rows[place]
    for phrase in row.phrases():
        apart = abs(phrase.middle - label.middle) > _NEAR * max(phrase.height, label.height)
        if apart or phrase.x0 >= label.x1 or phrase.x1 <= label.x0 or not _bare(phrase):
            continue
        figures = _amounts(phrase, mark)
        return figures[0].value if len(figures) == 1 else None
    return None


def over_their_labels(rows: Sequence[Row], place: int) -> bool:
    """Whether a row is nothing but sums that the next row names: no item, wherever they stand."""
    row = rows[place]
    if place + 1 >= len(rows) or len(row.tokens) < _FEWEST_SUMS or not _bare(row):
        return False
    return len({label.meaning for label in _labels(rows[place + 1])} & _TOTALS) >= _FEWEST_SUMS


def begin_stacked(rows: Sequence[Row], place: int) -> bool:
    """Whether sums begin here whose labels stand over their figures: two such pairs follow."""
    pairs = [rows[n : n + 2] for n in (place, place + 2)]
    return all(
        len(pair) == 2
        and len(labels := _labels(pair[0])) == 1
        and labels[0].meaning in _TOTALS
        and _bare(pair[1])
        for pair in pairs
    )


def _labels(row: Row) -> list[_Label]:
    """The labels of a row without amounts, also those that nobody knows; none in a sentence."""
    found: list[_Label] = []
    for phrase in row.phrases():
        tokens = phrase.tokens
        if numbers.dates(phrase.text):  # `Do zapłaty do 25.01.2025`
            tokens = tuple(takewhile(lambda t: not any(map(str.isdigit, t.text)), tokens))
        parts = _parts(tokens) if tokens else None
        if parts is None:
            return []
        found.extend(parts)
    return found


def _parts(tokens: Sequence[Token]) -> list[_Label] | None:
    """What a phrase names: one label, or several whose gap was small; None for what is none."""
    if any(c.isdigit() for t in tokens for c in t.text if "%" not in t.text):
        return None
    best: list[_Label] | None = None
    for cut in range(len(tokens), 0, -1):
        if cut > _MOST_WORDS:
            continue
        meaning, weight = meaning_of(tokens[:cut])
        if weight < _WHOLE:
            continue
        rest = _parts(tokens[cut:]) if cut < len(tokens) else []
        if rest is not None and all(part.meaning for part in rest):
            best = [_Label(meaning, tokens[0].x0, tokens[cut - 1].x1), *rest]
            break
    return best or [_Label("", tokens[0].x0, tokens[-1].x1)]


def _figures(
    rows: Sequence[Row],
    index: int,
    step: int,
    labels: Sequence[_Label],
    mark: str,
    skip: frozenset[int],
) -> list[tuple[_Label, _Figure]]:
    """Each label with its figure of the next row; nothing where a further row lists more."""
    place = index + step
    if not 0 <= place < len(rows) or (place in skip and not (step < 0 and _bare(rows[place]))):
        return []
    row, here = rows[place], rows[index]
    if row.page != here.page or abs(row.middle - here.middle) > _NEAR * max(
        row.height, here.height
    ):
        return []
    pairs = _paired(labels, _amounts(row, mark))
    if len(labels) == 1:
        return pairs if _bare(row) else []
    if sum(label.meaning in _TOTALS for label, _ in pairs) < 2:
        return []
    beyond = place + step
    if 0 <= beyond < len(rows) and rows[beyond].page == row.page:
        near = abs(rows[beyond].middle - row.middle) < _NEAR * row.height
        if (
            near
            and (step > 0 or _bare(rows[beyond]))
            and len(_paired(labels, _amounts(rows[beyond], mark))) > 1
        ):
            return []
    return pairs


def _bare(row: Row) -> bool:
    """Whether a row says nothing but amounts; the last one of a table may be its sums."""
    return all(
        numbers.currency(t.text) is not None for t in row.tokens if any(map(str.isalpha, t.text))
    )


def _amounts(row: Row, mark: str) -> list[_Figure]:
    return [
        _Figure(amount_of(value, row.tokens[i:j]), row.tokens[i].x0, row.tokens[j - 1].x1)
        for value, i, j, decimals in amounts_in(row, mark)
        if decimals
    ]


def _paired(labels: Sequence[_Label], figures: Sequence[_Figure]) -> list[tuple[_Label, _Figure]]:
    """By their order where there are as many of both, else by where they stand."""
    if len(labels) == len(figures):
        reach = _ALONE if len(labels) == 1 else _BESIDE
        inside = all(
            f.x0 < label.x1 + reach and f.x1 > label.x0 - reach
            for label, f in zip(labels, figures, strict=True)
        )
        return list(zip(labels, figures, strict=True)) if inside else []
    pairs: list[tuple[_Label, _Figure]] = []
    for label in labels:
        over = [f for f in figures if f.x0 < label.x1 and f.x1 > label.x0]
        if len(over) == 1:
            pairs.append((label, over[0]))
    used = [id(figure) for _, figure in pairs]
    return pairs if len(set(used)) == len(used) else []
