"""What tests of appeals share."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from claims import queries
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from points import addresses, ledger
from tests import make
from tests.conftest import NOON
from verification import (
    appeals,
    decisions,
)
from verification.appeal_tables import Appeal
from verification.judging import LineVerdict

LATER = NOON + timedelta(hours=3)


def partly(session: Session, of: make.World) -> Claim:
    """Sockets paid, boards refused."""
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.RETURNED_GOODS),
        ],
        at=NOON,
    )
    return session.get_one(Claim, review.claim_id)


def sent(session: Session, of: make.World, claim: Claim) -> Appeal:
    return appeals.appeal(
        session,
        claim_id=claim.id,
        participant_id=of.participant.id,
        text="Rozdzielnic nie zwracałem.",
        at=LATER,
    )


def all_lines(session: Session, claim: Claim) -> list[LineVerdict]:
    return [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, claim.id)
        if line.product_id is not None
    ]


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))
