"""A value that the reader missed is typed by a clerk where a rate counts złoty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.remedies import Remedy
from claims.states import ReasonCode, Verdict
from core.errors import Invalid
from programs.policy import PerValue, Rules, Selection
from tests import make
from tests.conftest import NOON
from verification import correcting, decisions, handing, preview, receipts
from verification.conversation_tables import FieldCorrection
from verification.judging import LineVerdict, ValueUnknown
from verification.preview import Wish
from verification.queue import Organiser
from verification.tables import Review, ReviewStatus

BY_VALUE = Rules(
    base=(
        PerValue(
            clause="za złoty", points=Decimal(2), zloty=Decimal(1),
            products=Selection(families=("Nova",)),
        ),
    )
)  # fmt: skip


def unpriced(session: Session, of: make.World) -> Review:
    row = replace(
        make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457"),
        unit_price_net=None, line_net=None,
    )  # fmt: skip
    return make.read(session, make.submitted(session, of), make.reading(of, lines=[row]))


def approve(session: Session, of: make.World, review: Review, value: Decimal | None) -> int:
    [line] = queries.list_lines(session, review.claim_id)
    said = [LineVerdict(line.id, Verdict.APPROVE, value=value)]
    correcting.record(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
    return decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON).points


def test_a_typed_value_is_paid_and_kept_as_a_correction(session: Session) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = unpriced(session, of)
    claim = queries.get_claim(session, review.claim_id)
    assert preview.pays_by_value(session, claim)
    wish = Wish(of.socket.id, Decimal(60), value=Decimal("149.90"))
    found = preview.points_of(session, review=review, claim=claim, wishes={1: wish})
    assert found == {1: 300}
    assert approve(session, of, review, Decimal("149.90")) == 300
    kept = session.exec(select(FieldCorrection)).one()
    assert (kept.field, kept.before, kept.after) == ("line-1-value", "", "149.9")


def test_without_a_value_a_rate_by_value_pays_nothing_in_silence(session: Session) -> None:
    """It is asked for, given back to the seller who knows it, or refused with a remedy."""
    of = make.world(session, rules=BY_VALUE)
    review = unpriced(session, of)
    with pytest.raises(ValueUnknown), session.begin_nested():
        approve(session, of, review, None)
    handing.escalate(session, review_id=review.id, clerk=of.clerk, at=NOON)
    manager = make.person(session, name="Organizator")
    organiser = Organiser(manager.id, frozenset({of.program.id}))
    claim = queries.get_claim(session, review.claim_id)
    assert handing.may_return(session, review, claim)
    later = NOON + timedelta(days=9)
    handing.return_to_seller(session, review_id=review.id, organiser=organiser, at=later)
    assert (review.status, review.escalated_at) == (ReviewStatus.OPEN, None)
    assert claim.due_at == review.due_at > later
    assert not handing.may_return(session, review, claim)
    [line] = queries.list_lines(session, claim.id)
    verdict = LineVerdict(line.id, Verdict.REJECT, ReasonCode.VALUE_UNCERTAIN)
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=[verdict], at=later)
    [shown] = receipts.receipt_of(session, claim).lines
    assert (shown.reason, shown.remedy) == (ReasonCode.VALUE_UNCERTAIN, Remedy.SHOW_VALUE)


@pytest.mark.parametrize("value", ["-1", "10000000"])
def test_an_impossible_value_is_refused(session: Session, value: str) -> None:
    of = make.world(session, rules=BY_VALUE)
    review = unpriced(session, of)
    with pytest.raises(Invalid), session.begin_nested():
        approve(session, of, review, Decimal(value))


def test_rates_by_unit_ask_for_no_value(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    assert not preview.pays_by_value(session, queries.get_claim(session, review.claim_id))
