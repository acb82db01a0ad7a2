"""Items drawn as cards, without columns: a name, and figures on rows around it, by arithmetic.

`3 szt × 12,50 zł · VAT 23 %` under a name and its value at the right, or `Ilość: 3`,
`Cena netto: 12,50`, `Wartość: 37,50` in any arrangement. A card is a product whose figures play
the same parts in every card; all cards together add up to a sum that is printed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ocr.card_words import Fact, Words, words_by_row
from ocr.grid import NOWHERE, POSITION, Column, Item, Table
from ocr.headings import AMOUNTS, PRICES, Cell, Heading
from ocr.products import holds
from ocr.rows import Row, Token, with_minus, with_whole_numbers
from ocr.table_rows import is_sum
from ocr.unheaded import amounts_outside, is_printed

_MOST_ROWS = 400  # of a document that is searched
_REACH = 6  # rows between the figures of one card
_MOST_CHOICES = 40  # products of one quantity
_STEP = 2.2  # row heights between rows of one card where no other card tells
_MOST_LEAD = 3  # rows of a name over the figures of a lone card
_RATES = frozenset(map(Decimal, (0, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 19, 20, 21, 22, 23, 25)))


@dataclass(frozen=True, slots=True)
class _Card:
    """The figures of one item: `count` × `price` (less `cut`) = `value`."""

    count: Fact
    price: Fact
    value: Fact
    cut: Fact | None = None

    @property
    def first(self) -> int:
        return min(f.row for f in self.facts)

    @property
    def last(self) -> int:
        return max(f.row for f in self.facts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        told = (self.count, self.price, self.value, self.cut)
        return tuple(f for f in told if f is not None)

    @property
    def telling(self) -> bool:
        return Decimal(1) not in (self.count.figure.value, self.price.figure.value)

    @property
    def shape(self) -> tuple[object, ...]:
        """What is the same from card to card: labels, signs and the order of the rows."""
        place = self.count.row
        return (
            *(f.context for f in (self.count, self.price, self.value)),
            _sign(self.price.row - place),
            _sign(self.value.row - place),
        )


def read_cards(rows: Sequence[Row], mark: str) -> Table | None:
    """The table that the cards of a document make; None where nothing adds up."""
    if len(rows) > _MOST_ROWS or any(t.doubt for row in rows[:3] for t in row.tokens):
        return None
    rows = [with_minus(with_whole_numbers(row)) for row in rows]
    words = words_by_row(rows, mark)
    facts = [fact for w in words for fact in w.facts]
    counts = [f for f in facts if _counts(f)]
    if not counts:
        return None
    best: list[_Card] = []
    for cards in _series(counts, facts, rows):
        if len(cards) > len(best) and _adds_up(cards, rows, mark):
            best = cards
    if not best:
        return None
    extents = _extents(best, rows, words, mark)
    return _table(best, extents, rows, words) if extents else None


def _counts(fact: Fact) -> bool:
    """Whether something says that a figure is a quantity."""
    figure = fact.figure
    if figure.percent or not figure.value:
        return False
    return (
        fact.meaning == "quantity"
        or (fact.meaning == "" and (fact.unit is not None or figure.counted))
        or (fact.meaning == "" and fact.times != "" and not figure.money)
    )


def _series(
    counts: Sequence[Fact], facts: Sequence[Fact], rows: Sequence[Row]
) -> Iterator[list[_Card]]:
    """Cards of one shape each, in document order, none within another; the most telling first."""
    shapes: dict[tuple[object, ...], dict[int, _Card]] = {}
    for number, count in enumerate(counts):
        for card in _cards_of(count, facts, rows):
            known = shapes.setdefault(card.shape, {})
            other = known.get(number)
            if other is None or _far(card) < _far(other):
                known[number] = card
    ordered = sorted(shapes.items(), key=lambda s: (-len(s[1]), -_clear(s[0])))
    for _, known in ordered:
        cards = [known[n] for n in sorted(known)]
        apart: list[_Card] = []
        for card in cards:
            if not apart or card.first > apart[-1].last:
                apart.append(card)
        yield apart


def _clear(shape: tuple[object, ...]) -> int:
    """How much a shape says; a value with a side is less surely the product than one without."""
    return sum(2 for part in shape[:3] if part) - (shape[2] == "gross")


def _cards_of(count: Fact, facts: Sequence[Fact], rows: Sequence[Row]) -> Iterator[_Card]:
    page = rows[count.row].page
    near = [
        f
        for f in facts
        if abs(f.row - count.row) <= _REACH and rows[f.row].page == page and f is not count
    ]
    prices = [f for f in near if f.meaning in PRICES or _may_be_price(f)]
    values = [f for f in near if f.figure.money and f.meaning in AMOUNTS | {""} and not f.times]
    cuts = [f for f in near if f.meaning == "discount" or (f.figure.percent and not f.meaning)]
    told = 0
    for price in prices:
        full = count.figure.value * price.figure.value
        for value in values:
            if value is price or told > _MOST_CHOICES:
                continue
            worth = value.figure.value
            if holds(count.figure.value, price.figure.value, worth):
                told += 1
                yield _Card(count, price, value)
            elif full and 0 < worth / full < 1:
                for cut in cuts:
                    if _taken_off(count, price, value, cut):
                        told += 1
                        yield _Card(count, price, value, cut)


def _may_be_price(fact: Fact) -> bool:
    if fact.meaning or fact.figure.percent:
        return False
    return fact.figure.money or fact.times == "before"


def _taken_off(count: Fact, price: Fact, value: Fact, cut: Fact) -> bool:
    off = abs(cut.figure.value)
    if not 0 < off < 100 or cut in (count, price, value):
        return False
    return holds(count.figure.value, price.figure.value, value.figure.value, off)


def _far(card: _Card) -> tuple[int, bool]:
    """How far apart the figures stand; of two prices the one that was charged comes first."""
    return sum(abs(f.row - card.count.row) for f in card.facts), card.cut is not None


def _sign(step: int) -> int:
    return (step > 0) - (step < 0)


def _adds_up(cards: Sequence[_Card], rows: Sequence[Row], mark: str) -> bool:
    """Whether the values add up to an amount that is printed beside none of the cards."""
    inside = frozenset(n for card in cards for n in range(card.first, card.last + 1))
    total = sum((card.value.figure.value for card in cards), Decimal(0))
    if not any(card.telling for card in cards) and len(cards) < 2 and _shy(cards[0]):
        return False
    return is_printed(total, amounts_outside(rows, inside, mark))


def _shy(card: _Card) -> bool:
    """Whether 1 × price = price stands without labels or signs."""
    return not (card.count.context and card.price.context)


def _extents(
    cards: Sequence[_Card], rows: Sequence[Row], words: Sequence[Words], mark: str
) -> list[range]:
    """The rows of each card, cut at the widest gap between two; [] where a card has no name."""
    begins, ends = [0] * len(cards), [0] * len(cards)
    for n, (card, following) in enumerate(pairwise(cards)):
        chain = range(card.last, following.first + 1)
        cut = _widest(rows, chain)
        ends[n], begins[n + 1] = cut, cut + 1
    leads = [card.first - begins[n] for n, card in enumerate(cards) if n]
    tails = [ends[n] - card.last for n, card in enumerate(cards[:-1])]
    begins[0] = _first(cards[0], rows, words, max(leads, default=_MOST_LEAD))
    ends[-1] = _last(cards[-1], rows, max(tails, default=0), mark)
    found = [range(a, b + 1) for a, b in zip(begins, ends, strict=True)]
    told = all(any(words[n].named or "name" in words[n].texts for n in e) for e in found)
    return found if told else []


def _widest(rows: Sequence[Row], chain: range) -> int:
    """The row of the chain behind which the widest gap is."""
    steps = {
        n: rows[n + 1].middle - rows[n].middle if rows[n].page == rows[n + 1].page else 9.0
        for n in chain[:-1]
    }
    return max(steps, key=lambda n: (round(steps[n], 4), n))


def _first(card: _Card, rows: Sequence[Row], words: Sequence[Words], most: int) -> int:
    top = card.first
    named = any(words[n].named for n in range(card.first, card.last + 1))
    for index in range(card.first - 1, max(-1, card.first - 1 - most), -1):
        row, below = rows[index], rows[index + 1]
        if row.page != below.page or below.middle - row.middle > _STEP * row.height:
            break
        if named and most == _MOST_LEAD:
            break
        top = index
    return top


def _last(card: _Card, rows: Sequence[Row], most: int, mark: str) -> int:
    end = card.last
    for index in range(card.last + 1, min(len(rows), card.last + 1 + most)):
        row, above = rows[index], rows[index - 1]
        if row.page != above.page or row.middle - above.middle > _STEP * row.height:
            break
        if is_sum(row, mark):
            break
        end = index
    return end


def _table(
    cards: Sequence[_Card], extents: Sequence[range], rows: Sequence[Row], words: Sequence[Words]
) -> Table:
    told = [
        _cells(card, number, [words[n] for n in extent])
        for number, (card, extent) in enumerate(zip(cards, extents, strict=True), start=1)
    ]
    meanings = sorted({m for cells in told for m in cells})
    columns = tuple(Column(m, "%" if m == "discount" else "", NOWHERE, NOWHERE) for m in meanings)
    place = {m: n for n, m in enumerate(meanings)}
    items: list[Item] = []
    for cells, extent in zip(told, extents, strict=True):
        item = Item(rows=[rows[n] for n in extent])
        item.cells = {place[m]: list(tokens) for m, tokens in cells.items()}
        item.anchor = {n: tokens for n, tokens in item.cells.items() if meanings[n] != "name"}
        items.append(item)
    first, last = extents[0][0], extents[-1][-1]
    cells_of = tuple(Cell(m, "", NOWHERE, NOWHERE) for m in meanings)
    return Table(Heading(first, first - 1, cells_of, 0.0), columns, items, last=last)


def _bare(token: Token) -> Token:
    """A figure without the brackets and commas of the sentence that it stands in."""
    return replace(token, text=token.text.strip("(),;"))


def _cells(card: _Card, place: int, words: Sequence[Words]) -> dict[str, list[Token]]:
    """The tokens of one card, the `place`th of them, by what they mean."""
    count, price, value = card.count, card.price, card.value
    cells = {
        "quantity": [_bare(count.figure.token)],
        price.meaning if price.meaning in PRICES else "price": [_bare(price.figure.token)],
        value.meaning if value.meaning in AMOUNTS else "value": [_bare(value.figure.token)],
    }
    if count.unit is not None:
        cells["unit"] = [count.unit]
    if card.cut is not None:
        cells["discount"] = [card.cut.figure.token]
    taken = {id(f.figure.token) for f in card.facts} | {id(count.unit), id(price.unit)}
    for part in words:
        for meaning, tokens in part.texts.items():
            cells.setdefault(meaning, tokens)
        for fact in part.facts:
            figure, meaning = fact.figure, fact.meaning
            if id(figure.token) in taken:
                continue
            if meaning in PRICES | AMOUNTS | {"vat_rate"}:
                cells.setdefault(meaning, [figure.token])
                taken.add(id(figure.token))
            elif not meaning and figure.percent and figure.value in _RATES:
                cells.setdefault("vat_rate", [figure.token])
                taken.add(id(figure.token))
    if "name" not in cells:
        lines = [(part, part.left(taken)) for part in words]
        around = any(left for part, left in lines if count not in part.facts)
        if around:  # `12 szt. po 14,50 zł each, plus VAT` under the name
            edge = count.figure.token.x0
            lines = [
                (part, [t for t in left if count not in part.facts or t.x0 < edge])
                for part, left in lines
            ]
        name = [t for _, left in lines for t in left]
        if POSITION.fullmatch(name[0].text) and name[0].text.rstrip(".)") == str(place):
            cells["no"] = [name.pop(0)]
        cells["name"] = name
    return cells
