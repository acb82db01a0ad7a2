"""What programs write and read about an order in the warehouse; no prices are among it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logistics.states import ShipmentStatus
from rewards.states import RedemptionStatus
from web.views.claims import Gettext
from web.views.warehouse import OrderView

Text = Annotated[str, Field(max_length=120)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScanIn(_In):
    """The number on the lot that was scanned."""

    lot: Annotated[str, Field(min_length=1, max_length=120)]


class LabelIn(_In):
    """The carrier's number on the label."""

    carrier_number: Annotated[str, Field(min_length=1, max_length=120)]


class CarrierEventIn(_In):
    """What the carrier reports: our status, and its own `code`, which is kept as it came."""

    status: ShipmentStatus
    code: Text = ""
    place: Text = ""


class WarehouseOrderOut(BaseModel):
    """An order in a queue; `late` when its promised day has passed."""

    id: UUID
    number: str
    status: RedemptionStatus
    status_label: str
    title: str
    recipient: str
    city: str
    placed_at: datetime
    promised_on: date
    late: bool
    carrier: str
    carrier_number: str


class PickOut(BaseModel):
    """What to take from where."""

    model_config = ConfigDict(from_attributes=True)

    location: str
    lot: str
    name: str
    sku: str
    quantity: int
    expires_on: date | None
    picked: bool


class WarehouseParcelOut(BaseModel):
    """The parcel of an order."""

    number: str
    status: ShipmentStatus
    status_label: str
    weight_g: int
    carrier_number: str


class WarehouseEventOut(BaseModel):
    """Something that happened to the parcel, oldest first."""

    at: datetime
    text: str
    place: str


class PackingOut(BaseModel):
    """An order on the packing table. `step`: 1 start, 2 pick, 3 label, 4 hand over, 5 sent."""

    order: WarehouseOrderOut
    address: list[str]
    point_code: str
    absence: str
    step: int
    picks: list[PickOut]
    parcel: WarehouseParcelOut | None
    events: list[WarehouseEventOut]


def warehouse_order_out(
    view: OrderView, status: RedemptionStatus, gettext: Gettext
) -> WarehouseOrderOut:
    """An order in a queue, worded in the reader's language."""
    return WarehouseOrderOut(
        id=view.id,
        number=view.number,
        status=status,
        status_label=gettext(view.label),
        title=view.title,
        recipient=view.recipient,
        city=view.city,
        placed_at=view.placed_at,
        promised_on=view.promised_on,
        late=view.late,
        carrier=view.carrier,
        carrier_number=view.carrier_number,
    )


def packing_out(
    shown: Mapping[str, Any],
    *,
    status: RedemptionStatus,
    parcel_status: ShipmentStatus | None,
    gettext: Gettext,
) -> PackingOut:
    """The same facts as the packing page (`web.views.warehouse.packing_context`)."""
    parcel = shown["shipment"]
    return PackingOut(
        order=warehouse_order_out(shown["order"], status, gettext),
        address=[line for line in shown["address"] if line],
        point_code=shown["point_code"],
        absence=shown["absence"],
        step=shown["step"],
        picks=[PickOut.model_validate(pick) for pick in shown["picks"]],
        parcel=WarehouseParcelOut(
            number=parcel["number"],
            status=parcel_status,
            status_label=gettext(parcel["label"]),
            weight_g=parcel["weight_g"],
            carrier_number=parcel["carrier_number"],
        )
        if parcel is not None and parcel_status is not None
        else None,
        events=[
            WarehouseEventOut(at=at, text=gettext(text), place=place)
            for text, place, at in shown["events"]
        ],
    )
