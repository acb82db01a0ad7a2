"""Whole claims: bonuses come once, caps and budgets hold to the point, order is no luck."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.policy import (
    Budget,
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    EarningLine,
    Every,
    FirstPurchase,
    PerUnit,
    PerValue,
    Rules,
    Selection,
    Stacking,
    Tally,
    Target,
    evaluate_claim,
    points_of_units,
)

DAY = date(2026, 11, 18)
NOVA, BOX = Selection(families=("Nova",)), Selection(families=("Box",))
RATE = PerUnit(clause="stawka", points=Decimal(10))


def line(
    units: str = "1",
    family: str = "Nova",
    day: date = DAY,
    value: str | None = None,
    **more: object,
) -> EarningLine:
    return EarningLine(
        sku=family,
        family=family,
        units=Decimal(units),
        purchased_on=day,
        partner_nip="",
        value=Decimal(value) if value is not None else None,
        **more,
    )


def points(rules: Rules, *lines: EarningLine, earlier: Tally | None = None) -> list[int]:
    return [one.award.points for one in evaluate_claim(rules, lines, earlier=earlier)]


def after(rules: Rules, *claims: tuple[EarningLine, ...]) -> Tally:
    """What is credited once these claims were paid, one after another."""
    tally = Tally()
    for lines in claims:
        for one in evaluate_claim(rules, lines, earlier=tally):
            tally.add(
                sku=one.line.sku,
                family=one.line.family,
                purchased_on=one.line.purchased_on,
                units=one.line.units,
                points=one.award.points,
                granted=[(g.clause, g.stretch) for g in one.line.granted],
                displaced=one.line.displaced,
            )
    return tally


def test_a_rate_per_value_counts_the_amount_of_the_line() -> None:
    rules = Rules(base=(PerValue(clause="za zakupy", points=Decimal(1), zloty=Decimal(10)),))
    assert points(rules, line(value="1234.56")) == [123]
    [judged] = evaluate_claim(rules, [line()])
    assert judged.award.points == 0
    assert judged.award.steps[0].missing == "value"


def test_a_first_purchase_pays_once_and_on_one_line() -> None:
    rules = Rules(
        base=(RATE,),
        bonuses=(FirstPurchase(clause="start", points=Decimal(100), products=NOVA),),
    )
    assert points(rules, line(family="Box"), line(), line()) == [10, 110, 10]
    assert points(rules, line(), earlier=after(rules, (line(),))) == [10]
    assert points(rules, line(), earlier=after(rules, (line(family="Box"),))) == [110]


def test_a_first_purchase_that_a_better_promotion_displaced_is_paid_with_the_next() -> None:
    """Exclusive means the best alone; what was not given is not lost."""
    best = Campaign(
        clause="podwójne",
        starts_on=DAY,
        ends_on=DAY,
        factor=Decimal(20),
        stacking=Stacking.EXCLUSIVE,
    )
    rules = Rules(
        base=(RATE,),
        campaigns=(best,),
        bonuses=(FirstPurchase(clause="start", points=Decimal(100), products=NOVA),),
    )
    [first] = evaluate_claim(rules, [line()])
    assert first.award.points == 200
    assert (first.line.granted, first.line.displaced) == ((), ("start",))
    later = line().model_copy(update={"purchased_on": date(2026, 12, 1)})
    known = after(rules, (line(),))
    assert points(rules, later, later, earlier=known) == [110, 10]
    # Whoever bought before the rule began had their first purchase without it.
    assert points(rules, later, earlier=after(Rules(base=(RATE,)), (line(),))) == [10]


def test_a_bundle_pays_for_full_sets_of_one_document() -> None:
    bundle = Bundle(
        clause="komplet",
        points=Decimal(50),
        parts=(
            BundlePart(products=BOX, units=Decimal(1)),
            BundlePart(products=NOVA, units=Decimal(10)),
        ),
        most=2,
    )
    rules = Rules(base=(RATE,), bonuses=(bundle,))
    assert points(rules, line("9"), line("1", "Box")) == [90, 10]
    assert points(rules, line("10"), line("1", "Box")) == [100, 60]
    assert points(rules, line("90"), line("4", "Box")) == [900, 140]


def test_a_target_pays_on_the_line_that_reaches_it_and_again_in_the_next_month() -> None:
    rules = Rules(
        base=(RATE,),
        bonuses=(Target(clause="sto", points=Decimal(500), units=Decimal(100), products=NOVA),),
    )
    assert points(rules, line("60"), line("39"), line("1"), line("200")) == [600, 390, 510, 2000]
    reached = after(rules, (line("100"),))
    assert points(rules, line("100"), earlier=reached) == [1000]
    assert points(rules, line("100", day=date(2026, 12, 1)), earlier=reached) == [1500]


def test_an_exclusive_bonus_replaces_what_brings_less_and_is_not_spent_when_it_loses() -> None:
    double = Campaign(
        clause="podwójne", starts_on=DAY, ends_on=DAY, factor=Decimal(2), products=NOVA
    )
    target = Target(
        clause="sto",
        points=Decimal(500),
        units=Decimal(100),
        stacking=Stacking.EXCLUSIVE,
    )
    rules = Rules(base=(RATE,), campaigns=(double,), bonuses=(target,))
    # 100 units bring 1,000 more by doubling: the target of 500 waits for a line where it is best.
    assert points(rules, line("100"), line("1")) == [2000, 510]


def test_promotions_for_segments_and_levels_need_them() -> None:
    rules = Rules(
        base=(RATE,),
        campaigns=(
            Campaign(
                clause="śląsk",
                starts_on=DAY,
                ends_on=DAY,
                factor=Decimal(2),
                segments=("slask",),
                tiers=("Złoty",),
            ),
        ),
    )
    assert points(rules, line()) == [10]
    assert points(rules, line(segments=frozenset({"slask"}))) == [10]
    assert points(rules, line(segments=frozenset({"slask"}), tier="Złoty")) == [20]


@pytest.mark.parametrize("every", list(Every))
def test_a_stretch_starts_on_its_first_day(every: Every) -> None:
    first = every.first_day(DAY)
    assert first <= DAY
    if every is not Every.PROGRAM:
        assert every.key(first) == every.key(DAY)
        assert every.key(date.fromordinal(first.toordinal() - 1)) != every.key(DAY)
        assert every.begins_within(date.fromordinal(first.toordinal() - 1), DAY)
    assert not every.begins_within(DAY, DAY)


amounts = st.decimals("0.001", "5000", places=3)
buyings = st.lists(
    st.lists(
        st.tuples(amounts, st.sampled_from(["Nova", "Box"]), st.integers(1, 12)),
        min_size=1,
        max_size=4,
    ),
    max_size=6,
)
EVERYTHING = Rules(
    base=(
        PerUnit(clause="nova", points=Decimal("3.7"), products=NOVA),
        PerUnit(clause="box", points=Decimal(11), units=Decimal(3), products=BOX),
    ),
    campaigns=(
        Campaign(
            clause="wiosna",
            starts_on=date(2026, 3, 1),
            ends_on=date(2026, 5, 31),
            factor=Decimal("1.5"),
        ),
        Campaign(
            clause="sama",
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 8, 31),
            bonus_per_unit=Decimal("0.3"),
            stacking=Stacking.EXCLUSIVE,
        ),
    ),
    bonuses=(
        FirstPurchase(clause="start", points=Decimal(70), products=BOX),
        Target(clause="cel", points=Decimal(300), units=Decimal(900), every=Every.QUARTER),
        Bundle(
            clause="komplet",
            points=Decimal(40),
            parts=(BundlePart(products=NOVA), BundlePart(products=BOX)),
            most=3,
        ),
    ),
)


def _lines(claim: list[tuple[Decimal, str, int]]) -> list[EarningLine]:
    day = date(2026, claim[0][2], 15)
    return [line(str(units), family, day) for units, family, _ in claim]


@given(buyings, st.integers(1, 20_000), st.integers(1, 40_000))
def test_caps_and_budgets_are_reached_to_the_point_and_never_passed(
    bought: list[list[tuple[Decimal, str, int]]], cap: int, budget: int
) -> None:
    capped = EVERYTHING.model_copy(
        update={
            "participant_caps": (Cap(points=cap, every=Every.MONTH),),
            "budget": Budget(points=budget),
        }
    )
    free, held = Tally(), Tally()
    given_out, would = 0, 0
    for claim in bought:
        lines = _lines(claim)
        month = f"{lines[0].purchased_on:%Y-%m}"
        without = evaluate_claim(EVERYTHING, lines, earlier=free)
        judged = evaluate_claim(capped, lines, earlier=held, budget_used=given_out)
        for one, other in zip(judged, without, strict=True):
            assert one.award.points >= 0
            room = min(max(cap - held.points[month], 0), max(budget - given_out, 0))
            assert one.award.points == min(other.award.points, room)
            given_out += one.award.points
            would += other.award.points
            for tally, found in ((held, one), (free, other)):
                tally.add(
                    sku=found.line.sku,
                    family=found.line.family,
                    purchased_on=found.line.purchased_on,
                    units=found.line.units,
                    points=found.award.points,
                    granted=[(g.clause, g.stretch) for g in found.line.granted],
                )
    assert given_out <= min(budget, would)
    months = {f"2026-{month:02d}" for month in range(1, 13)}
    assert all(used <= cap for stretch, used in held.points.items() if stretch in months)


@given(buyings, st.integers(0, 10**6))
def test_the_order_in_which_promotions_and_bonuses_are_written_changes_nothing(
    bought: list[list[tuple[Decimal, str, int]]], seed: int
) -> None:
    campaigns, bonuses = list(EVERYTHING.campaigns), list(EVERYTHING.bonuses)
    Random(seed).shuffle(campaigns)
    Random(seed).shuffle(bonuses)
    other = EVERYTHING.model_copy(update={"campaigns": tuple(campaigns), "bonuses": tuple(bonuses)})
    first, second = Tally(), Tally()
    for claim in bought:
        lines = _lines(claim)
        one = evaluate_claim(EVERYTHING, lines, earlier=first)
        two = evaluate_claim(other, lines, earlier=second)
        assert [j.award.points for j in one] == [j.award.points for j in two]
        assert [j.line for j in one] == [j.line for j in two]
        for tally, judged in ((first, one), (second, two)):
            for found in judged:
                tally.add(
                    sku=found.line.sku,
                    family=found.line.family,
                    purchased_on=found.line.purchased_on,
                    units=found.line.units,
                    points=found.award.points,
                    granted=[(g.clause, g.stretch) for g in found.line.granted],
                )


@given(amounts, amounts)
def test_fewer_units_under_the_stored_facts_never_bring_more(
    bought: Decimal, returned: Decimal
) -> None:
    rules = EVERYTHING.model_copy(update={"participant_caps": (Cap(points=900),)})
    [judged] = evaluate_claim(rules, [line(str(bought), day=date(2026, 5, 4))])
    told = EarningLine.model_validate(judged.line.model_dump(mode="json"))
    assert points_of_units(rules, told, told.units) == judged.award.points
    left = max(bought - returned, Decimal(0))
    assert 0 <= points_of_units(rules, told, left) <= judged.award.points
    assert points_of_units(rules, told, Decimal(0)) == 0
