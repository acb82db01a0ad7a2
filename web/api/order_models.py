"""What programs write and read about an order of rewards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from logistics.states import ShipmentStatus
from programs.tax import TaxMode
from rewards.service import MOST_UNITS
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from web.views.claims import Gettext
from web.views.orders import STEP_NAMES, OrderRow, ParcelView

Text = Annotated[str, Field(max_length=200)]


class _In(BaseModel):
    """A misspelt field is refused: silence would order something else than was meant."""

    model_config = ConfigDict(extra="forbid")


class WantedIn(_In):
    """A reward, how many, and the price that its buyer saw; another price orders nothing."""

    reward_id: UUID
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS)] = 1
    shown_points: Annotated[int, Field(gt=0, le=2**53)]


class RecipientIn(_In):
    """Where the parcel goes. `point_code` only for a carrier that delivers to a point."""

    name: Text
    company: Text = ""
    street: Text
    postcode: Text
    city: Text
    phone: Text
    point_code: Text = ""


class OrderIn(_In):
    """One order: each reward stands once."""

    lines: Annotated[list[WantedIn], Field(min_length=1, max_length=20)]
    recipient: RecipientIn
    carrier_id: UUID
    absence: Annotated[str, Field(max_length=300)] = ""

    @field_validator("lines")
    @classmethod
    def _once(cls, lines: list[WantedIn]) -> list[WantedIn]:
        if len({line.reward_id for line in lines}) < len(lines):
            raise ValueError("a reward stands twice; use its quantity")
        return lines


class OrderOut(BaseModel):
    """An order in a list."""

    id: UUID
    number: str
    status: RedemptionStatus
    status_label: str
    title: str
    points: int
    placed_at: datetime
    promised_on: date


class OrderLineOut(BaseModel):
    """A reward of an order at the price it was ordered for."""

    reward_id: UUID
    name: str
    quantity: int
    price_points: int


class RecipientOut(BaseModel):
    """Where the parcel goes."""

    name: str
    company: str
    street: str
    postcode: str
    city: str
    phone: str
    point_code: str


class StepOut(BaseModel):
    """One of the five steps of a parcel."""

    number: int
    name: str
    reached: bool


class ParcelEventOut(BaseModel):
    """Something that happened to a parcel."""

    at: datetime
    text: str
    place: str


class ParcelOut(BaseModel):
    """A parcel: the step it has reached, and all that happened to it, newest first."""

    number: str
    status: ShipmentStatus
    carrier: str
    carrier_number: str
    tracking_href: str
    step: int
    steps: list[StepOut]
    promised_on: date
    events: list[ParcelEventOut]
    proven: bool


class OrderDetailOut(OrderOut):
    """An order with its parcel; `parcel` is null until packing begins."""

    lines: list[OrderLineOut]
    recipient: RecipientOut
    absence: str
    parcel: ParcelOut | None
    may_cancel: bool
    may_confirm: bool
    tax_mode: TaxMode | None = Field(description="of the day of the order; null: none was chosen")
    tax_note: list[str]


def order_out(row: OrderRow, order: Redemption, gettext: Gettext) -> OrderOut:
    """An order in a list, worded in the reader's language."""
    return OrderOut(
        id=row.id,
        number=row.number,
        status=order.status,
        status_label=gettext(row.label),
        title=row.title,
        points=row.points,
        placed_at=row.placed_at,
        promised_on=order.promised_on,
    )


def parcel_out(view: ParcelView, status: ShipmentStatus, gettext: Gettext) -> ParcelOut:
    """A parcel as its recipient sees it."""
    return ParcelOut(
        number=view.number,
        status=status,
        carrier=view.carrier,
        carrier_number=view.carrier_number,
        tracking_href=view.tracking_href,
        step=view.step,
        steps=[
            StepOut(number=number, name=gettext(name), reached=number <= view.step)
            for number, name in enumerate(STEP_NAMES, start=1)
        ],
        promised_on=view.promised_on,
        events=[ParcelEventOut(at=at, text=text, place=place) for text, place, at in view.events],
        proven=view.proven,
    )
