"""One printed unit is so many of the product's own, or nobody knows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programs.unit_words import factor, unit_name

CABLE = {"krążek": Decimal(100), "bęben": Decimal(500)}
PIECE = {"opak": Decimal(10), "karton": Decimal(120)}


@pytest.mark.parametrize(
    ("printed", "own", "conversions", "units"),
    [
        ("szt.", "szt", {}, "1"),
        ("SZT", "szt", {}, "1"),
        ("H87", "szt", {}, "1"),
        ("", "szt", {}, "1"),
        ("mb", "m", CABLE, "1"),
        ("krąż.", "m", CABLE, "100"),
        ("rolka", "m", CABLE, "100"),
        ("bęben", "m", CABLE, "500"),
        ("100m", "m", {}, "100"),
        ("op.", "szt", PIECE, "10"),
        ("karton", "szt", PIECE, "120"),
        ("tys. szt", "szt", {}, "1000"),
    ],
)
def test_units_that_are_known(
    printed: str, own: str, conversions: dict[str, Decimal], units: str
) -> None:
    assert factor(printed, own=own, conversions=conversions) == Decimal(units)


@pytest.mark.parametrize(
    ("printed", "own", "conversions"),
    [
        ("kpl", "szt", {}),
        ("op.", "szt", {}),
        ("kg", "m", CABLE),
        ("wiadro", "l", {}),
        ("m", "szt", PIECE),
    ],
)
def test_units_that_nobody_told_are_not_guessed(
    printed: str, own: str, conversions: dict[str, Decimal]
) -> None:
    assert factor(printed, own=own, conversions=conversions) is None


def test_names_of_units_are_ours() -> None:
    assert unit_name("MTR") == unit_name("metrów") == "m"
    assert unit_name("łokieć") is None
