"""What a line brings: the printed order, one rounding, and nothing that depends on luck."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from programs.policy import (
    Campaign,
    EarningLine,
    Multiplier,
    PerUnit,
    Rules,
    Selection,
    Stacking,
    evaluate,
)

NOVA = Selection(families=("Nova",))
DAY = date(2026, 11, 18)


def line(units: str = "60", family: str = "Nova", tier: str = "", nip: str = "") -> EarningLine:
    return EarningLine(
        sku="VX-N210",
        family=family,
        units=Decimal(units),
        purchased_on=DAY,
        partner_nip=nip,
        tier=tier,
    )


def campaign(factor: str = "2", bonus: str = "0", **more: object) -> Campaign:
    facts = {
        "clause": "Jesień",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "factor": Decimal(factor),
        "bonus_per_unit": Decimal(bonus),
        "products": NOVA,
    }
    return Campaign(**(facts | more))


BASE = PerUnit(clause="Osprzęt Nova", points=Decimal(15), products=NOVA)


@pytest.mark.parametrize(
    ("rules", "given_line", "expected"),
    [
        (Rules(base=(BASE,)), line(), 900),
        (Rules(base=(BASE,)), line(family="Kable"), 0),
        (
            Rules(base=(PerUnit(clause="m", points=Decimal(10), units=Decimal(100)),)),
            line("250"),
            25,
        ),
        (Rules(base=(PerUnit(clause="m", points=Decimal(1), units=Decimal(2)),)), line("3"), 2),
        (Rules(base=(BASE, PerUnit(clause="wszystko", points=Decimal(99)))), line("1"), 15),
        (Rules(base=(BASE,), campaigns=(campaign(),)), line(), 1800),
        (Rules(base=(BASE,), campaigns=(campaign("1", "5"),)), line(), 1200),
        (Rules(base=(BASE,), campaigns=(campaign(), campaign("3"))), line("1"), 60),
        (
            Rules(base=(BASE,), campaigns=(campaign(), campaign("4", stacking=Stacking.EXCLUSIVE))),
            line("1"),
            60,
        ),
        (
            Rules(
                base=(BASE,), campaigns=(campaign(), campaign("1.5", stacking=Stacking.EXCLUSIVE))
            ),
            line("1"),
            30,
        ),
        (Rules(base=(BASE,), campaigns=(campaign(ends_on=date(2026, 11, 17)),)), line("1"), 15),
        (Rules(base=(BASE,), campaigns=(campaign(partner_nips=("1",)),)), line("1", nip="2"), 15),
        (
            Rules(base=(BASE,), tier_factors={"srebrny": Decimal("1.1")}),
            line("1", tier="srebrny"),
            17,
        ),
        (Rules(base=(BASE,), cap_per_line=500), line(), 500),
        (
            Rules(base=(BASE,), multipliers=(Multiplier(clause="x", factor=Decimal("1.5")),)),
            line("1"),
            23,
        ),
    ],
)
def test_points_of_a_line(rules: Rules, given_line: EarningLine, expected: int) -> None:
    award = evaluate(rules, given_line)
    assert award.points == expected
    assert bool(award.steps) == bool(expected)


@pytest.mark.parametrize("factor", ["-5", "0", "101"])
def test_a_level_never_takes_points_nor_multiplies_without_bounds(factor: str) -> None:
    with pytest.raises(ValidationError):
        Rules(base=(BASE,), tier_factors={"złoty": Decimal(factor)})


units = st.decimals("0", "100000", places=3)


@given(units)
def test_points_are_never_negative_and_grow_with_the_units(amount: Decimal) -> None:
    rules = Rules(base=(BASE,), campaigns=(campaign(),), cap_per_line=50_000)
    less, more = evaluate(rules, line(str(amount))), evaluate(rules, line(str(amount + 1)))
    assert 0 <= less.points <= more.points <= 50_000


@given(st.integers(0, 10**6), units)
def test_the_order_of_adding_campaigns_changes_nothing(seed: int, amount: Decimal) -> None:
    several = [campaign("2"), campaign("1", "3"), campaign("1.25"), campaign("1.1", "0.5")]
    shuffled = several[:]
    Random(seed).shuffle(shuffled)
    first = evaluate(Rules(base=(BASE,), campaigns=tuple(several)), line(str(amount)))
    second = evaluate(Rules(base=(BASE,), campaigns=tuple(shuffled)), line(str(amount)))
    assert first.points == second.points
