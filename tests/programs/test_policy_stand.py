"""What rules keep over versions and documents: bonuses are the same ones, units serve once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.policy import (
    Budget,
    Bundle,
    BundlePart,
    EarningLine,
    Every,
    FirstPurchase,
    Joining,
    Multiplier,
    PerUnit,
    Rules,
    Selection,
    Tally,
    Target,
    evaluate,
    evaluate_claim,
)
from programs.policy_claim import sets_of
from programs.policy_identity import carried, repeated
from programs.policy_replay import PastClaim, PastLine, Replay
from programs.rule_review import FindingKind, Named, findings

DAY = date(2026, 11, 18)
ALL = PerUnit(clause="Wszystko", points=Decimal(10))
TARGET = Target(clause="Cel", points=Decimal(500), units=Decimal(100), every=Every.YEAR)


def line(units: int, sku: str = "A", family: str = "Nova") -> EarningLine:
    return EarningLine(
        sku=sku, family=family, units=Decimal(units), purchased_on=DAY, partner_nip=""
    )


def part(units: int, *skus: str) -> BundlePart:
    return BundlePart(products=Selection(skus=skus), units=Decimal(units))


def test_a_renamed_bonus_stays_the_same_one_and_a_new_one_of_its_name_is_new() -> None:
    before = Rules(base=(ALL,), bonuses=(TARGET,))
    renamed = TARGET.model_copy(update={"clause": "Cel roczny"})
    after = carried(Rules(base=(ALL,), bonuses=(renamed,)), before)
    assert [bonus.identity for bonus in after.bonuses] == ["Cel"]
    reached = Tally(granted={("Cel", "2026")})
    assert [x.award.points for x in evaluate_claim(after, [line(100)], earlier=reached)] == [1_000]
    # Another bonus under the old name, which the editor gave a key of its own.
    fresh = TARGET.model_copy(update={"key": "b2"})
    both = carried(Rules(base=(ALL,), bonuses=(fresh,)), before)
    assert [x.award.points for x in evaluate_claim(both, [line(100)], earlier=reached)] == [1_500]
    assert repeated(both) is None
    assert repeated(Rules(base=(ALL,), bonuses=(after.bonuses[0], TARGET))) == "Cel"


def test_what_differs_in_more_than_its_name_is_not_taken_for_the_old_bonus() -> None:
    before = Rules(base=(ALL,), bonuses=(TARGET,))
    other = Target(clause="Inny", points=Decimal(500), units=Decimal(50), every=Every.YEAR)
    assert carried(Rules(base=(ALL,), bonuses=(other,)), before).bonuses == (other,)
    changed = TARGET.model_copy(update={"units": Decimal(200)})
    rules = Rules(base=(ALL,), bonuses=(changed,))
    found = findings(rules, [Named("A", "Nova")], valid_from=DAY, before=before)
    assert (FindingKind.SAME_BONUS, "Cel") in [(one.kind, one.clause) for one in found]


@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(1, 2), st.sets(st.sampled_from("ABC"), min_size=1)), min_size=2,
             max_size=3),
)  # fmt: skip
def test_a_unit_serves_one_part_of_a_set(
    units: list[int], parts: list[tuple[int, set[str]]]
) -> None:
    bundle = Bundle(
        clause="Komplet",
        points=Decimal(300),
        parts=tuple(part(number, *sorted(skus)) for number, skus in parts),
        most=5,
    )
    lines = [line(number, sku) for number, sku in zip(units, "ABC", strict=True)]
    found = sets_of(Rules(base=(ALL,), bonuses=(bundle,)), bundle, lines)
    assert found == max(sets for sets in range(6) if _dealt(units, parts, sets))


def _dealt(units: list[int], parts: list[tuple[int, set[str]]], sets: int) -> bool:
    """Whether units can be dealt out to so many sets: every way of dealing is tried."""
    wanted = [number * sets for number, _ in parts]
    reached = {tuple(0 for _ in parts)}
    for there, sku in zip(units, "ABC", strict=True):
        ways = [
            way
            for way in product(range(there + 1), repeat=len(parts))
            if sum(way) <= there
            and all(not n or sku in skus for n, (_, skus) in zip(way, parts, strict=True))
        ]
        reached = {
            tuple(min(a + b, w) for a, b, w in zip(have, way, wanted, strict=True))
            for have in reached
            for way in ways
        }
    return tuple(wanted) in reached


def test_parts_that_share_products_are_named_before_publication() -> None:
    bundle = Bundle(
        clause="Komplet", points=Decimal(300), parts=(part(10, "A", "B"), part(10, "A"))
    )
    rules = Rules(base=(ALL,), bonuses=(bundle,))
    found = findings(rules, [Named("A", "Nova"), Named("B", "Nova")], valid_from=DAY)
    assert [(one.kind, one.number) for one in found] == [(FindingKind.PARTS_MEET, 1)]
    assert sum(x.award.points for x in evaluate_claim(rules, [line(10)])) == 100


@pytest.mark.parametrize(
    ("ways", "points"),
    [
        (("adds", "adds"), 40),
        (("multiplies", "multiplies"), 60),
        (("adds", "multiplies"), 60),
        (("exclusive", "adds"), 30),
        (("exclusive", "exclusive"), 30),
    ],
)
def test_multipliers_of_one_product_meet_as_they_say(ways: tuple[str, str], points: int) -> None:
    multipliers = tuple(
        Multiplier(clause=f"x{factor}", factor=Decimal(factor), stacking=Joining(way))
        for factor, way in zip((2, 3), ways, strict=True)
    )
    for order in (multipliers, multipliers[::-1]):
        rules = Rules(base=(ALL,), multipliers=order)
        award = evaluate(rules, line(1))
        assert (award.points, award.steps[-1].points) == (points, Decimal(points))
        found = findings(rules, [Named("A", "Nova")], valid_from=DAY)
        assert [one.kind for one in found] == [FindingKind.MULTIPLIERS_MEET]


def test_multipliers_that_take_away_never_go_below_nothing() -> None:
    low = tuple(Multiplier(clause=str(n), factor=Decimal("0.2")) for n in range(3))
    assert evaluate(Rules(base=(ALL,), multipliers=low), line(1)).points == 0


@pytest.mark.parametrize(
    ("every", "points", "ends"),
    [
        (Every.MONTH, 4_500, None),  # four thousand at most in any month
        (Every.MONTH, 2_900, date(2026, 1, 25)),  # the third of January's four ended it
        (Every.YEAR, 30_000, date(2026, 10, 16)),
        (Every.YEAR, 90_000, None),
        (Every.PROGRAM, 60_000, date(2027, 7, 29)),
    ],
)
def test_a_budget_ends_within_its_stretch_or_lasts(
    every: Every, points: int, ends: date | None
) -> None:
    per_unit = PerUnit(clause="N", points=Decimal(1))
    rules = Rules(base=(per_unit,), budget=Budget(points=points, every=every))
    replay, who = Replay(rules, lambda *_: frozenset()), uuid4()
    for number in range(18):
        day = date.fromordinal(date(2026, 1, 5).toordinal() + number * 10)
        replay.add(PastClaim(who, day, day, "", (PastLine("A", "Nova", Decimal(1_000), 1_000),)))
    assert replay.budget_forecast() == ends


def test_first_purchases_keep_their_identity_when_an_exclusive_bonus_takes_their_place() -> None:
    start = FirstPurchase(clause="Start", points=Decimal(5), key="start-1")
    alone = Target(
        clause="Sam", points=Decimal(50), units=Decimal(1), stacking="exclusive", key="sam-1"
    )
    judged = evaluate_claim(Rules(base=(ALL,), bonuses=(start, alone)), [line(1)])
    assert judged[0].line.displaced == ("start-1",)
    assert [g.identity for g in judged[0].line.granted] == ["sam-1"]
