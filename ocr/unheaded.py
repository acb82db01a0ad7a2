"""A table whose headings are not understood, or that has none: its columns by arithmetic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr import numbers
from ocr.card_words import words_of
from ocr.entry import Entry
from ocr.headings import PRICES, Cell, Heading
from ocr.labels import COLUMN_LEXICON, UNITS
from ocr.products import Block, Figure, blocks, figures_of, holds
from ocr.reading import Proof
from ocr.rows import Row, Token, with_minus, with_whole_numbers
from ocr.unheaded_figures import with_taxes
from ocr.unheaded_texts import leading, texts

_CENT = Decimal("0.01")
_MOST_TAXED = Decimal("1.3")  # times the net: no country of the EU taxes more
_MOST_ROWS = 400  # of a document that is searched
_HEADING_ROWS = 4
_UNITED = 3.0  # what units are worth that stand beside a column
_TELLS = 2.0  # so much more must speak for one column than for the other
_LABELS = 3  # on each row: the figures stand in no columns
_NEAR = 3.2  # row heights between a heading and the first item


@dataclass(frozen=True, slots=True)
class Unheaded:
    """What the figures show: the table's heading in our meanings, and how many lines it has.

    `sure` is whether it is known which factor is the quantity and which the price.
    """

    heading: Heading
    lines: int
    sure: bool


def add_up(
    entries: Sequence[Entry], rows: Sequence[Row], tables: frozenset[int], mark: str
) -> bool:
    """Whether every line that was read is a product and their sum is printed outside of them."""
    if not entries or any(_impossible(e) for e in entries):
        return False
    for side in ("net", "value", "gross"):
        values = [e.numbers[side].value for e in entries if side in e.numbers]
        if len(values) == len(entries) and all(_multiplied(e, side) for e in entries):
            return is_printed(sum(values, Decimal(0)), amounts_outside(rows, tables, mark))
    return False


def values_add_up(
    entries: Sequence[Entry], rows: Sequence[Row], tables: frozenset[int], mark: str
) -> bool:
    """Whether the values of lines without prices add up to a sum that is printed elsewhere."""
    for side in ("net", "value", "gross"):
        values = [e.numbers[side].value for e in entries if side in e.numbers]
        if values and len(values) == len(entries):
            return is_printed(sum(values, Decimal(0)), amounts_outside(rows, tables, mark))
    return False


def _impossible(entry: Entry) -> bool:
    """Whether its two values cannot be the same goods without and with tax."""
    net, gross = entry.numbers.get("net"), entry.numbers.get("gross")
    if net is None or gross is None:
        return False
    return not abs(net.value) <= abs(gross.value) <= _MOST_TAXED * abs(net.value)


def _multiplied(entry: Entry, side: str) -> bool:
    """Whether quantity and a price that was read make the value."""
    if entry.quantity is None:
        return False
    cut = entry.numbers.get("discount")
    return any(
        holds(entry.quantity.value, price.value, entry.numbers[side].value, off)
        for meaning, price in entry.numbers.items()
        if meaning in PRICES
        for off in (None, cut.value if cut else None)
    )


def unheaded(rows: Sequence[Row], mark: str, skip: frozenset[int]) -> Unheaded | None:
    """The table of lines that is found by its products; None where nothing or two things fit.

    `skip` are the numbers of rows that are known to list something else, as rates of tax.
    """
    if len(rows) > _MOST_ROWS or any(t.doubt for row in rows[:3] for t in row.tokens):
        return None
    rows = [with_minus(with_whole_numbers(row)) for row in rows]
    found = [
        b
        for b in blocks(rows, mark)
        if _named(rows, b)
        and not _labelled(rows, b, mark)
        and (not skip & set(b.rows) or _surely_lines(rows, b, mark))
    ]
    best = _best(found, rows, mark)
    if best is None:
        return None
    return _table(rows, best, mark)


def unsure(entries: Sequence[Entry]) -> None:
    """Mark quantities as guesses that no product may prove."""
    for entry in entries:
        if entry.quantity is not None:
            entry.quantity = replace(entry.quantity, proof=Proof.GUESSED, raw="", confidence=0.5)


def amounts_outside(rows: Sequence[Row], skip: frozenset[int], mark: str) -> frozenset[Decimal]:
    """All amounts that are printed outside of these rows."""
    return frozenset(
        figure.value
        for index, row in enumerate(rows)
        if index not in skip
        for figure in figures_of(with_minus(with_whole_numbers(row)), mark)
        if figure.money
    )


def is_printed(total: Decimal, amounts: frozenset[Decimal]) -> bool:
    return any(total + off in amounts for off in (0, _CENT, -_CENT))


def _named(rows: Sequence[Row], block: Block) -> bool:
    """Whether words stand beside the figures, or over each of them."""
    return all(
        any(sum(c.isalpha() for c in t.text) > 2 for t in rows[n].tokens)
        or (n > 0 and sum(c.isalpha() for c in rows[n - 1].text) > 2)
        for n in block.rows
    )


def _labelled(rows: Sequence[Row], block: Block, mark: str) -> bool:
    """Whether each row says itself what its figures are: such rows are no columns."""
    told = [words_of(rows[n], n, mark) for n in block.rows]
    if all(any(f.times for f in words.facts) and not words.named for words in told):
        return True  # `12 szt. po 14,50 zł = 174,00 zł` under a name
    return all(sum(bool(f.meaning) for f in words.facts) >= _LABELS for words in told)


def _surely_lines(rows: Sequence[Row], block: Block, mark: str) -> bool:
    """Whether a block is no table of rates, though headings say so: these do not multiply."""
    return block.telling > 1 and is_printed(
        block.total, amounts_outside(rows, frozenset(block.rows), mark)
    )


def _best(found: Sequence[Block], rows: Sequence[Row], mark: str) -> Block | None:
    """The block that explains most; None where others say something else as well as it does."""
    if not found:
        return None
    ranks: dict[int, tuple[bool, int, int]] = {}
    for n, block in enumerate(found):
        outside = amounts_outside(rows, frozenset(block.rows), mark)
        closed = is_printed(block.total, outside)
        if not closed and (block.telling < 2 or len(block.rows) < 2):
            continue
        ranks[n] = (closed, len(block.rows), block.telling)
    if not ranks:
        return None
    top = max(ranks.values())
    best = [found[n] for n, rank in ranks.items() if rank == top]
    told = {(b.rows, tuple(p.values for p in b.products)) for b in best}
    if len(told) > 1:
        united = [b for b in best if _united(rows, b)]
        return united[0] if len(united) == 1 else _of_both_sides(best)
    # The figures nearest to each other in the usual order: what is left of the price counts.
    return best[0]


def _united(rows: Sequence[Row], block: Block) -> bool:
    """Whether units stand beside one of the factors."""
    left, right = [p.first for p in block.products], [p.second for p in block.products]
    return max(_counts(rows, block, left), _counts(rows, block, right)) >= _UNITED


def _of_both_sides(best: Sequence[Block]) -> Block | None:
    """Of a table that multiplies net and gross prices the side without tax."""
    ordered = sorted(best, key=lambda b: b.total)
    low = ordered[0]
    alike = all(
        b.rows == low.rows
        and all(
            {p.first.value, p.second.value} & {q.first.value, q.second.value}
            for p, q in zip(low.products, b.products, strict=True)
        )
        and b.total > low.total
        for b in ordered[1:]
    )
    return low if alike and len(ordered) == 2 else None


def _table(rows: Sequence[Row], block: Block, mark: str) -> Unheaded | None:
    quantity, price, sure = _factors(rows, block)
    sure = sure and block.telling > 0  # a lone 1 may be the row's number
    columns: list[tuple[str, list[Token]]] = [
        ("quantity", [f.token for f in quantity]),
        ("price", [f.token for f in price]),
        ("value", [p.result.token for p in block.products]),
    ]
    cuts = [p.cut.token for p in block.products if p.cut]
    if cuts:
        columns.append(("discount", cuts))
    outside = amounts_outside(rows, frozenset(block.rows), mark)
    columns = with_taxes(rows, block, columns, mark, lambda total: is_printed(total, outside))
    beside, over = texts(rows, block, columns)
    columns += beside
    first = block.rows[0] - leading(rows, block, beside)
    cells = tuple(
        Cell(meaning, "", min(t.x0 for t in tokens), max(t.x1 for t in tokens))
        for meaning, tokens in columns
    )
    cells = tuple(sorted(cells, key=lambda c: c.x0 + c.x1))
    upper: tuple[Cell, ...] = ()
    if over:
        first = block.rows[0] - 1
        upper = (Cell("name", "", min(t.x0 for t in over), max(t.x1 for t in over)),)
    top = _heading_above(rows, first, cells)
    cells = tuple(replace(c, text=_over(rows[top:first], c)) for c in cells)
    return Unheaded(Heading(top, first - 1, cells, 0.0, upper), len(block.rows), sure)


def _factors(rows: Sequence[Row], block: Block) -> tuple[list[Figure], list[Figure], bool]:
    """Quantities, prices, and whether it is told which is which."""
    left = [p.first for p in block.products]
    right = [p.second for p in block.products]
    if all(a.value == b.value for a, b in zip(left, right, strict=True)):
        return left, right, True
    counts = [_counts(rows, block, figures) for figures in (left, right)]
    over = [_said_over(rows, block, figures) for figures in (left, right)]
    scores = [count + said for count, said in zip(counts, over, strict=True)]
    # A unit between two columns speaks for both, and decimals alone are habits of a house; the
    # product holds as well with its factors the other way round.
    sure = abs(scores[0] - scores[1]) >= _TELLS
    return (left, right, sure) if scores[0] >= scores[1] else (right, left, sure)


def _counts(rows: Sequence[Row], block: Block, figures: Sequence[Figure]) -> float:
    """How much a column looks like quantities, by units and decimals; below 0 like prices."""
    score = 0.0
    beside = [_neighbours(rows[n], f.token) for n, f in zip(block.rows, figures, strict=True)]
    if all(
        f.counted or any(t.key in UNITS for t in near)
        for f, near in zip(figures, beside, strict=True)
    ):
        score += _UNITED
    if any(numbers.currency(t.text) for near in beside for t in near) or any(
        numbers.currency(f.token.text) for f in figures
    ):
        score -= 3.0
    places = [_places(f) for f in figures]
    if all(n == 0 for n in places):
        score += 2.0
    elif all(n in (2, 4) for n in places):
        score -= 1.0
    elif len(set(places)) > 1 or places[0] == 3:
        score += 1.0
    return score


def _places(figure: Figure) -> int:
    found = re.search(r"[.,](\d+)\D*$", figure.token.text)
    return len(found[1]) if found else 0


def _neighbours(row: Row, token: Token) -> list[Token]:
    """The words straight before and behind, no further than a column's gap."""
    tokens = list(row.tokens)
    place = next(n for n, t in enumerate(tokens) if t is token or t == token)
    near = tokens[max(0, place - 1) : place] + tokens[place + 1 : place + 2]
    return [t for t in near if not any(map(str.isdigit, t.text))]


