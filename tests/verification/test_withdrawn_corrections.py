"""A wrong confirmation is taken back with a reason, and gives back exactly what it took."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import corrections as stored
from claims.correction_tables import Correction, CorrectionLine, CorrectionStatus
from claims.states import ClaimStatus
from core.audit import AuditEntry
from core.errors import Invalid
from messages.kinds import CLAIM_GIVEN_BACK
from messages.tables import Notice
from points import service as points
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    before_after,
    claimed,
    no_faults,
    only_correction,
    original,
    paid,
    send,
    spendable,
)
from tests.verification.test_corrections import BONUSES
from verification import corrections, withdrawing
from verification.withdrawing import NotConfirmed
from web.views import corrections as views


def confirm(
    session: Session, of: make.World, correction: Correction, back: dict[int, str], minutes: int = 0
) -> None:
    [purchase_id] = {one.purchase_id for one in stored.list_originals(session, correction.id)}
    assert purchase_id is not None
    corrections.resolve(
        session,
        correction_id=correction.id,
        returned={(purchase_id, place): Decimal(count) for place, count in back.items()},
        person_id=of.clerk.person_id,
        at=NOON + timedelta(minutes=minutes),
    )


def withdraw(session: Session, of: make.World, correction: Correction) -> None:
    withdrawing.withdraw(
        session,
        correction_id=correction.id,
        person_id=of.clerk.person_id,
        reason="inna faktura",
        at=NOON,
    )


def test_a_wrong_confirmation_gives_back_and_can_be_made_right(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "40"}), proven=False)
    made = only_correction(session)
    confirm(session, of, made, {1: "60", 2: "2"})
    assert (claim.status, claim.points) == (ClaimStatus.REVERSED, 0)
    withdraw(session, of, made)
    assert (claim.status, claim.points, spendable(session, of)) == (
        ClaimStatus.APPROVED, 1380, 1380,
    )  # fmt: skip
    assert (made.status, made.settled_by, made.settled_at) == (
        CorrectionStatus.NEEDS_PERSON, None, None,
    )  # fmt: skip
    assert made.doubts == [withdrawing.TAKEN_BACK, "correction-unproven"]
    assert [x.withdrawn for x in views.taken(session, claim.id)] == [False, False, True, True]
    [notice] = session.exec(select(Notice).where(Notice.kind == CLAIM_GIVEN_BACK.name)).all()
    assert (notice.context["points"], notice.context["withdrawn"]) == (1380, True)
    [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "correction.withdraw"))
    assert entry.facts["reason"] == "inna faktura"
    with pytest.raises(NotConfirmed):
        withdraw(session, of, made)
    confirm(session, of, made, {1: "20"})
    assert (claim.points, spendable(session, of)) == (1080, 1080)
    withdraw(session, of, made)
    confirm(session, of, made, {2: "1"})
    assert (claim.points, spendable(session, of)) == (1140, 1140)
    assert no_faults(session)


def test_the_true_correction_settles_itself_once_the_wrong_word_is_taken_back(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "0"}), proven=False)
    made = only_correction(session)
    confirm(session, of, made, {1: "60"})
    send(session, of, before_after(invoice, {1: "50"}))
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, [stored.SETTLED_OTHERWISE],
    )  # fmt: skip
    assert claim.points == 480
    withdraw(session, of, made)
    assert (made.status, made.settled_by) == (CorrectionStatus.APPLIED, None)
    assert (claim.points, spendable(session, of)) == (1230, 1230)
    with pytest.raises(NotConfirmed):  # The register's word stands.
        withdraw(session, of, made)
    assert no_faults(session)


def test_spent_points_and_bonuses_of_others_come_back_with_it(session: Session) -> None:
    of = make.world(session, rules=BONUSES)
    one = claimed(session, of, original(of))
    other = claimed(session, of, original(of, "FV/1185/11/2026"))
    make.place(session, of, make.stocked_reward(session, of, price=1_900))
    send(session, of, before_after(original(of), {1: "0", 2: "0"}), proven=False)
    made = only_correction(session)
    confirm(session, of, made, {1: "60", 2: "2"})
    owes = points.debt(session, participant_id=of.participant.id)
    assert (one.points, other.points, owes) == (0, 562, 1_900 - 562)
    withdraw(session, of, made)
    assert (one.points, other.points, spendable(session, of)) == (662, 1_262, 24)
    assert points.debt(session, participant_id=of.participant.id) == 0
    assert made.status is CorrectionStatus.NEEDS_PERSON


def test_without_a_reason_or_by_a_claimant_nothing_is_taken_back(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "40"}), proven=False)
    made = only_correction(session)
    confirm(session, of, made, {1: "20"})
    lines = len(session.exec(select(CorrectionLine)).all())
    with pytest.raises(Invalid):
        withdrawing.withdraw(
            session, correction_id=made.id, person_id=of.clerk.person_id, reason=" ", at=NOON
        )
    for person_id in (of.participant.person_id, make.person(session).id):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            withdrawing.withdraw(
                session, correction_id=made.id, person_id=person_id, reason="tak", at=NOON
            )
    session.expire_all()
    assert (claim.points, spendable(session, of), made.status) == (
        1080, 1080, CorrectionStatus.APPLIED,
    )  # fmt: skip
    assert len(session.exec(select(CorrectionLine)).all()) == lines
