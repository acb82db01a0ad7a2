"""An appeal pays each unit of a row once, whatever happened to the row before."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import Session

from claims import proofs as claim_proofs
from claims import queries
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from points import proofs
from programs.policy import PerValue, Rules
from tests import make
from tests.conftest import NOON
from tests.verification.appealed import LATER, sent
from tests.verification.corrected import (
    before_after,
    original,
    read,
    send,
    spendable,
)
from verification import appeals, decisions, preview
from verification.appeal_tables import Appeal
from verification.judging import LineVerdict
from verification.preview import Wish
from verification.tables import Review


def decided(session: Session, of: make.World, review: Review, sockets: str = "60") -> Claim:
    """So many sockets paid, the boards refused."""
    first, second, _ = queries.list_lines(session, review.claim_id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(first.id, Verdict.APPROVE, quantity=Decimal(sockets)),
            LineVerdict(second.id, Verdict.REJECT, ReasonCode.OTHER_BUYER),
        ],
        at=NOON,
    )
    return session.get_one(Claim, review.claim_id)


def answered(
    session: Session, of: make.World, claim: Claim, sockets: str, made: Appeal | None = None
) -> int:
    """The organiser says how many sockets there were; the points that the page promised for it."""
    review = session.get_one(Review, (made or sent(session, of, claim)).review_id)
    line = queries.list_lines(session, claim.id)[0]
    wish = Wish(line.product_id, Decimal(sockets))
    shown = preview.points_of(session, review=review, claim=claim, wishes={line.position: wish})
    verdict = LineVerdict(line.id, Verdict.APPROVE, quantity=Decimal(sockets))
    boss = make.organiser(session, of.program)
    appeals.decide(
        session, review=review, clerk=boss, verdicts=[verdict],
        reason=None, at=LATER,
    )  # fmt: skip
    return shown[line.position]


def faults(session: Session) -> list[str]:
    return [*proofs.faults(session), *claim_proofs.faults(session)]


def test_an_appeal_adds_units_to_a_row_that_came_back_wholly(session: Session) -> None:
    """Its award stays as it is: what is paid besides has a row and an award of its own."""
    of = make.world(session)
    invoice = original(of)
    claim = make.submitted(session, of)
    decided(session, of, make.read(session, claim, read(invoice)))
    made = sent(session, of, claim)
    send(session, of, before_after(invoice, {1: "0"}))
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.APPEALED, 0, 0)
    assert answered(session, of, claim, "80", made) == 20 * 15
    assert (claim.status, claim.points) == (ClaimStatus.OVERTURNED, 20 * 15)
    assert spendable(session, of) == 20 * 15
    assert faults(session) == []


def test_an_appeal_pays_of_the_rest_what_did_not_come_back(session: Session) -> None:
    """20 of 60 were paid and 20 of the others came back: 20 are left to pay."""
    of = make.world(session)
    invoice = original(of)
    claim = make.submitted(session, of)
    decided(session, of, make.read(session, claim, read(invoice)), "20")
    made = sent(session, of, claim)
    send(session, of, before_after(invoice, {1: "40"}))
    assert (claim.points, spendable(session, of)) == (300, 300)
    assert answered(session, of, claim, "60", made) == 300
    assert (claim.status, claim.points) == (ClaimStatus.OVERTURNED, 600)
    assert spendable(session, of) == 600
    assert faults(session) == []


def test_an_appeal_does_not_pay_again_what_somebody_else_was_paid_of_the_row(
    session: Session,
) -> None:
    of = make.world(session)
    decided(session, of, make.awaiting(session, of), "40")
    rest = decided(session, of, make.awaiting(session, of))
    assert (rest.points, spendable(session, of)) == (20 * 15, 900)
    assert answered(session, of, rest, "60") == 0
    assert (rest.status, spendable(session, of)) == (ClaimStatus.UPHELD, 900)
    assert faults(session) == []


def test_units_that_an_appeal_adds_count_with_their_value(session: Session) -> None:
    of = make.world(session, rules=Rules(base=(PerValue(clause="zł", points=Decimal(1)),)))
    claim = make.submitted(session, of)
    decided(session, of, make.read(session, claim, read(original(of))), "20")
    assert claim.points == 200  # zł
    assert answered(session, of, claim, "60") == 400
    assert (claim.points, spendable(session, of)) == (600, 600)
    assert faults(session) == []
