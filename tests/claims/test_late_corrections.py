"""A correction takes effect whenever it comes: before, while or after its original counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import proofs as claim_proofs
from claims import queries, retention
from claims import service as claims
from claims.correction_tables import CorrectionStatus
from claims.document_tables import Document
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from demo.documents.purchase import Purchase
from ocr.reading import Value
from points import proofs
from tests import make
from tests.conftest import NOON
from tests.verification.appealed import all_lines, sent
from tests.verification.corrected import (
    SOLD_ON,
    approve,
    before_after,
    only_correction,
    original,
    paid,
    read,
    send,
    spendable,
)
from verification import appeals, corrections, decisions, undoing
from verification.judging import LineVerdict
from verification.tables import Decision, Review


@pytest.fixture
def of(session: Session) -> make.World:
    return make.world(session)


def refused(session: Session, of: make.World, invoice: Purchase) -> Claim:
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(invoice))
    decisions.reject(session, review=review, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON)
    return claim


def appealed(session: Session, of: make.World, claim: Claim) -> None:
    """The organiser would pay all of it."""
    review = session.get_one(Review, sent(session, of, claim).review_id)
    boss = make.organiser(session, of.program)
    verdicts = all_lines(session, claim)
    appeals.decide(session, review=review, clerk=boss, verdicts=verdicts, at=NOON)
    assert claim.status is ClaimStatus.UPHELD


def undone(session: Session, of: make.World, claim: Claim) -> None:
    decision = session.exec(select(Decision).where(Decision.claim_id == claim.id)).one()
    review = undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="?", at=NOON)
    approve(session, of, review)
    assert claim.status is ClaimStatus.REJECTED


def faults(session: Session) -> list[str]:
    return [*proofs.faults(session), *claim_proofs.faults(session)]


@pytest.mark.parametrize("then", [appealed, undone])
def test_what_came_back_of_a_refused_claim_is_not_paid_when_it_counts_after_all(
    session: Session, of: make.World, then: Callable[[Session, make.World, Claim], None]
) -> None:
    invoice = original(of)
    claim = refused(session, of, invoice)
    send(session, of, before_after(invoice, {1: "0", 2: "0"}))
    made = only_correction(session)
    assert (made.status, made.doubts) == (CorrectionStatus.WAITING, [])
    assert corrections.settle_overdue(session, at=NOON + timedelta(days=9)) == 0
    then(session, of, claim)
    assert made.status is CorrectionStatus.APPLIED
    assert (claim.points, spendable(session, of)) == (0, 0)
    assert {line.reason for line in queries.list_lines(session, claim.id)[:2]} == {
        ReasonCode.RETURNED_GOODS
    }
    assert faults(session) == []


def test_what_came_back_of_a_withdrawn_claim_is_not_paid_to_the_next_one(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    first = make.submitted(session, of)
    make.read(session, first, read(invoice))
    claims.cancel(
        session, claim_id=first.id, participant_id=of.participant.id, actor="person:test", at=NOON
    )
    send(session, of, before_after(invoice, {1: "20", 2: "0"}))
    again = make.submitted(session, of)
    approve(session, of, make.read(session, again, read(invoice)))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (again.points, spendable(session, of)) == (20 * 15, 20 * 15)
    assert faults(session) == []


def test_a_row_that_the_first_photo_lost_comes_back_when_another_shows_it(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    seen = read(invoice)
    photo = make.submitted(session, of)
    lost = replace(seen, lines=(seen.lines[1],))
    approve(session, of, make.read(session, photo, lost))
    send(session, of, before_after(invoice, {1: "0"}))
    made = only_correction(session)
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, ["correction-row-not-found"],
    )  # fmt: skip
    whole = make.submitted(session, of)
    review = make.read(session, whole, seen)
    sockets, boards, _ = queries.list_lines(session, whole.id)
    verdicts = [
        LineVerdict(sockets.id, Verdict.APPROVE),
        LineVerdict(boards.id, Verdict.REJECT, ReasonCode.DUPLICATE),
    ]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    assert made.status is CorrectionStatus.APPLIED
    assert (photo.points, whole.points, spendable(session, of)) == (480, 0, 480)
    assert faults(session) == []


def test_a_correction_that_names_another_day_of_its_original_asks_a_person(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = make.submitted(session, of)
    misread = replace(read(invoice), issue_date=Value(SOLD_ON + timedelta(days=6)))
    approve(session, of, make.read(session, claim, misread))
    send(session, of, before_after(invoice, {1: "0"}))
    made = only_correction(session)
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, [corrections.DAY_DIFFERS],
    )  # fmt: skip
    assert (claim.points, spendable(session, of)) == (1380, 1380)
    assert claim.purchase_id is not None
    corrections.resolve(
        session,
        correction_id=made.id,
        returned={(claim.purchase_id, 1): Decimal(60)},
        person_id=of.clerk.person_id,
        at=NOON,
    )
    assert (claim.points, spendable(session, of)) == (480, 480)


def test_points_of_a_forgotten_document_are_taken_back(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    document = session.exec(select(Document).where(Document.claim_id == claim.id)).one()
    retention.forget(session, document_id=document.id, at=NOON)
    assert queries.find_reading(session, claim.id) is None
    send(session, of, before_after(invoice, {1: "40", 2: "1"}))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (claim.points, spendable(session, of)) == (600 + 240, 600 + 240)
    assert faults(session) == []
