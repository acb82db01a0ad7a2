"""A reward from the order to the proof: points and stock move together, once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DomainError, IllegalTransition
from logistics.shipment_tables import DeliveryProof, ProofKind, ProofStatus, Shipment
from logistics.states import ShipmentStatus
from logistics.stock import OutOfStock, WrongLot
from logistics.tables import Lot
from points import addresses, ledger, proofs
from points.ledger import InsufficientPoints
from points.tables import PointLot
from rewards import fulfilment, service
from rewards.fulfilment import NotAllPicked, NotYetShipped
from rewards.service import PriceChanged, TooLateToCancel, Wanted
from rewards.states import RedemptionStatus
from rewards.tables import Redemption, Reward
from tests import make
from tests.conftest import NOON

WHO = "person:warehouse"


def lot_of(session: Session, reward: Reward) -> Lot:
    return session.exec(
        select(Lot).where(Lot.item_id == reward.item_id).execution_options(populate_existing=True)
    ).one()


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def shipped(session: Session, redemption: Redemption, reward: Reward) -> None:
    fulfilment.start(session, redemption_id=redemption.id, actor=WHO, at=NOON)
    lot = lot_of(session, reward)
    fulfilment.scan(session, redemption_id=redemption.id, lot_number=lot.number, actor=WHO, at=NOON)
    fulfilment.label(
        session, redemption_id=redemption.id, carrier_number="PL123", actor=WHO, at=NOON
    )
    fulfilment.hand_over(session, redemption_id=redemption.id, actor=WHO, at=NOON)


def test_ordering_holds_points_and_stock_together(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 1200)
    reward = make.stocked_reward(session, of, units=5, price=500)
    redemption = make.place(session, of, reward, quantity=2)
    lot = lot_of(session, reward)
    assert redemption.status is RedemptionStatus.ALLOCATED
    assert (lot.on_hand, lot.reserved) == (5, 2)
    assert spendable(session, of) == 200
    assert ledger.balance(session, addresses.held(redemption.id)) == 1000


def test_too_few_points_leave_the_stock_alone(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 400)
        reward = make.stocked_reward(session, of, units=5, price=500)
        carrier = make.carrier(session)
    with pytest.raises(InsufficientPoints), real_database.unit_of_work() as session:
        make.place(session, of, reward, by=carrier)
    with real_database.unit_of_work() as session:
        assert lot_of(session, reward).reserved == 0
        assert spendable(session, of) == 400
        assert session.exec(select(Redemption)).all() == []


def test_a_price_that_changed_meanwhile_orders_nothing(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 2000)
    reward = make.stocked_reward(session, of, price=500)
    with pytest.raises(PriceChanged), session.begin_nested():
        service.place(
            session,
            program=of.program,
            participant=of.participant,
            wanted=[Wanted(reward.id, 1, 450)],
            recipient=make.RECIPIENT,
            carrier=make.carrier(session),
            promised_on=date(2026, 11, 27),
            actor=WHO,
            at=NOON,
        )
    assert (spendable(session, of), lot_of(session, reward).reserved) == (2000, 0)


def test_the_parcel_leaves_and_the_points_are_spent(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    reward = make.stocked_reward(session, of, units=5)
    redemption = make.place(session, of, reward)
    shipped(session, redemption, reward)
    lot = lot_of(session, reward)
    assert redemption.status is RedemptionStatus.SHIPPED
    assert (lot.on_hand, lot.reserved) == (4, 0)
    assert ledger.balance(session, addresses.held(redemption.id)) == 0
    assert ledger.balance(session, addresses.spent(of.program.id)) == 500
    fulfilment.confirm_delivery(
        session,
        redemption_id=redemption.id,
        participant_id=of.participant.id,
        actor="person:marek",
        at=NOON + timedelta(days=2),
    )
    proof = session.exec(select(DeliveryProof)).one()
    assert redemption.status is RedemptionStatus.DELIVERED
    assert (proof.kind, proof.status) == (ProofKind.PARTICIPANT, ProofStatus.PROVEN)
    assert proofs.faults(session) == []


def test_a_wrong_lot_is_refused_and_the_box_stays_open(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    redemption = make.place(session, of, make.stocked_reward(session, of))
    fulfilment.start(session, redemption_id=redemption.id, actor=WHO, at=NOON)
    with pytest.raises(WrongLot):
        fulfilment.scan(
            session, redemption_id=redemption.id, lot_number="OTHER", actor=WHO, at=NOON
        )
    with pytest.raises(NotAllPicked):
        fulfilment.label(
            session, redemption_id=redemption.id, carrier_number="PL1", actor=WHO, at=NOON
        )
    assert ledger.balance(session, addresses.held(redemption.id)) == 500


def test_cancelling_returns_points_with_their_own_expiry_and_the_stock(session: Session) -> None:
    """On their last day: whoever orders and cancels does not put it off."""
    of = make.world(session)
    make.give_points(session, of, 300, expires_on=NOON.date())
    make.give_points(session, of, 300, expires_on=date(2027, 12, 31))
    reward = make.stocked_reward(session, of, price=500)
    redemption = make.place(session, of, reward)
    service.cancel(
        session,
        redemption_id=redemption.id,
        participant_id=of.participant.id,
        actor="person:marek",
        at=NOON,
    )
    lots = session.exec(select(PointLot.expires_on, PointLot.remaining)).all()
    assert sorted(tuple(lot) for lot in lots) == [
        (NOON.date(), 300),
        (date(2027, 12, 31), 300),
    ]
    assert (spendable(session, of), lot_of(session, reward).reserved) == (600, 0)
    with pytest.raises(IllegalTransition):
        service.cancel(
            session, redemption_id=redemption.id, participant_id=None, actor=WHO, at=NOON
        )


def test_cancelling_an_order_that_is_being_packed_closes_its_parcel(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    redemption = make.place(session, of, make.stocked_reward(session, of))
    parcel = fulfilment.start(session, redemption_id=redemption.id, actor=WHO, at=NOON)
    service.cancel(session, redemption_id=redemption.id, participant_id=None, actor=WHO, at=NOON)
    assert session.get_one(Shipment, parcel.id).status is ShipmentStatus.CANCELLED
    assert spendable(session, of) == 500


def test_a_parcel_on_its_way_is_not_cancelled(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    reward = make.stocked_reward(session, of)
    redemption = make.place(session, of, reward)
    shipped(session, redemption, reward)
    with pytest.raises(TooLateToCancel):
        service.cancel(
            session,
            redemption_id=redemption.id,
            participant_id=of.participant.id,
            actor="person:marek",
            at=NOON,
        )
    assert spendable(session, of) == 0


def test_nobody_confirms_what_has_not_left(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    redemption = make.place(session, of, make.stocked_reward(session, of))
    with pytest.raises(NotYetShipped):
        fulfilment.confirm_delivery(
            session,
            redemption_id=redemption.id,
            participant_id=of.participant.id,
            actor="person:marek",
            at=NOON,
        )
    assert redemption.status is RedemptionStatus.ALLOCATED


def test_carrier_events_in_any_order_and_twice_end_in_the_same_state(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 500)
    reward = make.stocked_reward(session, of)
    redemption = make.place(session, of, reward)
    shipped(session, redemption, reward)
    shipment = fulfilment.start(session, redemption_id=redemption.id, actor=WHO, at=NOON)
    events = [
        ("delivered", ShipmentStatus.DELIVERED, 30),
        ("sorted", ShipmentStatus.IN_TRANSIT, 10),
        ("out", ShipmentStatus.OUT_FOR_DELIVERY, 20),
        ("sorted", ShipmentStatus.IN_TRANSIT, 10),
    ]
    for code, status, hours in events:
        fulfilment.carrier_event(
            session,
            shipment_id=shipment.id,
            raw_code=code,
            status=status,
            event_at=NOON + timedelta(hours=hours),
            actor="carrier:test",
            at=NOON + timedelta(hours=31),
        )
    assert shipment.status is ShipmentStatus.DELIVERED
    assert redemption.status is RedemptionStatus.DELIVERED
    assert session.exec(select(DeliveryProof)).one().status is ProofStatus.ASSERTED


def test_of_twenty_at_once_exactly_as_many_win_as_there_are_units(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 20 * 500)
        reward = make.stocked_reward(session, of, units=7)
        carrier = make.carrier(session)
    together = threading.Barrier(20)

    def order(_: int) -> str:
        together.wait()
        try:
            with real_database.unit_of_work() as session:
                make.place(session, of, reward, by=carrier)
        except DomainError as error:
            return error.code
        return "ordered"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(order, range(20)))
    assert outcomes.count("ordered") == 7
    assert outcomes.count(OutOfStock.code) == 13
    with real_database.unit_of_work() as session:
        lot = lot_of(session, reward)
        assert (lot.on_hand, lot.reserved) == (7, 7)
        assert spendable(session, of) == 13 * 500
        assert proofs.faults(session) == []
