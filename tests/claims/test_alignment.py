"""Rows of one paper that two readings number differently."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from claims.alignment import PaperLine, align

SOCKET, BOARD, PIPE = (UUID(int=n) for n in (1, 2, 3))


def row(position: int, product: UUID | None, name: str, quantity: str | None) -> PaperLine:
    return PaperLine(position, product, name, Decimal(quantity) if quantity else None)


def test_a_lost_row_moves_numbers_but_not_what_the_rows_are() -> None:
    photo = [row(1, SOCKET, "GNIAZD0 NOVA PT", "60"), row(2, BOARD, "ROZDZ. BOX 24M", "2")]
    xml = [
        row(1, PIPE, "Rura karbowana 20", "60"),
        row(2, SOCKET, "GNIAZDO NOVA P/T", "60"),
        row(3, BOARD, "Rozdz. Box 24M", "2"),
    ]
    assert align(photo, xml) == {1: 0, 2: 1}
    assert align(xml, photo) == {0: 1, 1: 2}


def test_of_two_rows_of_one_product_the_quantity_tells_which() -> None:
    photo = [row(1, SOCKET, "GNIAZDO NOVA", "60")]
    xml = [row(1, SOCKET, "GNIAZDO NOVA", "40"), row(2, SOCKET, "GNIAZDO NOVA", "60")]
    assert align(photo, xml) == {1: 0}


def test_a_row_that_was_taken_for_another_product_is_still_the_same_row() -> None:
    photo = [row(1, BOARD, "GNIAZDO NOVA P/T Z/U BIAŁE", "60")]
    moved = [row(4, SOCKET, "GNIAZDO N0VA P/T Z/U BIALE", "60")]
    assert align(photo, moved) == {0: 0}


def test_equal_place_and_quantity_of_unlike_names_are_two_rows() -> None:
    paid = [row(3, SOCKET, "Puszka podtynkowa 60", "10")]
    lost_one = [row(3, PIPE, "Rura karbowana", "10")]
    assert align(paid, lost_one) == {}
    assert align(paid, [row(3, PIPE, "", "10")]) == {0: 0}


@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_whatever_rows_are_lost_and_moved_each_that_stayed_finds_itself(
    rng: Random, size: int
) -> None:
    names = [f"{'ABCDEFGHIJKL'[n] * 9} {n}" for n in range(size)]
    full = [row(n + 1, UUID(int=n), names[n], str(n + 1)) for n in range(size)]
    kept = sorted(rng.sample(range(size), rng.randint(0, size)))
    seen = [replace(full[n], position=at) for at, n in enumerate(kept, start=1)]
    assert align(full, seen) == dict(enumerate(kept))
