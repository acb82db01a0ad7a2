"""Slips that the picture does not show whole: a hint, and no total that nothing printed proves."""

from __future__ import annotations

import pytest

from ocr import cut_off
from ocr.reading import Finding, Reading, Severity
from tests.ocr.slips import proven, read, shown
from tests.ocr.test_receipt import SLIP


def upto(row: str) -> Reading:
    return read(SLIP[: SLIP.index(row)])


@pytest.mark.parametrize(
    ("reading", "sides"),
    [
        (read(SLIP), ()),
        (upto("SUMA PLN"), ("bottom",)),
        (upto("SPRZEDAŻ OPODATKOWANA A"), ("bottom",)),
        (upto("KLEJ CM11"), ("bottom",)),
        (read(SLIP[SLIP.index("KOLANO") :]), ("top",)),
        (read(SLIP[SLIP.index("KOLANO") : SLIP.index("SUMA PLN")]), ("top", "bottom")),
        (read("GARAGE 12\n"), ()),
    ],
)
def test_what_a_slip_lacks_tells_where_the_picture_ends(
    reading: Reading, sides: tuple[str, ...]
) -> None:
    assert cut_off.missing_sides(reading) == sides


def test_sales_that_agree_with_the_items_prove_no_total_without_the_sum() -> None:
    reading = upto("SUMA PLN")
    assert shown(reading.total_gross) == "668.00"

    assert not proven(cut_off.unproven(reading, ("bottom",)).total_gross)
    assert cut_off.unproven(reading, ("top",)) == reading


def test_one_hint_names_all_sides() -> None:
    blurred = Finding("photo-blurred", Severity.WARNING, (("page", "1"),))
    left = Finding("photo-cut-off", Severity.WARNING, (("page", "1"), ("sides", "left")))

    told = cut_off.hints((left, blurred), ("bottom", "top"), 1)

    assert [dict(one.facts).get("sides") for one in told] == [None, "left top"]
    assert cut_off.hints((blurred,), (), 1) == (blurred,)
    assert [cut_off.names_leave(one) for one in (left, blurred)] == [True, False]
