"""Specks and pens over a slip: minuses that are none, prices without their first figure."""

from __future__ import annotations

from tests.ocr.slips import items, proven, read
from tests.ocr.test_receipt_forms import fiscal


def test_a_minus_that_no_word_explains_takes_nothing_back_where_the_sum_has_both() -> None:
    reading = read(
        fiscal(
            """
KOLANKO 20     1 x0,14 0,14A
KOLANKO 20     1 x0,14-0,14A
RURA 20 2M     1 x9,50 9,50A
""",
            "9,78",
        )
    )
    assert [amount for *_, amount in items(reading)] == ["0.14", "0.14", "9.50"]
    assert not [f for f in reading.findings if f.code in ("cancelled-item", "sum-differs")]


def test_a_minus_still_takes_back_where_the_sum_lacks_the_item() -> None:
    reading = read(
        fiscal(
            """
KOLANKO 20     1 x0,14   0,14A
KOLANKO 20     1 x0,14  -0,14A
RURA 20 2M     1 x9,50   9,50A
""",
            "9,50",
        )
    )
    assert [amount for *_, amount in items(reading)] == ["9.50"]
    assert [f.code for f in reading.findings] == ["cancelled-item"]


def test_a_price_without_its_whole_figures_is_told_by_the_amount() -> None:
    reading = read(
        fiscal(
            """
TASMA 50M      1 x,79 7,79A
TASMA 50M      1 x7,79 7,79A
""",
            "15,58",
        )
    )
    first, second = reading.lines
    assert items(reading) == [("TASMA 50M", "1", "7.79", "7.79")] * 2
    assert proven(first.line_gross)
    assert not proven(first.unit_price_gross)
    assert proven(second.unit_price_gross)


def test_an_end_of_a_price_that_does_not_fit_is_none() -> None:
    reading = read(fiscal("TASMA 50M      2 x,79 7,79A\nRURA 20 2M   1 x9,50 9,50A", "17,29"))
    assert not proven(reading.lines[0].line_gross) or not proven(reading.lines[0].unit_price_gross)


def test_a_letter_read_as_a_third_decimal_of_a_discount_is_its_letter() -> None:
    reading = read(
        fiscal(
            """
TASMA 50M      1 x7,79 7,79A
OPUST                -1,394
RURA 20 2M     1 x9,50 9,50A
""",
            "15,90",
        )
    )
    assert [(str(cut.amount.value), cut.applies_to) for cut in reading.discounts] == [("1.39", 1)]
    assert all(proven(line.line_gross) for line in reading.lines)


def test_names_without_figures_are_told_where_no_sum_can_tell() -> None:
    rows = """
RURA 20 2M        1 x9,50  9,50A
KLEJ 25KG
KOLANKO 20        2 x1,40  2,80A
ZAWOR KULOWY 1/2
TASMA 50M         1 x7,79  7,79A
"""
    (told,) = [f for f in read(rows).findings if f.code == "rows-unread"]
    assert dict(told.facts) == {"rows": "2"}
    assert not [f for f in read(fiscal(rows, "20,09")).findings if f.code == "rows-unread"]


def test_names_over_their_figures_are_not_unread() -> None:
    rows = """
RURA 20 2M
DO WODY             1 x9,50  9,50A
KOLANKO 20
                    2 x1,40  2,80A
TASMA 50M
                    1 x7,79  7,79A
"""
    assert not [f for f in read(rows).findings if f.code == "rows-unread"]
