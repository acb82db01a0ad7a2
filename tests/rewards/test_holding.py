"""Rewards that nobody has packed wait while their participant owes points, where it is so set."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from messages.tables import Notice
from points import proofs, reversals, service
from programs.settings import SpentPoints
from rewards import fulfilment, holding
from rewards import service as rewards
from rewards.holding import OrderHeld
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from tests import make
from tests.conftest import NOON


def owing(session: Session, setting: SpentPoints) -> tuple[make.World, Redemption]:
    """Somebody who ordered for 500 of 600 points, of which a correction then took 300."""
    of = make.world(session)
    of.program.settings = {**of.program.settings, "spent_points": setting.value}
    session.add(of.program)
    service.award(
        session,
        reference="award",
        program_id=of.program.id,
        participant_id=of.participant.id,
        points=600,
        expires_on=make.date(2027, 11, 20),
        at=NOON,
    )
    order = make.place(session, of, make.stocked_reward(session, of, price=500))
    found = reversals.reverse(session, of="award", reference="c:1", points=300, at=NOON)
    assert (found.from_active, found.to_debt) == (100, 200)
    return of, order


def test_an_undelivered_reward_waits_until_new_points_pay(session: Session) -> None:
    of, order = owing(session, SpentPoints.HOLD)
    with pytest.raises(OrderHeld):
        fulfilment.start(session, redemption_id=order.id, actor="person:test", at=NOON)
    assert holding.hold_owing(session, at=NOON) == 1
    assert holding.hold_owing(session, at=NOON) == 0
    assert (order.status, order.hold_reason) == (RedemptionStatus.ON_HOLD, "debt")
    told = session.exec(select(Notice).where(Notice.kind == "order-held")).all()
    assert [notice.person_id for notice in told] == [of.participant.person_id]
    assert holding.resume_paid(session, at=NOON) == 0
    make.give_points(session, of, 250)
    assert holding.resume_paid(session, at=NOON) == 1
    assert (order.status, order.hold_reason) == (RedemptionStatus.ALLOCATED, None)
    fulfilment.start(session, redemption_id=order.id, actor="person:test", at=NOON)
    assert order.status is RedemptionStatus.IN_FULFILMENT
    assert proofs.faults(session) == []


def test_cancelling_a_held_order_pays_the_debt_at_once(session: Session) -> None:
    of, order = owing(session, SpentPoints.HOLD)
    holding.hold_owing(session, at=NOON)
    rewards.cancel(
        session,
        redemption_id=order.id,
        participant_id=of.participant.id,
        actor="person:test",
        at=NOON,
    )
    assert order.status is RedemptionStatus.CANCELLED
    assert service.debt(session, participant_id=of.participant.id) == 0
    assert service.ledger.balance(session, f"participant:{of.participant.id}:active") == 300
    assert proofs.faults(session) == []


def test_where_debts_are_only_set_off_nothing_waits(session: Session) -> None:
    _, order = owing(session, SpentPoints.DEBT)
    assert holding.hold_owing(session, at=NOON) == 0
    fulfilment.start(session, redemption_id=order.id, actor="person:test", at=NOON)
    assert order.status is RedemptionStatus.IN_FULFILMENT


def test_a_parcel_that_is_being_packed_is_not_taken_apart(session: Session) -> None:
    of, order = owing(session, SpentPoints.HOLD)
    other = make.world(session)
    assert other.program.id != of.program.id
    order.status = RedemptionStatus.IN_FULFILMENT
    session.add(order)
    session.flush()
    assert holding.hold_owing(session, at=NOON) == 0
    assert order.status is RedemptionStatus.IN_FULFILMENT
