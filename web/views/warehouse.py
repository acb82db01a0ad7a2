"""Orders, picks and stock as the warehouse's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from core.clock import local_date
from logistics import shipments, stock
from logistics.shipment_tables import Carrier, Shipment
from logistics.states import MOVING, AllocationStatus, ShipmentStatus
from logistics.tables import Item, Lot
from programs.tables import Program
from rewards import fulfilment, queries
from rewards.service import shipment_reference
from rewards.states import RedemptionStatus
from rewards.tables import Redemption, Reward
from web.views.orders import ORDER_CHIPS, SHIPMENT_LABELS

R = RedemptionStatus


@dataclass(frozen=True, slots=True)
class OrderView:
    id: UUID
    number: str
    title: str
    recipient: str
    city: str
    placed_at: datetime
    promised_on: date
    late: bool
    label: str
    colour: str
    icon: str
    carrier: str
    carrier_number: str
    shipment_label: str


@dataclass(frozen=True, slots=True)
class PickView:
    location: str
    lot: str
    name: str
    sku: str
    quantity: int
    expires_on: date | None
    picked: bool


@dataclass(frozen=True, slots=True)
class StockView:
    name: str
    sku: str
    on_hand: int
    reserved: int
    quarantined: int
    available: int
    lots: list[Lot]


def order_view(session: Session, order: Redemption, today: date) -> OrderView:
    label, colour, icon = ORDER_CHIPS[order.status]
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    waiting = order.status not in (R.DELIVERED, R.COMPLETED, R.CANCELLED)
    return OrderView(
        id=order.id,
        number=order.number,
        title=", ".join(reward.name for _, reward in queries.list_lines(session, order.id)),
        recipient=order.recipient_name,
        city=order.city,
        placed_at=order.placed_at,
        promised_on=order.promised_on,
        late=waiting and order.promised_on < today,
        label=label,
        colour=colour,
        icon=icon,
        carrier=session.get_one(Carrier, order.carrier_id).name,
        carrier_number=(shipment.carrier_number or "") if shipment else "",
        shipment_label=SHIPMENT_LABELS[shipment.status] if shipment else "",
    )


def stock_views(session: Session, program: Program, today: date) -> list[StockView]:
    items = session.exec(
        select(Item)
        .join(Reward, col(Reward.item_id) == col(Item.id))
        .where(Reward.program_id == program.id)
        .order_by(col(Item.name))
    ).all()
    levels = stock.levels(session, item_ids=[item.id for item in items], on=today)
    lots: dict[UUID, list[Lot]] = {}
    for lot in session.exec(
        select(Lot)
        .where(col(Lot.item_id).in_([item.id for item in items]))
        .order_by(col(Lot.expires_on).asc().nulls_last(), col(Lot.number))
    ):
        lots.setdefault(lot.item_id, []).append(lot)
    made = []
    for item in items:
        level = levels[item.id]
        made.append(
            StockView(
                item.name,
                item.sku,
                level.on_hand,
                level.reserved,
                level.quarantined,
                level.available,
                lots.get(item.id, []),
            )
        )
    return made


def expiring(session: Session, program: Program, today: date) -> list[tuple[str, str, int, date]]:
    rows = session.exec(
        select(Item, Lot)
        .join(Lot, col(Lot.item_id) == col(Item.id))
        .join(Reward, col(Reward.item_id) == col(Item.id))
        .where(
            Reward.program_id == program.id,
            Lot.on_hand > 0,
            col(Lot.expires_on) <= today + timedelta(days=120),
        )
        .order_by(col(Lot.expires_on))
    )
    return [
        (item.name, lot.number, lot.on_hand, lot.expires_on)
        for item, lot in rows
        if lot.expires_on is not None
    ]


def packing_context(
    session: Session, program: Program, order_id: UUID, now: datetime, scanned: str = ""
) -> dict[str, object]:
    order = queries.get_for_program(session, redemption_id=order_id, program_id=program.id)
    picks = fulfilment.pick_list(session, order.id)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    left = sum(a.status is AllocationStatus.RESERVED for a, _, _ in picks)
    steps = (shipment is not None, shipment is not None and left == 0)
    labelled = shipment is not None and shipment.status is not ShipmentStatus.DRAFT
    sent = order.status in (R.SHIPPED, R.DELIVERED, R.COMPLETED)
    return {
        "scope_label": program.name,
        "order": order_view(session, order, local_date(now)),
        "address": [
            order.recipient_name,
            order.recipient_company,
            order.street,
            f"{order.postcode} {order.city}",
            order.phone,
        ],
        "point_code": order.point_code or "",
        "absence": order.absence,
        "picks": [
            PickView(
                lot.location,
                lot.number,
                item.name,
                item.sku,
                allocation.quantity,
                lot.expires_on,
                allocation.status is not AllocationStatus.RESERVED,
            )
            for allocation, lot, item in picks
        ],
        "shipment": _shipment_view(shipment) if shipment else None,
        "step": 5 if sent else 4 if labelled else 3 if steps[1] else 2 if steps[0] else 1,
        "cancelled": order.status is R.CANCELLED,
        "moving": shipment is not None and shipment.status in MOVING,
        "events": _events(session, shipment),
        "scanned": scanned,
        "now": now,
    }


def _shipment_view(shipment: Shipment) -> dict[str, object]:
    return {
        "number": shipment.number,
        "weight_g": shipment.weight_g,
        "label": SHIPMENT_LABELS[shipment.status],
        "carrier_number": shipment.carrier_number or "",
    }


def _events(session: Session, shipment: Shipment | None) -> list[tuple[str, str, datetime]]:
    if shipment is None:
        return []
    return [
        (SHIPMENT_LABELS[event.status] if event.status else event.raw_code, event.place, event.at)
        for event in shipments.list_events(session, shipment.id)
    ]
