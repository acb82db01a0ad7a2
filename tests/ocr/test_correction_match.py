"""Corrections laid on their originals: right row, never more than was sold."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import ksef
from ocr.correction_match import RowChange, against
from ocr.reading import Line
from tests.ocr import fa

CABLE = {"P_7": "Przewód YDYp 3x1,5"}
BOX = {"P_7": "Puszka 60", "P_8A": "szt."}


def sold(*rows: fa.Item) -> tuple[Line, ...]:
    return ksef.read_fa(fa.invoice(*rows)).lines


def corrected(*rows: fa.Item) -> tuple[Line, ...]:
    data = fa.invoice(*rows, kind="KOR", sums=[], notes=[fa.original()])
    return ksef.read_fa(data).lines


ORIGINAL = sold(
    fa.goods("10", "5.00", "50.00", NrWierszaFa="1", **CABLE),
    fa.goods("6", "4.00", "24.00", NrWierszaFa="2", **BOX),
)


def test_each_change_finds_its_row() -> None:
    rows = corrected(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", NrWierszaFa="7", **CABLE),
        fa.goods("7", "5.00", "35.00", NrWierszaFa="7", **CABLE),
        fa.goods("6", "4.00", "24.00", StanPrzed="1", NrWierszaFa="8", **BOX),
        fa.goods("6", "4.00", "24.00", NrWierszaFa="8", **BOX),
    )
    assert against(ORIGINAL, rows) == (RowChange(2, 1, Decimal(-3)),)


def lines(*rows: fa.Item) -> tuple[Line, ...]:
    """The rows of a correction as if a reader had judged each alone."""
    return tuple(
        replace(r, unit_delta=r.quantity.value, value_delta=r.line_net.value)
        for r in corrected(*rows)
        if r.quantity and r.line_net
    )


def test_rows_that_take_and_give_the_same_goods_are_netted_first() -> None:
    back = fa.goods("-10", "5.00", "-50.00", **CABLE)
    assert against(ORIGINAL, lines(back, fa.goods("10", "4.00", "40.00", **CABLE))) == (
        RowChange(1, 1, Decimal(0)),
        RowChange(2, 1, Decimal(0)),
    )
    assert against(ORIGINAL, lines(back, fa.goods("8", "5.00", "40.00", **CABLE))) == (
        RowChange(1, 1, Decimal(0)),
        RowChange(2, 1, Decimal(-2)),
    )


def test_never_more_is_taken_back_than_was_sold() -> None:
    rows = corrected(
        fa.goods("-8", "5.00", "-40.00", **CABLE), fa.goods("-8", "5.00", "-40.00", **CABLE)
    )
    assert against(ORIGINAL, rows) == (
        RowChange(1, 1, Decimal(-8)),
        RowChange(2, 1, Decimal(-2), "correction-exceeds-original"),
    )


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (
            fa.goods("1", "-50.00", "-50.00", **CABLE),
            RowChange(1, 1, None, "correction-cancels-line"),
        ),
        (fa.goods("1", "-5.00", "-5.00", **CABLE), RowChange(1, 1, Decimal(0))),
        (
            fa.goods("-1", "5.00", "-5.00", P_7="Kleszcze"),
            RowChange(1, None, Decimal(-1), "correction-row-not-found"),
        ),
        (
            fa.goods("2", "5.00", "10.00", **CABLE),
            RowChange(1, 1, Decimal(2), "correction-raises-quantity"),
        ),
        (
            fa.goods("10", "0.50", "5.00", **CABLE),
            RowChange(1, 1, None, "correction-price-differs"),
        ),
        (
            fa.goods("-10", "0.50", "-5.00", **CABLE),
            RowChange(1, 1, None, "correction-price-differs"),
        ),
        (fa.goods("-1", "4.00", "-4.00", **CABLE), RowChange(1, 1, Decimal(-1))),
        (
            fa.goods("-1", "5.00", "-5.00", **CABLE, P_8A="krąg"),
            RowChange(1, 1, None, "correction-unit-changed"),
        ),
        (
            fa.goods("-1", "-5.00", "5.00", **CABLE),
            RowChange(1, 1, None, "correction-units-unknown"),
        ),
    ],
)
def test_what_is_not_plain_is_named(row: fa.Item, change: RowChange) -> None:
    assert against(ORIGINAL, corrected(row)) == (change,)


def test_two_rows_of_one_product_are_told_apart_by_number_or_price() -> None:
    twice = sold(
        fa.goods("10", "5.00", "50.00", NrWierszaFa="1", **CABLE),
        fa.goods("20", "4.00", "80.00", NrWierszaFa="2", **CABLE),
    )
    by_number = corrected(fa.goods("-1", "4.50", "-4.50", NrWierszaFa="2", **CABLE))
    assert [c.original for c in against(twice, by_number)] == [2]
    by_price = corrected(fa.goods("-1", "4.00", "-4.00", NrWierszaFa="9", **CABLE))
    assert [c.original for c in against(twice, by_price)] == [2]
    unclear = corrected(fa.goods("-1", "4.50", "-4.50", NrWierszaFa="9", **CABLE))
    assert against(twice, unclear) == (RowChange(1, None, Decimal(-1), "correction-row-ambiguous"),)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_the_units_taken_back_never_exceed_the_units_sold(returns: list[int]) -> None:
    rows = corrected(*[fa.goods(f"-{n}", "5.00", f"-{n * 5}.00", **CABLE) for n in returns])
    taken = [change.units or Decimal(0) for change in against(ORIGINAL, rows)]
    assert -sum(taken) == min(10, sum(returns))


@pytest.mark.parametrize(("price", "doubt"), [("5.00", ""), ("4.00", "correction-price-differs")])
def test_what_a_credit_note_lists_came_back_only_at_its_price(price: str, doubt: str) -> None:
    worth = Decimal(price) * 4
    row = sold(fa.goods("4", price, str(worth), **CABLE))[0]
    credited = replace(row, unit_delta=Decimal(-4), value_delta=-worth)
    units = None if doubt else Decimal(-4)
    assert against(ORIGINAL, [credited]) == (RowChange(1, 1, units, doubt),)
