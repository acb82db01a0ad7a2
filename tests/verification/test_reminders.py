"""Clerks are reminded in time, deputies stand in, and silence has an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from claims.states import ClaimStatus
from claims.tables import Claim
from messages.tables import Notice
from partners.tables import PartnerUser
from partners.team_tables import PartnerAbsence
from points import addresses, ledger
from tests import make
from tests.conftest import NOON
from tests.verification.test_automatic import awaiting, earn_trust, set_settings
from tests.verification.test_four_eyes import colleague
from verification import deputies, queue, reminders
from verification.automatic_tables import SecondLook
from verification.policy import Route
from verification.tables import Cause, Decision, Review, ReviewStatus

# Due on Monday at noon; two working hours before are on Monday at ten.
TEN = NOON + timedelta(days=3, hours=-2)
AFTER = NOON + timedelta(days=3, minutes=1)


def notices(session: Session) -> list[object]:
    return [
        notice.person_id
        for notice in session.exec(select(Notice).where(Notice.kind == "reviews-due"))
    ]


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def test_clerks_are_told_once_before_the_promised_time(session: Session) -> None:
    of = make.world(session)
    awaiting(session, of, "FV/1/2026")
    awaiting(session, of, "FV/2/2026")
    assert reminders.remind(session, at=TEN - timedelta(minutes=1)) == 0
    assert reminders.remind(session, at=TEN) == 1
    assert reminders.remind(session, at=TEN + timedelta(minutes=5)) == 0
    assert notices(session) == [of.clerk.person_id]


def test_who_is_away_is_spared_and_the_deputy_hears_and_sees(session: Session) -> None:
    of = make.world(session)
    stand_in = colleague(session, of)
    users = {
        user.person_id: user
        for user in session.exec(select(PartnerUser).where(PartnerUser.partner_id == of.partner.id))
    }
    absent, deputy = users[of.clerk.person_id], users[stand_in.person_id]
    deputy.branch_id = None
    session.add(
        PartnerAbsence(
            partner_user_id=absent.id,
            deputy_id=deputy.id,
            first_on=TEN.date(),
            last_on=TEN.date(),
            entered_by=of.clerk.person_id,
            entered_at=NOON,
        )
    )
    session.flush()
    awaiting(session, of, "FV/1/2026")
    reminders.remind(session, at=TEN)
    assert notices(session) == [stand_in.person_id]
    assert deputies.stands_in(session, deputy, on=TEN.date())
    assert not deputies.stands_in(session, deputy, on=NOON.date())


def test_silence_hands_a_claim_to_the_programme(session: Session) -> None:
    of = make.world(session)
    review = awaiting(session, of, "FV/1/2026")
    assert reminders.end_silence(session, at=review.due_at) == 0
    assert reminders.end_silence(session, at=AFTER) == 1
    assert (review.status, review.lapsed_at) == (ReviewStatus.ESCALATED, AFTER)
    assert queue.list_open(session, clerk=of.clerk, at=AFTER) == []
    assert reminders.end_silence(session, at=AFTER) == 0


def test_what_somebody_works_on_this_minute_is_left_to_them(session: Session) -> None:
    of = make.world(session)
    review = awaiting(session, of, "FV/1/2026")
    queue.take(session, review_id=review.id, clerk=of.clerk, at=AFTER)
    assert reminders.end_silence(session, at=AFTER) == 0
    assert reminders.end_silence(session, at=AFTER + timedelta(minutes=6)) == 1


def test_a_trusted_participant_is_paid_after_silence_and_looked_at_again(
    session: Session,
) -> None:
    of = make.world(session)
    earn_trust(session, of)
    set_settings(session, of, on_silence="pay_on_trust", silence_points=2000)
    before = spendable(session, of)
    review = awaiting(session, of, "FV/8/2026")
    reminders.end_silence(session, at=AFTER)
    claim = session.get_one(Claim, review.claim_id)
    assert (claim.status, spendable(session, of)) == (ClaimStatus.APPROVED, before + 1380)
    decision = session.exec(select(Decision).where(Decision.claim_id == claim.id)).one()
    assert decision.automatic
    look = session.exec(select(SecondLook).where(SecondLook.decision_id == decision.id)).one()
    assert look.route is Route.SILENCE
    assert session.get_one(Review, look.review_id).cause is Cause.AUDIT


@pytest.mark.parametrize("why", ["untrusted", "too much", "escalate"])
def test_silence_pays_nobody_beyond_the_earned_limits(session: Session, why: str) -> None:
    of = make.world(session)
    if why != "untrusted":
        earn_trust(session, of)
    limit = 1379 if why == "too much" else 2000
    silence = "escalate" if why == "escalate" else "pay_on_trust"
    set_settings(session, of, on_silence=silence, silence_points=limit)
    before = spendable(session, of)
    review = awaiting(session, of, "FV/8/2026")
    reminders.end_silence(session, at=AFTER)
    assert review.status is ReviewStatus.ESCALATED
    assert spendable(session, of) == before
