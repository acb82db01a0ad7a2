"""What a person is asked about a claim, and in which words of choice."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.doubts import (
    About,
    SeenLine,
    Why,
    counted_quantity,
    find_doubts,
    look_alikes,
)

SOCKET, FRAME = UUID(int=1), UUID(int=2)
THRESHOLD = Decimal("0.92")


def line(**facts: object) -> SeenLine:
    known: dict[str, object] = {
        "position": 3,
        "product_id": SOCKET,
        "match_score": Decimal(1),
        "candidates": [(SOCKET, Decimal(1))],
        "quantity": Decimal(60),
        "quantity_proven": True,
    }
    return SeenLine(**(known | facts))  # type: ignore[arg-type]


def test_a_sure_line_raises_no_question() -> None:
    assert find_doubts([line()], threshold=THRESHOLD, looks_known=False) == ()


def test_a_line_outside_the_programme_is_nobody_s_question() -> None:
    outside = line(product_id=None, quantity=None, match_score=Decimal(0))
    assert find_doubts([outside], threshold=THRESHOLD, looks_known=False) == ()


def test_an_unproven_quantity_offers_what_was_read_first() -> None:
    [doubt] = find_doubts([line(quantity_proven=False)], threshold=THRESHOLD, looks_known=False)
    assert (doubt.about, doubt.position, doubt.why) == (About.QUANTITY, 3, Why.NOT_COUNTED)
    assert doubt.quantities == (Decimal(60), Decimal(80))
    assert doubt.likely


def test_value_by_price_offers_its_own_quantity() -> None:
    [doubt] = find_doubts(
        [line(quantity=None, line_net=Decimal("744.00"), unit_price=Decimal("12.40"))],
        threshold=THRESHOLD,
        looks_known=False,
    )
    assert (doubt.why, doubt.quantities, doubt.likely) == (Why.UNREAD, (Decimal(60),), False)


def test_two_products_that_are_as_like_are_not_chosen_for_anybody() -> None:
    close = [(SOCKET, Decimal("0.70")), (FRAME, Decimal("0.70"))]
    [doubt] = find_doubts(
        [line(match_score=Decimal("0.70"), candidates=close)],
        threshold=THRESHOLD,
        looks_known=False,
    )
    assert (doubt.why, doubt.likely, doubt.products) == (
        Why.LIKE_SEVERAL,
        False,
        (SOCKET, FRAME),
    )


def test_a_known_document_is_asked_about_before_its_lines() -> None:
    found = find_doubts([line(quantity=None)], threshold=THRESHOLD, looks_known=True)
    assert [doubt.about for doubt in found] == [About.SAME_PURCHASE, About.QUANTITY]


@pytest.mark.parametrize(
    ("net", "price", "quantity"),
    [("744.00", "12.40", 60), ("0.02", "0.01", 2), ("10.00", "3.00", None), ("0", "1", None)],
)
def test_a_counted_quantity_holds_to_the_grosz_or_is_none(
    net: str, price: str, quantity: int | None
) -> None:
    assert counted_quantity(Decimal(net), Decimal(price)) == quantity


@given(st.decimals(min_value=0, max_value=999_999, places=3))
def test_look_alikes_differ_from_a_quantity_and_are_as_long(quantity: Decimal) -> None:
    for other in look_alikes(quantity):
        assert other != quantity
        assert len(str(int(other))) == len(str(int(quantity)))
