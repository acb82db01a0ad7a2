"""A claim pays by the branch that sold: where a programme lists branches, by one of the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims import queries
from claims.branches import BranchOut, BranchUnknown
from claims.remedies import Remedy
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from ocr.reading import Reading, Value
from partners.tables import Branch
from programs import branches
from programs.branches import BranchTakesNoPart
from tests import make
from tests.conftest import NOON
from tests.make import World
from tests.programs.test_branches import choose, second
from verification import automatic, counter, decisions, handing, queue, receipts
from verification.counter import NobodyThere
from verification.facts import SellerFact
from verification.judging import LineVerdict
from verification.proof_tables import ProofKind
from verification.proofs import record_proof
from verification.queue import Clerk, Organiser
from verification.tables import Decision, Review, ReviewStatus

TODAY = local_date(NOON)
POZNAN, KRAKOW = "ul. Obornicka 12, 60-650 Poznań", "ul. Wielicka 30, 30-552 Kraków"


def bought(of: World, address: str, day: date = TODAY, number: str = "FV/1/11/2026") -> Reading:
    """The buyer's own town stands on no document here."""
    seen = make.reading(of, number=number, issue_date=day, total=f"{900 + len(number)}.00")
    return replace(seen, seller=replace(seen.seller, address=Value(address) if address else None))


def sent(session: Session, of: World, seen: Reading) -> tuple[Claim, Review]:
    review = make.read(session, make.submitted(session, of), seen)
    return session.get_one(Claim, review.claim_id), review


def approve(session: Session, review: Review, clerk: queue.Decider) -> Decision:
    taken = queue.take(session, review_id=review.id, clerk=clerk, at=NOON)
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    return decisions.decide(session, review=taken, clerk=clerk, verdicts=verdicts, at=NOON)


def organiser(session: Session, of: World) -> Organiser:
    return Organiser(make.person(session, name="Ewa Lis").id, frozenset({of.program.id}))


def paid(session: Session, claim: Claim) -> int:
    return sum(session.exec(select(ClaimLine.points).where(ClaimLine.claim_id == claim.id)).all())


def test_a_purchase_of_a_listed_branch_goes_its_usual_way(session: Session) -> None:
    of = make.world(session)
    second(session, of)
    choose(session, of, of.branch)
    claim, review = sent(session, of, bought(of, POZNAN))
    assert (claim.branch_id, review.branch_id) == (of.branch.id, of.branch.id)
    assert review.status is ReviewStatus.OPEN
    assert approve(session, review, of.clerk).points > 0


def test_a_proven_purchase_elsewhere_is_refused_with_the_branch_as_reason(
    session: Session,
) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch)
    claim, _ = sent(session, of, bought(of, KRAKOW))
    assert claim.branch_id == other.id
    record_proof(
        session,
        claim_id=claim.id,
        kind=ProofKind.KSEF_REGISTRY,
        evidence={},
        actor="sync",
        at=NOON,
    )
    receipt = receipts.receipt_of(session, claim)
    assert (claim.status, receipt.reason) == (
        ClaimStatus.REJECTED,
        ReasonCode.BRANCH_NOT_IN_PROGRAM,
    )
    named = [line for line in receipt.lines if line.sku]
    assert {line.reason for line in named} == {ReasonCode.BRANCH_NOT_IN_PROGRAM}
    assert {line.remedy for line in named} == {Remedy.BUY_AT_BRANCH}
    assert (paid(session, claim), receipt.points) == (0, 0)


def test_an_unproven_one_is_the_programmes_to_answer_and_nobody_can_pay_it(
    session: Session,
) -> None:
    of = make.world(session)
    second(session, of)
    choose(session, of, of.branch)
    claim, review = sent(session, of, bought(of, KRAKOW))
    assert (review.status, claim.estimate_points) == (ReviewStatus.ESCALATED, 0)
    opinion = automatic.latest_opinion(session, claim.id)
    assert opinion is not None
    assert {"topic": "seller", "verdict": "abstain", "code": SellerFact.BRANCH_OUT} in opinion.facts
    with pytest.raises(BranchOut), session.begin_nested():
        approve(session, review, organiser(session, of))
    assert (claim.status, paid(session, claim)) == (ClaimStatus.AWAITING_PARTNER, 0)


