"""Rows of a text that multiply: quantity × price, less a discount, under one another. Pure.

A table whose headings say nothing, or that has none, is known by its figures: the same places of
several rows hold a factor, a factor and their product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ocr import numbers
from ocr.labels import UNITS, squeeze
from ocr.rows import Row, Token

_CENT = Decimal("0.01")
_SLACK = Decimal("0.0051")  # a product is rounded to the cent
_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_ALIGNED = 0.006  # of the page's width
_RAGGED = 0.05  # of the page's width: figures of one column that are not aligned
_MOST = 18  # figures of one row
_LONG = 12  # letters: an account or a code is no figure
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_BLANK = 0.62  # heights between two words of one text
_FAR = 14.0  # row heights between two items of one page


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands in a row: its value, its token and what is printed with it."""

    value: Decimal
    token: Token
    money: bool  # printed with two decimals
    percent: bool
    counted: bool  # a unit is glued to it
    worded: bool = False  # it stands between words of one text
    led: bool = False  # a word of three letters or more comes next


@dataclass(frozen=True, slots=True)
class Product:
    """Figures of one row with `first` × `second` (× (1 − `cut` %)) = `result`."""

    first: Figure
    second: Figure
    result: Figure
    cut: Figure | None = None

    @property
    def trivial(self) -> bool:
        """1 × price = price says nothing about what the figures are."""
        return _ONE in (self.first.value, self.second.value)

    @property
    def values(self) -> tuple[frozenset[Decimal], Decimal]:
        return frozenset((self.first.value, self.second.value)), self.result.value


@dataclass(frozen=True, slots=True)
class Block:
    """Products under one another, by the number of their row."""

    rows: tuple[int, ...]
    products: tuple[Product, ...]

    @property
    def total(self) -> Decimal:
        return sum((p.result.value for p in self.products), Decimal(0))

    @property
    def telling(self) -> int:
        """How many products are not by one."""
        return sum(not p.trivial for p in self.products)


def figures_of(row: Row, mark: str) -> list[Figure]:
    """The numbers of a row, left to right; dates and long codes are none."""
    found: list[Figure] = []
    for place, token in enumerate(row.tokens):
        text = token.text.strip("*|;()")
        if not any(map(str.isdigit, text)) or len(text) > _LONG + 3 or numbers.dates(text):
            continue
        behind = row.tokens[place + 1] if place + 1 < len(row.tokens) else None
        percent = text.endswith("%") or (behind is not None and behind.text == "%")
        value = numbers.amount(text.rstrip("%"), mark)
        counted = False
        if value is None:
            told = numbers.quantity(text, mark)
            if told is None or squeeze(told[1]) not in UNITS:
                continue
            value, counted = told[0], True
        money = _MONEY.search(text) is not None and not percent
        if money or len(text) < _LONG:
            worded = not money and _worded(row.tokens, place)
            led = behind is not None and _is_word(behind)
            found.append(Figure(value, token, money, percent, counted, worded, led))
    return found


def _worded(tokens: Sequence[Token], place: int) -> bool:
    """Whether words stand straight before and behind a token: `disc 3 inch`."""
    here = tokens[place]
    before = tokens[place - 1] if place else None
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    return (
        before is not None
        and behind is not None
        and here.x0 - before.x1 < _BLANK * here.height
        and behind.x0 - here.x1 < _BLANK * here.height
        and _is_word(before)
        and (_is_word(behind) or behind.key in UNITS or _is_mixed(behind.key))
    )


def _is_mixed(key: str) -> bool:
    """Whether letters and figures make one word: `600x1200`."""
    return key.isalnum() and not key.isalpha() and not key.isdigit()


def _is_word(token: Token) -> bool:
    return sum(c.isalpha() for c in token.text) > 2 and token.key not in UNITS


def aligned(one: Token, other: Token) -> bool:
    """Whether both end, begin or are centred on one line."""
    return _apart(one, other) < _ALIGNED


def _apart(one: Token, other: Token) -> float:
    return min(abs(one.x1 - other.x1), abs(one.x0 - other.x0), abs(one.middle - other.middle))


def under(figures: Sequence[Figure], place: Token) -> Figure | None:
    """The figure that stands in this place of another row."""
    best = min(figures, key=lambda f: _apart(f.token, place), default=None)
    return best if best is not None and aligned(best.token, place) else None


def holds(first: Decimal, second: Decimal, result: Decimal, cut: Decimal | None = None) -> bool:
    """Whether the product is right to the cent; half of the programs round the price first."""
    if not cut:
        return abs(first * second - result) <= _SLACK
    left = (_HUNDRED - cut) / _HUNDRED
    if abs(first * second * left - result) <= _CENT:
        return True
    return any(
        (price * left).quantize(_CENT, ROUND_HALF_UP) * count == result
        for price, count in ((first, second), (second, first))
    )


