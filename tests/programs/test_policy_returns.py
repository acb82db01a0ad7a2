"""After any returns the units that stay bring what they would have brought alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.policy import (
    Bundle,
    BundlePart,
    Cap,
    EarningLine,
    FirstPurchase,
    Judged,
    PerUnit,
    Rules,
    Selection,
    Standing,
    Tally,
    Target,
    evaluate,
    evaluate_claim,
    judge_again,
)

NOVA, BOX = Selection(families=("Nova",)), Selection(families=("Box",))
RULES = Rules(
    base=(
        PerUnit(clause="nova", points=Decimal(3), products=NOVA),
        PerUnit(clause="box", points=Decimal(7), products=BOX),
    ),
    bonuses=(
        FirstPurchase(clause="start", points=Decimal(100)),
        FirstPurchase(clause="box", points=Decimal(40), products=BOX),
        Target(clause="cel", points=Decimal(500), units=Decimal(60), products=NOVA),
        Target(clause="oba", points=Decimal(90), units=Decimal(35)),
        Bundle(
            clause="komplet",
            points=Decimal(20),
            most=3,
            parts=(BundlePart(products=NOVA, units=Decimal(5)), BundlePart(products=BOX)),
        ),
    ),
)
Bought = Sequence[Sequence[tuple[str, int]]]  # claims of (family, units)


def line(family: str, units: int | Decimal, month: int = 5) -> EarningLine:
    return EarningLine(
        sku=f"sku-{family}",
        family=family,
        units=Decimal(units),
        purchased_on=date(2026, month, 15),
        partner_nip="5260250274",
    )


def count(tally: Tally, one: EarningLine, units: Decimal, points: int) -> None:
    """As the service counts a line that stands; a line that is gone remembers what it lost."""
    if units > 0:
        tally.add(
            sku=one.sku, family=one.family, purchased_on=one.purchased_on, units=units,
            points=points, granted=[(g.clause, g.stretch) for g in one.granted],
        )  # fmt: skip
    tally.displaced.update(one.displaced)


class Account:
    """One participant's claims as the service keeps them: stored lines, what is left, points."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.claims: list[list[Standing]] = []

    def tally(self, but: int | None = None) -> Tally:
        made = Tally()
        for number, claim in enumerate(self.claims):
            for one in claim if number != but else ():
                count(made, one.line, one.left, one.points)
        return made

    def buy(self, lines: Sequence[EarningLine]) -> None:
        judged = evaluate_claim(self.rules, lines, earlier=self.tally())
        self.claims.append([Standing(x.line, x.line.units, x.award.points) for x in judged])

    def give_back(self, number: int, place: int, units: Decimal) -> None:
        claim = list(self.claims[number])
        was = claim[place]
        claim[place] = Standing(was.line, max(was.left - units, Decimal(0)), was.points)
        self._again(number, claim)
        for other in range(len(self.claims)):
            if other != number:
                self._again(other, self.claims[other])

    def _again(self, number: int, claim: Sequence[Standing]) -> None:
        before = sum(one.points for one in self.claims[number])
        judged = judge_again(self.rules, claim, elsewhere=self.tally(but=number))
        self.claims[number] = [
            Standing(x.line, one.left, x.award.points) for x, one in zip(judged, claim, strict=True)
        ]
        assert 0 <= self.points(number) <= before
        for one in self.claims[number]:
            told = one.line.model_copy(update={"units": one.left})
            assert one.points == (evaluate(self.rules, told).points if one.left else 0)

    def points(self, number: int | None = None) -> int:
        chosen = self.claims if number is None else [self.claims[number]]
        return sum(one.points for claim in chosen for one in claim)


def of_what_is_left(account: Account, *more: EarningLine) -> int:
    """The points of the same purchases if only the units that are left had ever been bought."""
    fresh = Account(account.rules)
    for claim in account.claims:
        fresh.buy([line(one.line.family, one.left) for one in claim if one.left > 0])
    if more:
        fresh.buy(more)
    return fresh.points()


purchases = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["Nova", "Box"]), st.integers(1, 40)), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=4,
)
returns = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 40)), max_size=8)


@settings(max_examples=120)
@given(purchases, returns)
def test_what_stays_brings_what_it_would_have_brought_alone(
    bought: Bought, back: Sequence[tuple[int, int, int]]
) -> None:
    account = Account()
    for claim in bought:
        account.buy([line(family, units) for family, units in claim])
    for number, place, units in back:
        claim_number = number % len(bought)
        account.give_back(claim_number, place % len(bought[claim_number]), Decimal(units))
    alone = of_what_is_left(account)
    assert account.points() <= alone
    # What another claim's units would now earn is still to be given: the next purchase brings it.
    following = (line("Nova", 1), line("Box", 1))
    expected = of_what_is_left(account, *following)
    account.buy(following)
    assert account.points() == expected


@settings(max_examples=60)
@given(purchases, returns)
def test_within_one_claim_nothing_waits_for_a_next_purchase(
    bought: Bought, back: Sequence[tuple[int, int, int]]
) -> None:
    account = Account()
    account.buy([line(family, units) for family, units in bought[0]])
    for _, place, units in back:
        account.give_back(0, place % len(bought[0]), Decimal(units))
        assert account.points() == of_what_is_left(account)


@settings(max_examples=60)
@given(purchases, returns, st.integers(1, 900))
def test_under_a_cap_a_return_never_takes_more_than_the_points_or_leaves_more_than_the_cap(
    bought: Bought, back: Sequence[tuple[int, int, int]], cap: int
) -> None:
    account = Account(RULES.model_copy(update={"participant_caps": (Cap(points=cap),)}))
    for claim in bought:
        account.buy([line(family, units) for family, units in claim])
    for number, place, units in back:
        claim_number = number % len(bought)
        account.give_back(claim_number, place % len(bought[claim_number]), Decimal(units))
        assert account.points() <= cap
    if not any(one.left for claim in account.claims for one in claim):
        assert account.points() == 0


def test_a_target_that_is_reached_no_more_takes_its_bonus_back() -> None:
    account = Account(RULES.model_copy(update={"bonuses": (RULES.bonuses[2],)}))
    account.buy([line("Nova", 40)])
    account.buy([line("Nova", 20)])
    assert (account.points(0), account.points(1)) == (120, 60 + 500)
    account.give_back(0, 0, Decimal(1))
    assert (account.points(0), account.points(1)) == (117, 60)
    account.buy([line("Nova", 1)])
    assert account.points(2) == 3 + 500


def test_a_set_that_is_no_more_full_takes_its_bonus_back_from_the_line_that_has_it() -> None:
    rules = RULES.model_copy(update={"bonuses": (RULES.bonuses[4],)})
    account = Account(rules)
    account.buy([line("Nova", 5), line("Nova", 5), line("Box", 2)])
    assert [one.points for one in account.claims[0]] == [15 + 40, 15, 14]
    account.give_back(0, 0, Decimal(5))  # The other line fills one of the two sets.
    assert [one.points for one in account.claims[0]] == [0, 15 + 20, 14]
    account.give_back(0, 2, Decimal(2))
    assert [one.points for one in account.claims[0]] == [0, 15, 0]


def test_what_a_claim_keeps_is_judged_from_what_was_stored() -> None:
    [judged] = evaluate_claim(RULES, [line("Box", 2)])
    told = EarningLine.model_validate(judged.line.model_dump(mode="json"))
    [kept] = judge_again(RULES, [Standing(told, Decimal(2), judged.award.points)])
    assert kept == Judged(judged.line, judged.award)