def test_what_was_bought_before_the_list_still_pays(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch)
    claim, review = sent(session, of, bought(of, KRAKOW, TODAY - timedelta(days=1)))
    assert (claim.branch_id, review.status) == (other.id, ReviewStatus.OPEN)
    everywhere = Clerk(of.clerk.person_id, of.partner.id, None)
    assert approve(session, review, everywhere).points > 0


@pytest.mark.parametrize("branches_known", [1, 2])
def test_an_unknown_branch_is_asked_for_and_never_guessed(
    session: Session, branches_known: int
) -> None:
    of = make.world(session)
    if branches_known == 2:
        second(session, of)
    choose(session, of, of.branch)
    claim, review = sent(session, of, bought(of, "ul. Inna 5, 80-100 Gdańsk"))
    assert (claim.branch_id, review.partner_id, review.branch_id) == (None, of.partner.id, None)
    assert review.status is ReviewStatus.OPEN
    with pytest.raises(BranchUnknown), session.begin_nested():
        approve(session, review, of.clerk)
    assert paid(session, claim) == 0
    assert handing.places_for(session, review, of.clerk) == [of.branch]
    handing.hand_to_branch(
        session, review_id=review.id, clerk=of.clerk, branch_id=of.branch.id, at=NOON
    )
    assert approve(session, review, of.clerk).points > 0


def test_a_review_is_not_sent_to_a_branch_that_took_no_part(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch)
    claim, review = sent(session, of, bought(of, POZNAN))
    everywhere = Clerk(of.clerk.person_id, of.partner.id, None)
    with pytest.raises(BranchTakesNoPart):
        handing.hand_to_branch(
            session, review_id=review.id, clerk=everywhere, branch_id=other.id, at=NOON
        )
    assert claim.branch_id == of.branch.id
    assert handing.places_for(session, review, everywhere) == []


def test_the_database_pays_no_line_of_a_branch_that_took_no_part(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch)
    claim, _ = sent(session, of, bought(of, POZNAN))
    pay = (
        sa.update(ClaimLine)
        .where(sa.column("claim_id") == claim.id, sa.column("position") == 1)
        .values(verdict=Verdict.APPROVE, reason=ReasonCode.COUNTED, points=10)
    )
    for place in (other.id, None):
        claim.branch_id = place
        session.add(claim)
        session.flush()
        with pytest.raises(IntegrityError, match="took no part"), session.begin_nested():
            session.execute(pay)
    claim.branch_id = of.branch.id
    session.add(claim)
    session.flush()
    with session.begin_nested() as tried:
        session.execute(pay)
        assert paid(session, claim) == 10
        tried.rollback()  # No award stands behind these points.


def test_the_counter_of_a_branch_that_takes_no_part_enters_nothing(session: Session) -> None:
    of = make.world(session)
    other: Branch = second(session, of)
    away = Clerk(make.person(session, name="Jan Mak").id, of.partner.id, other.id)
    assert counter.list_counting(session, clerk=away, at=NOON)
    choose(session, of, of.branch)
    assert not counter.list_counting(session, clerk=away, at=NOON)
    with pytest.raises(NobodyThere):
        counter.find_participant(session, clerk=away, who=of.participant.nip, at=NOON)
    found = counter.find_participant(session, clerk=of.clerk, who=of.participant.nip, at=NOON)
    assert found == of.participant
    branches.enrol(
        session,
        program=of.program,
        partner_id=of.partner.id,
        branch_id=other.id,
        since=TODAY,
        actor="person:manager",
        at=NOON,
    )
    assert counter.list_counting(session, clerk=away, at=NOON)