def products_of(figures: Sequence[Figure]) -> Iterator[Product]:
    """All products of a row; of equal factors the left one is named first."""
    if len(figures) > _MOST:
        return
    results = [f for f in figures if f.money and f.value]
    factors = [f for f in figures if not f.percent and not f.worded and f.value]
    cuts = [f for f in figures if 0 < f.value < _HUNDRED and not f.worded]
    rough = {id(f): float(f.value) for f in figures}
    for n, first in enumerate(factors):
        for second in factors[n + 1 :]:
            full = rough[id(first)] * rough[id(second)]
            for result in results:
                if result is first or result is second:
                    continue
                worth = rough[id(result)]
                if abs(full - worth) < 0.02:
                    if holds(first.value, second.value, result.value):
                        yield Product(first, second, result)
                elif 0 < worth / full < 1:
                    for cut in cuts:
                        if cut is first or cut is second or cut is result:
                            continue
                        if abs(full * (1 - rough[id(cut)] / 100) - worth) > 0.2 + worth / 500:
                            continue
                        if holds(first.value, second.value, result.value, cut.value):
                            yield Product(first, second, result, cut)


def blocks(rows: Sequence[Row], mark: str) -> list[Block]:
    """What may be the lines of a document: products that stand under one another.

    A further row with an amount in the place of the results, but no product, ends a block; texts
    between do not.
    """
    figures = [figures_of(row, mark) for row in rows]
    known = [list(products_of(found)) if len(found) > 2 else [] for found in figures]
    found: dict[tuple[object, ...], Block] = {}
    for start, products in enumerate(known):
        for product in products:
            block = _grown(rows, figures, known, start, product)
            if block is None:
                continue
            key = (block.rows, tuple(p.values for p in block.products))
            found.setdefault(key, block)
    whole = list(found.values())
    return [b for b in whole if not any(_part_of(b, other) for other in whole)]


def _part_of(block: Block, other: Block) -> bool:
    """Whether the other block says the same of more rows."""
    if len(other.rows) <= len(block.rows) or block.rows[-1] != other.rows[-1]:
        return False
    told = {row: product.values for row, product in zip(other.rows, other.products, strict=True)}
    return all(
        told.get(row) == product.values
        for row, product in zip(block.rows, block.products, strict=True)
    )


def _grown(
    rows: Sequence[Row],
    figures: Sequence[Sequence[Figure]],
    known: Sequence[Sequence[Product]],
    start: int,
    seed: Product,
) -> Block | None:
    """The block that begins with this product; None where a further row contradicts it."""
    numbers_of, products = [start], [seed]
    cut_at = seed.cut
    part = seed.result.value  # of the items since the last sum
    for index in range(start + 1, len(rows)):
        row, last = rows[index], rows[numbers_of[-1]]
        if row.page > last.page + 1:
            break
        if row.page == last.page and row.middle - last.middle > _FAR * last.height:
            break
        here = figures[index]
        result = under(here, seed.result.token)
        if result is None or not result.money:
            continue
        first, second = (under(here, f.token) for f in (seed.first, seed.second))
        if first is None or second is None or result in (first, second):
            if len(here) == 1 and result.value == part and _worded_row(row):
                part = Decimal(0)  # the sum of a group of items
                continue
            ragged = _ragged(known[index], seed, result)
            if ragged is None:
                break
            numbers_of.append(index)
            products.append(ragged)
            part += result.value
            continue
        rest = [f for f in here if f not in (first, second, result)]
        cut = under(rest, cut_at.token) if cut_at else None
        if not holds(first.value, second.value, result.value, cut.value if cut else None):
            empty = [f for f in rest if not any(_in_place(figures[n], f) for n in numbers_of)]
            late = None if cut_at else _cut(empty, first, second, result)
            if late is None:
                return None
            cut = cut_at = late
        numbers_of.append(index)
        products.append(Product(first, second, result, cut))
        part += result.value
    return Block(tuple(numbers_of), tuple(products))


def _worded_row(row: Row) -> bool:
    return any(_is_word(t) for t in row.tokens)


def _ragged(products: Sequence[Product], seed: Product, result: Figure) -> Product | None:
    """The only product with this result whose factors stand near the first item's.

    Where a unit follows a number that is set to the right, its place differs from row to row.
    """
    near = [
        p
        for p in products
        if p.result is result
        and p.cut is None
        and all(
            _apart(one.token, other.token) < _RAGGED
            for one, other in ((p.first, seed.first), (p.second, seed.second))
        )
    ]
    near = [p for p in near if not p.trivial] or near
    return near[0] if len({p.values for p in near}) == 1 else None


def _in_place(figures: Sequence[Figure], figure: Figure) -> bool:
    """Whether a row has a number in this one's place: no discount, as its product holds without."""
    other = under(figures, figure.token)
    return other is not None and bool(other.value)


def _cut(rest: Sequence[Figure], first: Figure, second: Figure, result: Figure) -> Figure | None:
    """The only figure that makes the product hold as a discount."""
    fits = [
        f
        for f in rest
        if 0 < f.value < _HUNDRED and holds(first.value, second.value, result.value, f.value)
    ]
    return fits[0] if len(fits) == 1 else None
