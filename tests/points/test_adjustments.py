"""Adjustments by hand: a reason always, two people above the limit, never one's own points."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from core import audit
from core.db import Database
from core.errors import DomainError, Invalid
from messages.tables import Notice
from points import addresses, adjustments, ledger, proofs, service
from points.adjustments import (
    Account,
    AdjustmentDecided,
    AdjustmentNotFound,
    NotEnoughToTake,
    OwnAdjustment,
    SecondPersonNeeded,
)
from points.tables import AdjustmentStatus, PointAdjustment
from tests import make
from tests.conftest import NOON


def account_of(of: make.World, *, limit: int = 500) -> Account:
    return Account(
        program_id=of.program.id,
        participant_id=of.participant.id,
        person_id=of.participant.person_id,
        chain=f"program:{of.program.id}",
        limit=limit,
        valid_days=365,
    )


def propose(
    session: Session, of: make.World, points: int, by: UUID, *, days: int = 0, reason: str = "Gest"
) -> PointAdjustment:
    return adjustments.propose(
        session,
        account=account_of(of),
        points=points,
        reason=f"{reason} za pomyłkę",
        requested_by=by,
        actor=f"person:{by}",
        at=NOON + timedelta(days=days),
    )


def approve(session: Session, of: make.World, made: PointAdjustment, by: UUID) -> PointAdjustment:
    return adjustments.approve(
        session,
        account=account_of(of),
        adjustment_id=made.id,
        by=by,
        actor=f"person:{by}",
        at=NOON,
    )


def balance(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def test_within_the_limit_one_person_adds_and_takes_with_a_trace(session: Session) -> None:
    of, one = make.world(session), make.person(session).id
    up = propose(session, of, 300, one)
    down = propose(session, of, -120, one)
    assert (up.status, down.status) == (AdjustmentStatus.POSTED, AdjustmentStatus.POSTED)
    assert balance(session, of) == 180
    assert ledger.balance(session, addresses.reversed_(of.program.id)) == 120
    entries = session.exec(
        select(audit.AuditEntry).where(audit.AuditEntry.subject == f"adjustment:{up.id}")
    ).all()
    assert [(entry.action, entry.facts["points"]) for entry in entries] == [("points.adjust", 300)]
    told = session.exec(select(Notice).where(Notice.kind == "points-adjusted")).all()
    assert sorted(notice.context["points"] for notice in told) == [-120, 300]
    assert proofs.faults(session) == []


def test_above_the_limit_nothing_moves_until_a_second_person_agrees(session: Session) -> None:
    of = make.world(session)
    one, two = make.person(session).id, make.person(session).id
    made = propose(session, of, 501, one)
    assert (made.status, balance(session, of)) == (AdjustmentStatus.PROPOSED, 0)
    with pytest.raises(SecondPersonNeeded):
        approve(session, of, made, one)
    with pytest.raises(OwnAdjustment):
        approve(session, of, made, of.participant.person_id)
    assert balance(session, of) == 0
    assert approve(session, of, made, two).status is AdjustmentStatus.POSTED
    with pytest.raises(AdjustmentDecided):
        approve(session, of, made, two)
    assert balance(session, of) == 501


def test_many_small_ones_count_as_one_large_for_a_month(session: Session) -> None:
    of, one = make.world(session), make.person(session).id
    assert propose(session, of, 400, one).status is AdjustmentStatus.POSTED
    assert propose(session, of, -101, one).status is AdjustmentStatus.PROPOSED
    assert propose(session, of, 400, one, days=31).status is AdjustmentStatus.POSTED


def test_nobody_adjusts_their_own_points_or_without_a_reason_or_by_nothing(
    session: Session,
) -> None:
    of, one = make.world(session), make.person(session).id
    with pytest.raises(OwnAdjustment):
        propose(session, of, 5, of.participant.person_id)
    with pytest.raises(Invalid):
        propose(session, of, 0, one)
    with pytest.raises(Invalid):
        adjustments.propose(
            session,
            account=account_of(of),
            points=5,
            reason=" .  ",
            requested_by=one,
            actor="person:x",
            at=NOON,
        )
    assert balance(session, of) == 0
    assert session.exec(select(PointAdjustment)).all() == []


def test_more_than_is_there_is_never_taken(session: Session) -> None:
    of, one = make.world(session), make.person(session).id
    make.give_points(session, of, 100)
    with pytest.raises(NotEnoughToTake):
        propose(session, of, -101, one)
    assert propose(session, of, -100, one).status is AdjustmentStatus.POSTED
    assert balance(session, of) == 0
    assert proofs.faults(session) == []


def test_points_spent_before_the_second_person_agrees_are_not_taken(session: Session) -> None:
    of = make.world(session)
    one, two = make.person(session).id, make.person(session).id
    make.give_points(session, of, 1000)
    made = propose(session, of, -900, one)
    service.hold(
        session,
        participant_id=of.participant.id,
        redemption_id=UUID(int=4),
        points=200,
        at=NOON,
    )
    with pytest.raises(NotEnoughToTake):
        approve(session, of, made, two)
    assert (balance(session, of), made.status) == (800, AdjustmentStatus.PROPOSED)


def test_a_refused_or_withdrawn_wish_moves_nothing_and_cannot_be_agreed_to(
    session: Session,
) -> None:
    of = make.world(session)
    one, two = make.person(session).id, make.person(session).id
    for by in (two, one):
        made = propose(session, of, 5000, one)
        adjustments.refuse(
            session,
            account=account_of(of),
            adjustment_id=made.id,
            by=by,
            actor=f"person:{by}",
            note="nie",
            at=NOON,
        )
        with pytest.raises(AdjustmentDecided):
            approve(session, of, made, two)
    assert balance(session, of) == 0
    other = make.world(session)
    with pytest.raises(AdjustmentNotFound):
        adjustments.get(session, program_ids=[other.program.id], adjustment_id=made.id)


def test_the_database_refuses_one_person_above_the_limit(session: Session) -> None:
    of, one = make.world(session), make.person(session).id
    made = propose(session, of, 5000, one)
    with pytest.raises(sa.exc.IntegrityError, match="second_person"), session.begin_nested():
        session.execute(
            sa.text(
                "UPDATE point_adjustment SET status = 'posted', decided_by = requested_by,"
                " decided_at = now() WHERE id = :id"
            ),
            {"id": made.id},
        )


def test_of_many_agreeing_at_once_one_posts(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        of, one = make.world(session), make.person(session).id
        others = [make.person(session).id for _ in range(8)]
        made = propose(session, of, 5000, one)
    together = threading.Barrier(8)

    def agree(by: UUID) -> bool:
        together.wait()
        try:
            with real_database.unit_of_work() as session:
                approve(session, of, made, by)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(agree, others)).count(True) == 1
    with real_database.unit_of_work() as session:
        assert balance(session, of) == 5000
        assert proofs.faults(session) == []
