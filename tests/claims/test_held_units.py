"""A claim lets its document go only when it holds no unit of it, however it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from claims import queries
from claims.correction_tables import CorrectionStatus
from claims.keys import HeldReason
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from demo.documents.purchase import Purchase
from ocr.reading import Value
from points import proofs
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    before_after,
    only_correction,
    original,
    read,
    send,
    spendable,
    stranger,
)
from verification import appeals, decisions
from verification.judging import LineVerdict
from verification.tables import Review


def upheld(session: Session, of: make.World, invoice: Purchase, *, sockets: Verdict) -> Claim:
    """An appeal that changed nothing: the boards stay refused, the sockets as they were."""
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(invoice))
    first, second, _ = queries.list_lines(session, claim.id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(first.id, sockets, ReasonCode.OTHER_BUYER),
            LineVerdict(second.id, Verdict.REJECT, ReasonCode.OTHER_BUYER),
        ],
        at=NOON,
    )
    made = appeals.appeal(
        session, claim_id=claim.id, participant_id=of.participant.id, text="Moje.", at=NOON
    )
    appeals.decide(
        session,
        review=session.get_one(Review, made.review_id),
        clerk=make.organiser(session, of.program),
        reason=ReasonCode.OTHER_BUYER,
        at=NOON,
    )
    assert claim.status is ClaimStatus.UPHELD
    return claim


@pytest.mark.parametrize(
    "sockets", [Verdict.APPROVE, Verdict.REJECT], ids=["partly paid", "refused"]
)
def test_a_second_photo_is_held_for_an_upheld_claim_while_that_holds_units(
    session: Session, sockets: Verdict
) -> None:
    of = make.world(session)
    invoice = original(of, "FV/1104/11/2026")
    first = upheld(session, of, invoice, sockets=sockets)
    misread = replace(
        read(invoice), invoice_number=Value("FV/11O4/11/2026"), document_sha256=""
    )  # O for 0
    again = make.submitted(session, of, participant=stranger(session, of))
    make.read(session, again, misread)
    held = (again.held_reason, again.held_by_claim_id)
    paid = sockets is Verdict.APPROVE
    assert held == ((HeldReason.SIMILAR_NUMBER, first.id) if paid else (None, None))


def test_a_return_is_taken_from_what_an_upheld_appeal_left_paid(session: Session) -> None:
    of = make.world(session)
    invoice = original(of)
    claim = upheld(session, of, invoice, sockets=Verdict.APPROVE)
    assert (claim.points, spendable(session, of)) == (900, 900)
    send(session, of, before_after(invoice, {1: "40"}))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.UPHELD, 600, 600)
    assert proofs.faults(session) == []
