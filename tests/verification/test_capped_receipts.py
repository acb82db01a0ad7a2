"""A line that a cap or a budget cut says so: the verdict, the reason, the rule, and what helps."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import Session

from claims import queries
from claims.remedies import Remedy
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from programs.policy import Budget, Cap, Every, PerUnit, Rules
from tests import make
from tests.conftest import NOON
from verification import decisions, receipts
from verification.judging import LineVerdict
from web.api.receipt_models import receipt_out
from web.views.receipts import words_of

RATE = (PerUnit(clause="sztuka", points=Decimal(15)),)


@pytest.mark.parametrize(
    ("rules", "rule", "remedy"),
    [
        (
            Rules(base=RATE, participant_caps=(Cap(points=100),)),
            "limit uczestnika w miesiącu",
            "To najwięcej, ile daje okres tego zakupu. Następny okres ma własny limit.",
        ),
        (
            Rules(base=RATE, budget=Budget(points=100, every=Every.PROGRAM)),
            "budżet programu wyczerpany",
            "Budżet się skończył: punkty wrócą, jeśli organizator go zwiększy.",
        ),
    ],
    ids=["cap", "budget"],
)
def test_a_capped_line_says_what_cut_it(
    session: Session, rules: Rules, rule: str, remedy: str
) -> None:
    of = make.world(session, rules=rules)
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[LineVerdict(x.id, Verdict.APPROVE) for x in (sockets, boards)],
        at=NOON,
    )
    assert [(x.points, x.reason) for x in (sockets, boards)] == [
        (100, ReasonCode.CAP_REACHED), (0, ReasonCode.CAP_REACHED),
    ]  # fmt: skip
    receipt = receipts.receipt_of(session, session.get_one(Claim, review.claim_id))
    words = {line.position: line for line in words_of(receipt, language="pl").lines}
    assert (words[1].verdict, words[1].label) == ("paid", "")
    assert (words[2].verdict, words[2].label) == ("rejected", "bez punktów: limit")
    for position in (1, 2):
        assert words[position].reason == "Osiągnięto limit punktów."
        assert rule in words[position].rule
        assert words[position].remedy == remedy
    english = {x.position: x for x in words_of(receipt, language="en").lines}
    assert english[2].label == "no points: limit"
    told = receipt_out(receipt, words_of(receipt, language="pl")).lines
    assert {(x.reason, x.remedy, x.remedy_text) for x in told if x.position < 3} == {
        (ReasonCode.CAP_REACHED, Remedy.WAIT_FOR_CAP, remedy)
    }


def test_a_line_below_its_cap_is_simply_counted(session: Session) -> None:
    of = make.world(session, rules=Rules(base=RATE, participant_caps=(Cap(points=5_000),)))
    review = make.awaiting(session, of)
    [line, *_] = queries.list_lines(session, review.claim_id)
    verdicts = [
        LineVerdict(x.id, Verdict.APPROVE)
        for x in queries.list_lines(session, review.claim_id)
        if x.product_id is not None
    ]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    receipt = receipts.receipt_of(session, session.get_one(Claim, review.claim_id))
    [first, *_] = words_of(receipt, language="pl").lines
    assert (line.reason, first.reason, first.remedy) == (ReasonCode.COUNTED, "", "")
