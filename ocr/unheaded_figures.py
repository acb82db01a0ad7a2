"""Columns of numbers beside the products of a table without headings: taxes, positions, codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from ocr.identifiers import gtin_valid
from ocr.products import Block, Figure, figures_of, under
from ocr.rows import Row, Token

_CENT = Decimal("0.01")
_GROSS = {"value": "gross", "price": "price_gross"}  # of a table that multiplies with tax
_RATES = frozenset(
    Decimal(n) for n in (0, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27)
)


_Column = list[Figure | None]  # by line


def with_taxes(
    rows: Sequence[Row],
    block: Block,
    columns: Sequence[tuple[str, list[Token]]],
    mark: str,
    printed: Callable[[Decimal], bool],
) -> list[tuple[str, list[Token]]]:
    """The columns and what else stands in numbers beside them: rates, taxes, the other side.

    `printed` tells whether an amount stands outside of the lines.
    """
    found = list(columns)
    known = list(tokens_in(columns))
    lines = [
        [f for f in figures_of(rows[n], mark) if f.token not in known and not f.worded]
        for n in block.rows
    ]
    values = [p.result.value for p in block.products]
    others = _columns_of(lines)
    full = [column for column in others if None not in column]
    rates = sorted((c for c in others if _is_rate(c)), key=lambda c: not c[0] or not c[0].percent)
    rated = rates[0] if rates else None
    amounts = [c for c in full if c is not rated and all(f.money for f in c if f)]
    tax, gross, net = _other_side(values, amounts, rated)
    if rated is None and tax is None and gross is None and net is None:
        gross, net = _side_alone(values, amounts, printed)
    if net is not None:
        found = [(_GROSS.get(meaning, meaning), tokens) for meaning, tokens in found]
    elif gross is not None or tax is not None:
        found = [("net" if meaning == "value" else meaning, tokens) for meaning, tokens in found]
    told = (("net", net), ("vat", tax), ("gross", gross), ("vat_rate", rated))
    found += [(meaning, _tokens(column)) for meaning, column in told if column is not None]
    return _rest(found, others, (net, tax, gross, rated))


def _other_side(
    values: Sequence[Decimal], amounts: Sequence[_Column], rated: _Column | None
) -> tuple[_Column | None, _Column | None, _Column | None]:
    """The columns of tax, gross and net values that fit to these values; None where none does."""
    for column, second in permutations(amounts, 2):
        if _all_near(values, second, column, lambda v, t, g: v + t - g):
            return second, column, None
        if _all_near(values, second, column, lambda v, t, n: n + t - v):
            return second, None, column
    tax = gross = None
    for column in amounts if rated is not None and any(f and f.value for f in rated) else ():
        if _all_near(values, rated, column, lambda v, r, g: v * (100 + r) / 100 - g):
            gross = column
        elif _all_near(values, rated, column, lambda v, r, n: n * (100 + r) / 100 - v):
            return None, None, column
        elif _all_near(values, rated, column, lambda v, r, t: v * r / 100 - t):
            tax = column
    return tax, gross, None


def _side_alone(
    values: Sequence[Decimal], amounts: Sequence[_Column], printed: Callable[[Decimal], bool]
) -> tuple[_Column | None, _Column | None]:
    """The column of gross or of net values of a table that prints neither rates nor taxes.

    On every row both differ by a rate that some country takes, on one row at least by more than
    none, and what the column adds up to is printed as a sum.
    """
    for column in amounts:
        others = [f.value for f in column if f]
        if others == list(values) or not printed(sum(others, Decimal(0))):
            continue
        if all(_taxed(v, other) for v, other in zip(values, others, strict=True)):
            return column, None
        if all(_taxed(other, v) for v, other in zip(values, others, strict=True)):
            return None, column
    return None, None


def _taxed(net: Decimal, gross: Decimal) -> bool:
    return any(abs(net * (100 + rate) / 100 - gross) <= _CENT for rate in _RATES)


def _all_near(
    values: Sequence[Decimal],
    second: _Column | None,
    third: _Column,
    rest: Callable[[Decimal, Decimal, Decimal], Decimal],
) -> bool:
    """Whether nothing rests of an equation in any row; an empty rate is none."""
    zero = Decimal(0)
    return all(
        abs(rest(v, b.value if b else zero, c.value if c else zero)) <= _CENT
        for v, b, c in zip(values, second or [], third, strict=True)
    )


def tokens_in(columns: Sequence[tuple[str, list[Token]]]) -> Iterator[Token]:
    """All tokens of these columns."""
    for _, tokens in columns:
        yield from tokens


def _tokens(column: _Column) -> list[Token]:
    return [f.token for f in column if f]


def _columns_of(lines: Sequence[Sequence[Figure]]) -> list[_Column]:
    """Figures of several rows that stand under one another on most of them."""
    found: list[_Column] = []
    used: set[int] = set()
    for line in lines:
        for figure in line:
            if id(figure) in used:
                continue
            column: _Column = []
            for other in lines:
                free = [f for f in other if id(f) not in used]
                column.append(under(free, figure.token))
            told = [f for f in column if f]
            if 2 * len(told) > len(lines):
                used.update(id(f) for f in told)
                found.append(column)
    return found


def _is_rate(column: _Column) -> bool:
    told = [f for f in column if f]
    return (
        all(f.value in _RATES for f in told)
        and (
            all(f.percent for f in told)
            or (len(told) == len(column) and not any(f.money for f in told))
        )
        and [f.value for f in told] != [Decimal(n) for n in range(1, len(told) + 1)]
    )


def _rest(
    found: list[tuple[str, list[Token]]],
    others: Sequence[_Column],
    used: Sequence[_Column | None],
) -> list[tuple[str, list[Token]]]:
    """Numbers whose meaning is their form: positions, codes; others are kept apart as such."""
    edge = min(t.x0 for _, tokens in found for t in tokens)
    for column in others:
        if any(column is u for u in used):
            continue
        told = [f for f in column if f]
        values = [f.value for f in told]
        tokens = _tokens(column)
        steps = {b - a for a, b in pairwise(values)}
        counted = steps <= {Decimal(1), Decimal(10)} and len(steps) < 2 and values[0] in (1, 10)
        first = all(t.x1 < edge for t in tokens) or all(f.led for f in told)
        if counted and first and not any(f.money for f in told):
            found.append(("no", tokens))
        elif all(len(t.text) in (8, 12, 13, 14) and gtin_valid(t.text) for t in tokens):
            found.append(("gtin", tokens))
        elif all(f.money or f.percent for f in told):
            found.append(("other", tokens))
    return found
