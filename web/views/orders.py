"""Orders of rewards and their parcels, as the participant and the warehouse see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from logistics import shipments
from logistics.shipment_tables import Carrier, DeliveryProof, ProofStatus
from logistics.states import STEPS, ShipmentStatus
from rewards import queries
from rewards.service import shipment_reference
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from web.error_texts import N_

STEP_NAMES = (
    N_("Przyjęte"),
    N_("Spakowane"),
    N_("W drodze"),
    N_("Dziś dostawa"),
    N_("Doręczone"),
)


R = RedemptionStatus
ORDER_CHIPS: Mapping[RedemptionStatus, tuple[str, str, str]] = {
    R.PLACED: (N_("Przyjęte"), "info", "clock"),
    R.CONFIRMED: (N_("Przyjęte"), "info", "clock"),
    R.ON_HOLD: (N_("Wstrzymane"), "warn", "player-pause"),
    R.ALLOCATED: (N_("Czeka na spakowanie"), "info", "package"),
    R.PARTIALLY_ALLOCATED: (N_("Część czeka na dostawę"), "warn", "package"),
    R.BACKORDERED: (N_("Czeka na dostawę"), "warn", "package"),
    R.IN_FULFILMENT: (N_("Pakujemy"), "info", "package"),
    R.PARTIALLY_SHIPPED: (N_("Część w drodze"), "info", "truck-delivery"),
    R.SHIPPED: (N_("W drodze"), "info", "truck-delivery"),
    R.DELIVERED: (N_("Doręczone"), "ok", "check"),
    R.COMPLETED: (N_("Zakończone"), "ok", "check"),
    R.CANCELLED: (N_("Anulowane"), "plain", "x"),
}
SHIPMENT_LABELS: Mapping[ShipmentStatus, str] = {
    ShipmentStatus.DRAFT: N_("W przygotowaniu"),
    ShipmentStatus.LABEL_READY: N_("Etykieta gotowa"),
    ShipmentStatus.HANDED_OVER: N_("Przekazana kurierowi"),
    ShipmentStatus.IN_TRANSIT: N_("W drodze"),
    ShipmentStatus.OUT_FOR_DELIVERY: N_("Dziś dostawa"),
    ShipmentStatus.DELIVERY_FAILED: N_("Nieudana próba / awizo"),
    ShipmentStatus.READY_FOR_PICKUP: N_("Czeka na odbiór"),
    ShipmentStatus.PICKUP_EXPIRED: N_("Minął czas odbioru"),
    ShipmentStatus.DELAYED: N_("Opóźniona"),
    ShipmentStatus.DELIVERED: N_("Doręczona"),
    ShipmentStatus.RETURNING: N_("Wraca do nas"),
    ShipmentStatus.RETURNED: N_("Wróciła"),
    ShipmentStatus.LOST_DAMAGED: N_("Zaginiona / zniszczona"),
    ShipmentStatus.CANCELLED: N_("Anulowana"),
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: UUID
    number: str
    title: str
    placed_at: datetime
    points: int
    label: str
    colour: str
    icon: str


def order_rows(session: Session, orders: list[Redemption]) -> list[OrderRow]:
    made = []
    for order in orders:
        label, colour, icon = ORDER_CHIPS[order.status]
        title = ", ".join(reward.name for _, reward in queries.list_lines(session, order.id))
        made.append(
            OrderRow(
                order.id,
                order.number,
                title,
                order.placed_at,
                order.points,
                label,
                colour,
                icon,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class ParcelView:
    number: str
    carrier: str
    carrier_number: str
    tracking_href: str
    step: int
    promised_on: date
    events: list[tuple[str, str, datetime]]
    proven: bool


def parcel_view(
    session: Session, order: Redemption, gettext: Callable[[str], str]
) -> ParcelView | None:
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    if shipment is None:
        return None
    carrier = session.get_one(Carrier, shipment.carrier_id)
    proof = session.exec(
        select(DeliveryProof.status).where(DeliveryProof.shipment_id == shipment.id)
    ).first()
    events = [
        (gettext(SHIPMENT_LABELS[event.status]), event.place, event.at)
        for event in shipments.list_events(session, shipment.id)
        if event.status is not None
    ]
    number = shipment.carrier_number or ""
    return ParcelView(
        number=shipment.number,
        carrier=carrier.name,
        carrier_number=number,
        tracking_href=carrier.tracking_url.replace("{number}", number) if number else "",
        step=step_of(shipment.status),
        promised_on=shipment.promised_on,
        events=events[::-1],
        proven=proof is ProofStatus.PROVEN,
    )


def step_of(status: ShipmentStatus) -> int:
    """Which of the five steps a participant sees, counted from 1."""
    for number, states in enumerate(STEPS, start=1):
        if status in states:
            return number
    return 3
