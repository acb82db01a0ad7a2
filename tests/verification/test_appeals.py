"""An appeal is answered by another person, and in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import queries
from claims.service import ClaimNotFound
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim
from core.errors import IllegalTransition, Invalid
from tests import make
from tests.conftest import NOON
from tests.verification.appealed import LATER, all_lines, partly, sent, spendable
from tests.verification.test_four_eyes import colleague
from verification import appeals, deciding, decisions, queue
from verification.appeal_tables import Appeal, AppealStatus
from verification.appeals import OwnDecisionAppealed, TooLateToAppeal
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.self_dealing import NotTheSeller
from verification.tables import Cause, Review, ReviewStatus


def test_an_appeal_promises_a_time_and_waits_for_another_person(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim = partly(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    assert claim.status is ClaimStatus.APPEALED
    # Friday afternoon and three working days of eight hours: Wednesday.
    assert made.due_at == review.due_at == claim.due_at == LATER + timedelta(days=5)
    assert (review.cause, review.status) == (Cause.APPEAL, ReviewStatus.OPEN)
    assert queue.list_open(session, clerk=of.clerk, at=LATER) == []
    assert [r.id for r, _ in queue.list_open(session, clerk=second, at=LATER)] == [review.id]
    assert spendable(session, of) == 900  # what was paid stays


def test_an_upheld_appeal_names_its_reason_and_pays_nothing(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim = partly(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    with pytest.raises(Invalid), session.begin_nested():
        deciding.judge(
            session, review=review, clerk=second, reason=ReasonCode.OTHER, note=" ", at=LATER
        )
    deciding.judge(session, review=review, clerk=second, reason=ReasonCode.RETURNED_GOODS, at=LATER)
    assert (claim.status, made.reason) == (ClaimStatus.UPHELD, ReasonCode.RETURNED_GOODS)
    assert spendable(session, of) == 900
    with pytest.raises(IllegalTransition), session.begin_nested():
        sent(session, of, claim)


def test_who_decided_first_does_not_answer_the_appeal(session: Session) -> None:
    of = make.world(session)
    colleague(session, of)
    claim = partly(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    with pytest.raises(OwnDecisionAppealed), session.begin_nested():
        deciding.judge(
            session, review=review, clerk=of.clerk, verdicts=all_lines(session, claim), at=LATER
        )
    assert (claim.status, spendable(session, of)) == (ClaimStatus.APPEALED, 900)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(
            sa.update(Appeal).values(
                status=AppealStatus.OVERTURNED, decided_by=of.clerk.person_id, decided_at=LATER
            )
        )
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(
            sa.update(Appeal).values(
                status=AppealStatus.OVERTURNED,
                decided_by=of.participant.person_id,
                decided_at=LATER,
            )
        )


def test_a_branch_without_another_person_hands_the_appeal_to_the_programme(
    session: Session,
) -> None:
    of = make.world(session)
    claim = partly(session, of)
    made = sent(session, of, claim)
    review = session.get_one(Review, made.review_id)
    assert review.status is ReviewStatus.ESCALATED
    organiser = make.organiser(session, of.program)
    deciding.judge(
        session, review=review, clerk=organiser, verdicts=all_lines(session, claim), at=LATER
    )
    assert claim.status is ClaimStatus.OVERTURNED


def test_appeals_come_in_time_from_the_claimant_against_what_was_not_paid(
    session: Session,
) -> None:
    of = make.world(session)
    claim = partly(session, of)
    with pytest.raises(ClaimNotFound), session.begin_nested():
        appeals.appeal(
            session,
            claim_id=claim.id,
            participant_id=make.world(session).participant.id,
            at=LATER,
        )
    with pytest.raises(TooLateToAppeal), session.begin_nested():
        appeals.appeal(
            session,
            claim_id=claim.id,
            participant_id=of.participant.id,
            at=NOON + timedelta(days=14, seconds=1),
        )
    assert claim.status is ClaimStatus.PARTIALLY_APPROVED
    assert session.exec(select(Appeal)).all() == []


def refused(session: Session, of: make.World) -> tuple[Claim, Review]:
    """Everything refused by the first clerk, and the appeal of it."""
    review = make.awaiting(session, of)
    decisions.reject(session, review=review, clerk=of.clerk, reason=ReasonCode.UNREADABLE, at=NOON)
    claim = session.get_one(Claim, review.claim_id)
    return claim, session.get_one(Review, sent(session, of, claim).review_id)


def test_a_large_appeal_needs_two_people_besides_the_first(session: Session) -> None:
    of = make.world(session)
    of.program.settings = {"four_eyes_points": 300}
    second, third = colleague(session, of), colleague(session, of)
    claim, review = refused(session, of)

    def answer(clerk: queue.Clerk) -> object:
        verdicts = all_lines(session, claim)
        return deciding.judge(session, review=review, clerk=clerk, verdicts=verdicts, at=LATER)

    first = answer(second)
    assert isinstance(first, FirstOpinion)
    assert (first.points, first.given_by, review.cause) == (1380, second.person_id, Cause.APPEAL)
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.APPEALED, 0, 0)
    for clerk in (second, of.clerk):  # Whoever spoke first, and whoever was appealed against.
        assert queue.list_open(session, clerk=clerk, at=LATER) == []
        with pytest.raises(OwnDecisionAppealed), session.begin_nested():
            answer(clerk)
    session.execute(sa.update(Claim).where(col(Claim.id) == claim.id).values(points=1380))
    for first_by in (None, of.clerk.person_id, third.person_id, of.participant.person_id):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(
                sa.update(Appeal).values(
                    status=AppealStatus.OVERTURNED, points=1380, decided_at=LATER,
                    decided_by=third.person_id, first_by=first_by,
                )
            )  # fmt: skip
    session.execute(sa.update(Claim).where(col(Claim.id) == claim.id).values(points=0))
    session.expire_all()
    assert spendable(session, of) == 0
    answer(third)
    made = session.exec(select(Appeal)).one()
    assert (made.decided_by, made.first_by) == (third.person_id, second.person_id)
    assert (claim.status, spendable(session, of)) == (ClaimStatus.OVERTURNED, 1380)
    assert session.exec(select(FirstOpinion.status)).all() == [OpinionStatus.CONFIRMED]


def test_an_appeal_pays_only_through_the_seller(session: Session) -> None:
    of = make.world(session)
    second = colleague(session, of)
    claim, review = refused(session, of)
    purchase = queries.find_purchase(session, claim)
    assert purchase is not None
    purchase.seller_nip = make.nip()
    session.flush()
    with pytest.raises(NotTheSeller), session.begin_nested():
        deciding.judge(
            session, review=review, clerk=second, verdicts=all_lines(session, claim), at=LATER
        )
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.APPEALED, 0, 0)
    session.execute(sa.update(Claim).where(col(Claim.id) == claim.id).values(points=10))
    with pytest.raises(sa.exc.IntegrityError, match="only the seller"), session.begin_nested():
        session.execute(
            sa.update(Appeal).values(
                status=AppealStatus.OVERTURNED, points=10, decided_at=LATER,
                decided_by=second.person_id,
            )
        )  # fmt: skip
