"""An appeal is answered by another person, and in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims.service import ClaimNotFound
from claims.states import ClaimStatus, ReasonCode
from core.errors import IllegalTransition, Invalid
from tests import make
from tests.conftest import NOON
from tests.verification.appealed import LATER, all_lines, partly, sent, spendable
from tests.verification.test_four_eyes import colleague
from verification import (
    appeals,
    deciding,
    queue,
)
from verification.appeal_tables import Appeal, AppealStatus
from verification.appeals import OwnDecisionAppealed, TooLateToAppeal
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
