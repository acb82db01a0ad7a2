"""What a line cost, in zł: by its currency, by a corrected quantity, and the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from analytics import past_claims, rule_trials
from claims import levels, queries
from claims.line_values import restated
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from ocr.reading import Line, Proof, Value
from programs.policy import Ladder, Level, Measure, PerValue, Rules
from tests import make
from tests.conftest import NOON
from tests.verification.test_typed_values import BY_VALUE
from verification import decisions, preview
from verification.automatic import latest_opinion
from verification.doubts import About, Why
from verification.facts import facts_of
from verification.judging import LineVerdict, ValueUnknown
from verification.preview import Wish
from verification.tables import Review

SIX, SIXTY = Decimal(6), Decimal(60)


def sockets(quantity: str, *, price: str | None, net: str | None) -> Line:
    row = make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", quantity, gtin="5901234123457")
    return replace(
        row,
        unit_price_net=Value(Decimal(price), Proof.ARITHMETIC) if price else None,
        line_net=Value(Decimal(net), Proof.ARITHMETIC) if net else None,
    )


def waiting(session: Session, of: make.World, row: Line, currency: str | None = None) -> Review:
    seen = make.reading(of, lines=[row])
    if currency:
        seen = replace(seen, currency=Value(currency))
    return make.read(session, make.submitted(session, of), seen)


def approve(session: Session, of: make.World, review: Review, **said: Decimal) -> int:
    [line] = queries.list_lines(session, review.claim_id)
    verdict = LineVerdict(line.id, Verdict.APPROVE, **said)  # type: ignore[arg-type]
    return decisions.decide(
        session, review=review, clerk=of.clerk, verdicts=[verdict], at=NOON
    ).points


def foreseen(session: Session, of: make.World, review: Review, quantity: Decimal) -> int:
    claim = queries.get_claim(session, review.claim_id)
    wish = Wish(of.socket.id, quantity)
    return preview.points_of(session, review=review, claim=claim, wishes={1: wish})[1]


def questions(session: Session, of: make.World, review: Review) -> list[tuple[About, Why]]:
    claim = queries.get_claim(session, review.claim_id)
    facts = facts_of(
        session,
        review=review,
        claim=claim,
        participant=of.participant,
        program=of.program,
        lines=queries.list_lines(session, claim.id),
    )
    return [(doubt.about, doubt.why) for doubt in facts.doubts]


@pytest.mark.parametrize("currency", ["CZK", "eur"])
def test_amounts_of_another_currency_are_no_zloty_until_a_person_types_them(
    session: Session, currency: str
) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = waiting(session, of, sockets("60", price="10.00", net="600.00"), currency)
    assert session.get_one(Claim, review.claim_id).estimate_points == 0
    assert questions(session, of, review) == [(About.VALUE, Why.OTHER_CURRENCY)]
    opinion = latest_opinion(session, review.claim_id)
    assert opinion is not None
    assert ("quantities", "abstain", "value_unknown") in [
        (fact["topic"], fact["verdict"], fact["code"]) for fact in opinion.facts
    ]
    assert approve(session, of, review, value=Decimal("104.00")) == 208


def test_rates_by_unit_do_not_mind_the_currency(session: Session) -> None:
    of = make.world(session)
    review = waiting(session, of, sockets("60", price="10.00", net="600.00"), "CZK")
    assert questions(session, of, review) == []
    assert approve(session, of, review) == 900


def test_an_unread_value_of_zloty_is_asked_too(session: Session) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = waiting(session, of, sockets("60", price=None, net=None))
    assert questions(session, of, review) == [(About.VALUE, Why.VALUE_UNREAD)]


@pytest.mark.parametrize(
    ("price", "net", "points"),
    [
        ("10.00", "600.00", 120),  # the value goes with the quantity
        ("100.00", "600.00", 1200),  # the price says that the reader took 6 for 60
        ("10.00", None, 120),
    ],
)
def test_a_corrected_quantity_is_worth_what_the_price_says(
    session: Session, price: str, net: str | None, points: int
) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = waiting(session, of, sockets("60", price=price, net=net))
    assert foreseen(session, of, review, SIX) == points
    assert approve(session, of, review, quantity=SIX) == points


@pytest.mark.parametrize("price", [None, "37.00"])
def test_a_corrected_quantity_that_no_price_confirms_asks_for_the_value(
    session: Session, price: str | None
) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = waiting(session, of, sockets("60", price=price, net="600.00"))
    assert foreseen(session, of, review, SIX) == 0
    with pytest.raises(ValueUnknown), session.begin_nested():
        approve(session, of, review, quantity=SIX)
    assert session.get_one(Claim, review.claim_id).points == 0
    assert approve(session, of, review, quantity=SIX, value=Decimal("600.00")) == 1200


def test_where_no_rate_asks_a_corrected_quantity_only_lessens_the_value(session: Session) -> None:
    of = make.world(session)
    review = waiting(session, of, sockets("6", price=None, net="600.00"))
    assert approve(session, of, review, quantity=SIXTY) == 900
    [line] = queries.list_lines(session, review.claim_id)
    assert line.line_net_grosze == 60_000


@pytest.mark.parametrize(
    ("net", "price", "was", "now", "value"),
    [
        ("600", "10", "60", "6", "60"),
        ("600", "100", "60", "6", "600"),
        ("600", "10.004", "60", "6", "60"),  # a price that was rounded
        ("600", "9", "60", "6", None),
        ("600", None, "60", "6", None),
    ],
)
def test_the_price_decides_what_a_corrected_quantity_costs(
    net: str, price: str | None, was: str, now: str, value: str | None
) -> None:
    found = restated(
        net=Decimal(net),
        unit_price=Decimal(price) if price else None,
        was=Decimal(was),
        now=Decimal(now),
    )
    assert found == (Decimal(value) if value else None)


@pytest.mark.parametrize(("price", "net"), [("10.00", "600.00"), ("10.00", None), (None, "600.00")])
def test_the_receipt_the_example_the_replay_and_the_levels_see_one_value(
    session: Session, price: str | None, net: str | None
) -> None:
    of = make.world(session, rules=Rules(base=(PerValue(clause="zł", points=Decimal(1)),)))
    review = waiting(session, of, sockets("60", price=price, net=net))
    assert approve(session, of, review) == 600
    [example] = rule_trials.past_lines(session, of.program.id, today=date(2026, 11, 22))
    rules = Rules(base=(PerValue(clause="zł", points=Decimal(3)),))
    [trial] = rule_trials.try_on(rules, example, valid_from=date(2026, 12, 1))
    whole = rule_trials.past_claim(session, of.program.id, today=date(2026, 11, 22))
    [tried] = rule_trials.try_claim(
        session, of.program.id, whole, rules, valid_from=date(2026, 12, 1)
    )
    assert (trial.award.points, tried.points) == (1800, 1800)
    [replayed] = past_claims.stream(session, of.program.id)
    assert [line.value for line in replayed.lines] == [600]
    ladder = Ladder(
        measure=Measure.VALUE, window_days=30, levels=(Level(name="A", at_least=Decimal(1)),)
    )
    found = levels.measured(session, of.program.id, ladder, today=date(2026, 12, 1))
    assert found == {of.participant.id: 600}


def test_a_refused_line_needs_no_value(session: Session) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = waiting(session, of, sockets("60", price=None, net="600.00"))
    [line] = queries.list_lines(session, review.claim_id)
    verdict = LineVerdict(line.id, Verdict.REJECT, ReasonCode.RETURNED_GOODS, quantity=SIX)
    made = decisions.decide(session, review=review, clerk=of.clerk, verdicts=[verdict], at=NOON)
    assert made.points == 0