def _said_over(rows: Sequence[Row], block: Block, figures: Sequence[Figure]) -> float:
    """What a heading over the column that is understood says about it."""
    x0, x1 = min(f.token.x0 for f in figures), max(f.token.x1 for f in figures)
    for row in reversed(rows[max(0, block.rows[0] - _HEADING_ROWS) : block.rows[0]]):
        for phrase in row.phrases():
            if phrase.x0 < x1 and phrase.x1 > x0:
                meaning = COLUMN_LEXICON.exact.get("".join(t.key for t in phrase.tokens), "")
                if meaning == "quantity":
                    return 4.0
                if meaning.startswith("price"):
                    return -4.0
    return 0.0


def _heading_above(rows: Sequence[Row], first: int, cells: Sequence[Cell]) -> int:
    """Where the rows of headings over the first item begin; `first` where there are none."""
    top = first
    below = rows[first]
    for index in range(first - 1, max(-1, first - 1 - _HEADING_ROWS), -1):
        row = rows[index]
        near = below.y0 - row.y1 < _NEAR * row.height
        if row.page != below.page or not near or any(map(str.isdigit, row.text)):
            break
        over = sum(any(p.x0 < c.x1 and p.x1 > c.x0 for c in cells) for p in row.phrases())
        if over < min(3, len(cells) - 1):
            break
        top, below = index, row
    return top


def _over(rows: Sequence[Row], cell: Cell) -> str:
    """The printed words over a column, where they stand over it alone."""
    words = [
        phrase.text
        for row in rows
        for phrase in row.phrases()
        if phrase.x0 < cell.x1 and phrase.x1 > cell.x0
    ]
    return " ".join(words)
