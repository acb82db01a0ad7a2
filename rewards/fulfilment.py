"""From an allocated order to a proven delivery: picked, packed, handed over, followed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from logistics import shipments, stock
from logistics.shipment_tables import Carrier, ProofKind, Shipment
from logistics.shipments import Recipient
from logistics.states import MOVING, AllocationStatus, ShipmentStatus
from logistics.tables import Allocation, Item, Lot
from messages.kinds import ORDER_DELIVERED, ORDER_SENT
from points import service as points
from rewards import holding, queries, service, states
from rewards.service import line_reference, shipment_reference
from rewards.states import RedemptionStatus
from rewards.tables import Redemption


class NotAllPicked(DomainError):
    """A box is closed only when every item was scanned."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "not-all-picked"


class NotYetShipped(DomainError):
    """Nobody can have received what has not left the house."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "not-yet-shipped"


def pick_list(session: Session, redemption_id: UUID) -> list[tuple[Allocation, Lot, Item]]:
    """What to take from where, sorted by location."""
    references = [line_reference(line) for line, _ in queries.list_lines(session, redemption_id)]
    rows = session.exec(
        select(Allocation, Lot, Item)
        .join(Lot, col(Lot.id) == col(Allocation.lot_id))
        .join(Item, col(Item.id) == col(Allocation.item_id))
        .where(
            col(Allocation.reference).in_(references),
            Allocation.status != AllocationStatus.RELEASED,
        )
        .order_by(col(Lot.location), col(Lot.number))
    )
    return [(allocation, lot, item) for allocation, lot, item in rows]


def start(
    session: Session, *, redemption_id: UUID, actor: str, language: str = "pl", at: datetime
) -> Shipment:
    """Begin the fulfilment of an order and open its parcel; asking again gives the same parcel."""
    redemption = service.lock(session, redemption_id)
    known = shipments.find_by_reference(session, shipment_reference(redemption))
    if known is not None:
        return known
    states.check(redemption.status, RedemptionStatus.IN_FULFILMENT)
    holding.require_free(session, redemption)
    service.advance(session, redemption, to=RedemptionStatus.IN_FULFILMENT, actor=actor, at=at)
    picks = pick_list(session, redemption.id)
    return shipments.open_shipment(
        session,
        reference=shipment_reference(redemption),
        warehouse_id=picks[0][1].warehouse_id,
        carrier=session.get_one(Carrier, redemption.carrier_id),
        recipient=Recipient(
            name=redemption.recipient_name,
            company=redemption.recipient_company,
            street=redemption.street,
            postcode=redemption.postcode,
            city=redemption.city,
            phone=redemption.phone,
            language=language,
            point_code=redemption.point_code,
        ),
        weight_g=sum(allocation.quantity * item.weight_g for allocation, _, item in picks),
        promised_on=redemption.promised_on,
        at=at,
    )


def scan(
    session: Session, *, redemption_id: UUID, lot_number: str, actor: str, at: datetime
) -> Allocation:
    """Confirm one pick by its lot. Raises `WrongLot` when the order does not need that lot."""
    service.lock(session, redemption_id)
    for allocation, lot, _ in pick_list(session, redemption_id):
        if lot.number == lot_number.strip():
            return stock.pick(
                session, reference=allocation.reference, lot_number=lot_number, actor=actor, at=at
            )
    raise stock.WrongLot(scanned=lot_number.strip()[:60])


def label(
    session: Session, *, redemption_id: UUID, carrier_number: str, actor: str, at: datetime
) -> Shipment:
    """Close the box and store its label. Raises `NotAllPicked`."""
    redemption = service.lock(session, redemption_id)
    picks = pick_list(session, redemption.id)
    if not picks or any(a.status is AllocationStatus.RESERVED for a, _, _ in picks):
        raise NotAllPicked
    shipment = _shipment(session, redemption)
    shipments.buy_label(
        session, shipment=shipment, carrier_number=carrier_number, actor=actor, at=at
    )
    return shipment


def hand_over(session: Session, *, redemption_id: UUID, actor: str, at: datetime) -> Shipment:
    """The carrier takes the parcel: stock leaves, points are spent, in one transaction."""
    redemption = service.lock(session, redemption_id)
    shipment = _shipment(session, redemption)
    shipments.hand_over(session, shipment=shipment, actor=actor, at=at)
    for line, _ in queries.list_lines(session, redemption.id):
        stock.consume(session, reference=line_reference(line), actor=actor, at=at)
    points.capture(
        session,
        program_id=redemption.program_id,
        redemption_id=redemption.id,
        points=redemption.points,
        reference=f"redemption:{redemption.id}:capture",
        at=at,
    )
    service.advance(
        session,
        redemption,
        to=RedemptionStatus.SHIPPED,
        actor=actor,
        at=at,
        shipment=shipment.number,
    )
    service.tell(session, redemption, ORDER_SENT, at=at)
    return shipment


def carrier_event(
    session: Session,
    *,
    shipment_id: UUID,
    raw_code: str,
    status: ShipmentStatus | None,
    event_at: datetime,
    place: str = "",
    actor: str,
    at: datetime,
) -> Shipment:
    """Take in what the carrier reports; a delivery moves the order too.

    The order is locked before its parcel, as everywhere.
    """
    known = session.get(Shipment, shipment_id)
    if known is None:
        raise shipments.ShipmentNotFound
    service.lock(session, _order_of(known))
    shipment = shipments.lock(session, shipment_id)
    if shipment.status is ShipmentStatus.LABEL_READY and status in (
        *MOVING,
        ShipmentStatus.DELIVERED,
    ):
        # The carrier's first scan is a hand-over, also when nobody here scanned it.
        hand_over(session, redemption_id=_order_of(shipment), actor=actor, at=event_at)
    shipments.record_event(
        session,
        shipment=shipment,
        raw_code=raw_code,
        status=status,
        event_at=event_at,
        place=place,
        actor=actor,
        at=at,
    )
    if shipment.status is ShipmentStatus.DELIVERED:
        _deliver(session, shipment, actor=actor, at=event_at)
    return shipment


def confirm_delivery(
    session: Session, *, redemption_id: UUID, participant_id: UUID, actor: str, at: datetime
) -> Redemption:
    """The participant taps "I have it": the strongest proof there is."""
    redemption = service.lock(session, redemption_id)
    if redemption.participant_id != participant_id:
        raise queries.RedemptionNotFound
    if redemption.status not in (RedemptionStatus.SHIPPED, RedemptionStatus.DELIVERED):
        raise NotYetShipped
    shipment = shipments.lock(session, _shipment(session, redemption).id)
    if shipment.status is not ShipmentStatus.DELIVERED:
        shipments.record_event(
            session,
            shipment=shipment,
            raw_code="confirmed_by_recipient",
            status=ShipmentStatus.DELIVERED,
            event_at=at,
            actor=actor,
            at=at,
        )
    shipments.prove(session, shipment=shipment, kind=ProofKind.PARTICIPANT, source=actor, at=at)
    _deliver(session, shipment, actor=actor, at=at)
    return redemption


def _deliver(session: Session, shipment: Shipment, *, actor: str, at: datetime) -> None:
    redemption = session.exec(
        select(Redemption)
        .where(Redemption.id == _order_of(shipment))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if redemption.status is RedemptionStatus.SHIPPED:
        redemption.delivered_at = at
        service.advance(session, redemption, to=RedemptionStatus.DELIVERED, actor=actor, at=at)
        service.tell(session, redemption, ORDER_DELIVERED, at=at)


def _order_of(shipment: Shipment) -> UUID:
    return UUID(shipment.reference.removeprefix("redemption:"))


def _shipment(session: Session, redemption: Redemption) -> Shipment:
    shipment = shipments.find_by_reference(session, shipment_reference(redemption))
    if shipment is None:
        raise shipments.ShipmentNotFound
    return shipment
