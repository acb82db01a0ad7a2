"""Deciding a claim pays once, explains itself, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.purchase_tables import PurchaseLine
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core import audit
from core.errors import IllegalTransition, Invalid
from partners.tables import PartnerUser
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from verification import decisions, undoing
from verification.judging import LineVerdict, TooFewUnits
from verification.tables import Cause, Decision, Review, ReviewStatus


def verdicts(session: Session, review: Review) -> list[LineVerdict]:
    """Approve every matched line."""
    return [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]


def approve(session: Session, of: make.World, review: Review) -> Decision:
    return decisions.decide(
        session, review=review, clerk=of.clerk, verdicts=verdicts(session, review), at=NOON
    )


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def test_a_read_claim_waits_for_the_seller_with_matched_lines_and_an_estimate(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    claim = session.get_one(Claim, review.claim_id)
    lines = queries.list_lines(session, claim.id)
    assert (review.partner_id, review.branch_id) == (of.partner.id, of.branch.id)
    assert claim.status is ClaimStatus.AWAITING_PARTNER
    assert [line.product_id for line in lines] == [of.socket.id, of.board.id, None]
    # 60 × 15 for the sockets, 2 × 120 doubled by the campaign for the boards.
    assert claim.estimate_points == 900 + 480
    # Friday noon plus eight working hours is Monday noon.
    assert review.due_at == NOON + timedelta(days=3)


def test_approving_pays_every_line_with_its_rule_and_leaves_a_trace(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    decision = approve(session, of, review)
    claim = session.get_one(Claim, review.claim_id)
    sockets, boards, cable = queries.list_lines(session, claim.id)
    assert (claim.status, claim.points, decision.points) == (ClaimStatus.APPROVED, 1380, 1380)
    assert spendable(session, of) == 1380
    assert (sockets.points, boards.points, cable.points) == (900, 480, 0)
    assert sockets.explanation[0]["clause"] == "Osprzęt Nova"
    assert [step["stage"] for step in boards.explanation] == ["base", "campaign"]
    assert sockets.rule_version_id == of.rules.id
    assert (cable.verdict, cable.reason) == (Verdict.REJECT, ReasonCode.NOT_IN_PROGRAM)
    assert review.status is ReviewStatus.DONE
    entry = session.exec(
        select(audit.AuditEntry).where(audit.AuditEntry.subject == f"claim:{claim.id}")
    ).one()
    assert (entry.action, entry.facts["points"]) == ("claim.decide", 1380)
    assert proofs.faults(session) == []


def test_deciding_twice_is_refused_and_pays_nothing_more(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    chosen = verdicts(session, review)
    approve(session, of, review)
    with pytest.raises(IllegalTransition), session.begin_nested():
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=chosen, at=NOON)
    assert spendable(session, of) == 1380


def test_rejecting_one_line_approves_the_rest_in_part(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    decision = decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.RETURNED_GOODS),
        ],
        at=NOON,
    )
    assert (decision.outcome, decision.points) == (ClaimStatus.PARTIALLY_APPROVED, 900)
    assert spendable(session, of) == 900


def test_a_matched_line_without_a_verdict_is_refused_and_pays_nothing(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    with pytest.raises(Invalid), session.begin_nested():
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=[], at=NOON)
    assert spendable(session, of) == 0
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER


def test_a_corrected_quantity_is_what_is_paid(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    decision = decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(6)),
            LineVerdict(boards.id, Verdict.APPROVE),
        ],
        at=NOON,
    )
    assert decision.points == 90 + 480


def test_nobody_decides_on_the_claim_of_their_own_firm(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    user = session.exec(
        select(PartnerUser).where(PartnerUser.person_id == of.clerk.person_id)
    ).one()
    user.nip = of.participant.nip
    session.add(user)
    session.flush()
    with pytest.raises(decisions.SelfDealing), session.begin_nested():
        approve(session, of, review)
    assert spendable(session, of) == 0
    assert session.exec(select(Decision)).all() == []


def test_undoing_returns_points_units_and_the_review_and_it_can_be_paid_again(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    decision = approve(session, of, review)
    reopened = undoing.undo(
        session, decision_id=decision.id, clerk=of.clerk, at=NOON + timedelta(seconds=5)
    )
    claim = session.get_one(Claim, review.claim_id)
    assert spendable(session, of) == 0
    assert (claim.status, claim.points) == (ClaimStatus.AWAITING_PARTNER, 0)
    used = session.exec(select(PurchaseLine.quantity_accepted)).all()
    assert all(units == 0 for units in used)
    again = approve(session, of, reopened)
    assert (again.points, spendable(session, of)) == (1380, 1380)
    assert proofs.faults(session) == []


def test_a_late_reversal_needs_a_reason(session: Session) -> None:
    of = make.world(session)
    decision = approve(session, of, make.awaiting(session, of))
    late = NOON + timedelta(hours=1)
    with pytest.raises(Invalid), session.begin_nested():
        undoing.undo(session, decision_id=decision.id, clerk=of.clerk, at=late)
    assert spendable(session, of) == 1380
    undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=late)
    assert spendable(session, of) == 0


def test_the_same_invoice_of_another_participant_is_held_with_the_earlier_claim(
    session: Session,
) -> None:
    of = make.world(session)
    first = make.awaiting(session, of, number="FV/1184/11/2026")
    for variant in (
        "fv/1184/11/2026",
        "FV / 1184/11/2026",
        "ＦＶ/1184/11/2026",
        "FV/1184\u200b/11/2026",
    ):
        second = make.read(session, make.submitted(session, of), make.reading(of, number=variant))
        claim = session.get_one(Claim, second.claim_id)
        assert second.cause is Cause.HELD
        assert claim.held_reason == "same_number"
        assert claim.held_by_claim_id == first.claim_id


def test_a_confusable_number_is_held_too(session: Session) -> None:
    of = make.world(session)
    make.awaiting(session, of, number="FV/1184/11/2026")
    other = make.read(
        session,
        make.submitted(session, of),
        make.reading(of, number="FV/II84/11/2O26", total="7.00"),
    )
    claim = session.get_one(Claim, other.claim_id)
    assert (other.cause, claim.held_reason) == (Cause.HELD, "similar_number")


def test_units_of_one_invoice_line_are_paid_once_whoever_claims_them(session: Session) -> None:
    of = make.world(session)
    first, second = make.awaiting(session, of), make.awaiting(session, of)
    approve(session, of, first)
    with pytest.raises(TooFewUnits), session.begin_nested():
        approve(session, of, second)
    assert spendable(session, of) == 1380
