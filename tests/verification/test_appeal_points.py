"""An appeal pays at most what was not paid."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import queries
from claims.correction_tables import Correction
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.errors import IllegalTransition
from messages.tables import Notice
from points import proofs
from programs import queries as program_queries
from programs.policy import (
    Bundle,
    BundlePart,
    Cap,
    FirstPurchase,
    PerUnit,
    Rules,
    Selection,
    Target,
)
from tests import make
from tests.conftest import NOON
from tests.verification.appealed import LATER, all_lines, partly, sent, spendable
from tests.verification.test_four_eyes import colleague
from verification import (
    appeals,
    correcting,
    corrections,
    cuts,
    deciding,
    decisions,
    feed_corrections,
    preview,
    receipts,
)
from verification.appeal_tables import Appeal, AppealStatus
from verification.appeals import NothingToAppeal
from verification.feed_returns import Returned, SaleCorrection
from verification.judging import LineVerdict
from verification.preview import Wish, wish_of
from verification.reduced import How
from verification.tables import Review


def test_an_overturned_appeal_pays_what_was_not_paid(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim = partly(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    deciding.judge(
        session, review=review, clerk=second, verdicts=all_lines(session, claim), at=LATER
    )
    assert (claim.status, claim.points, spendable(session, of)) == (
        ClaimStatus.OVERTURNED,
        1380,
        1380,
    )
    assert (made.status, made.points, made.decided_by) == (
        AppealStatus.OVERTURNED,
        480,
        second.person_id,
    )
    assert session.exec(select(Notice).where(Notice.event_key == f"appeal:{made.id}")).one()
    assert proofs.faults(session) == []
    with pytest.raises(IllegalTransition), session.begin_nested():
        deciding.judge(
            session, review=review, clerk=second, verdicts=all_lines(session, claim), at=LATER
        )
    assert spendable(session, of) == 1380


def test_an_appeal_against_a_refused_claim_can_pay_all_of_it(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    review = make.awaiting(session, of)
    decisions.reject(session, review=review, clerk=of.clerk, reason=ReasonCode.UNREADABLE, at=NOON)
    claim = session.get_one(Claim, review.claim_id)
    made = sent(session, of, claim)
    deciding.judge(
        session,
        review=session.get_one(Review, made.review_id),
        clerk=second,
        verdicts=all_lines(session, claim),
        at=LATER,
    )
    assert (claim.status, spendable(session, of)) == (ClaimStatus.OVERTURNED, 1380)


def shortened(session: Session, of: make.World) -> Claim:
    """Everything counted, but only 20 of the 60 sockets that the reader saw."""
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    verdicts = [
        LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(20)),
        LineVerdict(boards.id, Verdict.APPROVE),
    ]
    correcting.record(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    return session.get_one(Claim, review.claim_id)


def test_a_claim_that_was_approved_with_fewer_units_can_be_appealed_for_the_rest(
    session: Session,
) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim = shortened(session, of)
    assert claim.status is ClaimStatus.APPROVED
    before = spendable(session, of)
    assert cuts.cuts_of(session, claim.id) == [cuts.Cut(1, Decimal(60), Decimal(20))]
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    sockets, boards, _ = queries.list_lines(session, claim.id)
    verdicts = [
        LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(60)),
        LineVerdict(boards.id, Verdict.APPROVE),
    ]
    deciding.judge(session, review=review, clerk=second, verdicts=verdicts, at=LATER)
    added = queries.list_lines(session, claim.id)[-1]
    assert (added.quantity_accepted, added.points) == (Decimal(40), 40 * 15)
    assert spendable(session, of) == before + 40 * 15
    assert (claim.status, claim.points) == (ClaimStatus.OVERTURNED, before + 40 * 15)
    assert session.get_one(Appeal, made.id).points == 40 * 15
    [told] = receipts.receipt_of(session, claim).reduced
    assert (told.how, told.accepted, told.regained) == (How.SHORTENED, Decimal(20), Decimal(40))
    assert proofs.faults(session) == []


def test_an_appeal_never_pays_more_units_than_the_paper_shows(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim = shortened(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    again = make.awaiting(session, of)  # The same paper by another claim takes the rest.
    sockets, boards, _ = queries.list_lines(session, again.claim_id)
    decisions.decide(
        session,
        review=again,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.DUPLICATE),
        ],
        at=LATER,
    )
    before = spendable(session, of)
    line = queries.list_lines(session, claim.id)[0]
    verdicts = [LineVerdict(line.id, Verdict.APPROVE, quantity=Decimal(60))]
    deciding.judge(session, review=review, clerk=second, verdicts=verdicts, at=LATER)
    assert spendable(session, of) == before
    assert claim.status is ClaimStatus.UPHELD


def test_a_line_called_foreign_can_be_appealed_though_the_claim_was_approved(
    session: Session,
) -> None:
    of = make.world(session)
    second = colleague(session, of)
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    verdicts = [
        LineVerdict(sockets.id, Verdict.APPROVE),
        LineVerdict(boards.id, Verdict.REJECT, ReasonCode.NOT_IN_PROGRAM),
    ]
    correcting.record(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    claim = session.get_one(Claim, review.claim_id)
    assert claim.status is ClaimStatus.APPROVED
    before = spendable(session, of)
    made = sent(session, of, claim)
    deciding.judge(
        session,
        review=session.get_one(Review, made.review_id),
        clerk=second,
        verdicts=[LineVerdict(boards.id, Verdict.APPROVE)],
        at=LATER,
    )
    assert spendable(session, of) == before + 480


def test_a_claim_of_which_nothing_was_cut_is_not_appealed(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    claim = session.get_one(Claim, review.claim_id)
    decided = decisions.decide(
        session, review=review, clerk=of.clerk, verdicts=all_lines(session, claim), at=NOON
    )
    assert not appeals.may_appeal(claim, program_queries.settings_of(of.program), at=LATER)
    with pytest.raises(NothingToAppeal), session.begin_nested():
        sent(session, of, claim)
    with pytest.raises(sa.exc.IntegrityError, match="all of this"), session.begin_nested():
        session.execute(
            sa.insert(Appeal).values(
                claim_id=claim.id,
                decision_id=decided.id,
                review_id=review.id,
                made_at=LATER,
                due_at=LATER,
                status=AppealStatus.OPEN,
                text="",
                note="",
                points=0,
            )
        )
    assert (claim.status, session.exec(select(Appeal)).all()) == (ClaimStatus.APPROVED, [])


def test_an_appeal_does_not_pay_what_came_back_in_the_meantime(session: Session) -> None:
    """20 of 60 sockets were counted, 5 came back: the appeal may bring 40 more, not 45."""
    of = make.world(session)
    second = colleague(session, of)
    claim = shortened(session, of)
    back = Returned("5901234123457", "", "", "", Decimal(-5))
    told = SaleCorrection("KFS/1/2026", "FV/1184/11/2026", of.participant.nip, "", (back,))
    assert feed_corrections.take_in(session, partner=of.partner, found=[told], at=LATER) == 1
    assert claim.purchase_id is not None
    corrections.resolve(  # Were they of the 20 or of the rest? Only a person can tell.
        session,
        correction_id=session.exec(select(Correction.id)).one(),
        returned={(claim.purchase_id, 1): Decimal(5)},
        person_id=of.clerk.person_id,
        at=LATER,
    )
    paid = claim.points
    made = sent(session, of, claim)
    sockets, _, _ = queries.list_lines(session, claim.id)
    assert sockets.quantity_accepted == Decimal(15)
    deciding.judge(
        session,
        review=session.get_one(Review, made.review_id),
        clerk=second,
        verdicts=[LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(60))],
        at=LATER,
    )
    assert claim.points == paid + 40 * 15
    assert proofs.faults(session) == []


def everything() -> Rules:
    """Ten points a unit, at most 2,000 a month, and one bonus of each kind."""
    nova, box = Selection(families=("Nova",)), Selection(families=("Box",))
    return Rules(
        base=(PerUnit(clause="sztuka", points=Decimal(10)),),
        bonuses=(
            FirstPurchase(clause="start", points=Decimal(100)),
            Target(clause="cel", points=Decimal(200), units=Decimal(20), products=nova),
            Bundle(
                clause="komplet",
                points=Decimal(50),
                most=2,
                parts=(BundlePart(products=nova), BundlePart(products=box)),
            ),
        ),
    )


@pytest.mark.parametrize("cap", [5_000, 700], ids=["free", "capped"])
def test_an_appeal_brings_what_one_decision_would_have_brought(session: Session, cap: int) -> None:
    """20 of 60 sockets counted and no board; the appeal gives back both lines, each bonus once."""
    rules = everything().model_copy(update={"participant_caps": (Cap(points=cap),)})
    at_once = make.world(session, rules=rules)
    review = make.awaiting(session, at_once)
    verdicts = all_lines(session, session.get_one(Claim, review.claim_id))
    decided = decisions.decide(
        session, review=review, clerk=at_once.clerk, verdicts=verdicts, at=NOON
    )
    assert decided.points == min(62 * 10 + 100 + 200 + 2 * 50, cap)

    of = make.world(session, rules=rules)
    second = colleague(session, of)
    review = make.awaiting(session, of)
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    verdicts = [
        LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(20)),
        LineVerdict(boards.id, Verdict.REJECT, ReasonCode.RETURNED_GOODS),
    ]
    correcting.record(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    claim = session.get_one(Claim, review.claim_id)
    assert claim.points == 20 * 10 + 100 + 200
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    before, wishes = claim.points, {1: Wish(sockets.product_id, Decimal(60)), 2: wish_of(boards)}
    seen = preview.points_of(session, review=review, claim=claim, wishes=wishes)
    deciding.judge(
        session,
        review=review,
        clerk=second,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(60)),
            LineVerdict(boards.id, Verdict.APPROVE),
        ],
        at=LATER,
    )
    assert (claim.points, spendable(session, of)) == (decided.points, decided.points)
    # The preview had said so, row by row: the sockets' rest became a row of its own.
    *_, added = queries.list_lines(session, claim.id)
    assert (seen, made.points) == ({1: added.points, 2: boards.points}, decided.points - before)
    given = [
        granted["clause"]
        for line in queries.list_lines(session, claim.id)
        for granted in line.rule_facts.get("granted", ())
    ]
    assert sorted(given) == ["cel", "komplet", "start"]
