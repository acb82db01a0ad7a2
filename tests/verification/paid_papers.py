"""What tests of the way of the points share."""

from __future__ import annotations

from sqlmodel import Session

from claims import queries
from claims.states import Verdict
from tests import make
from tests.conftest import NOON
from verification import decisions
from verification.judging import LineVerdict
from verification.tables import Review


def approve(session: Session, of: make.World, review: Review) -> None:
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, review.claim_id)
            if line.product_id is not None
        ],
        at=NOON,
    )
