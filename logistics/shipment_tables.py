"""Shipments, what happened to them, and the proof that they arrived."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, json_field, key_field, moment, references
from logistics.states import ShipmentStatus


class Carrier(SQLModel, table=True):
    """A carrier's service with what the recipient must know; incomplete ones cannot be used."""

    __tablename__ = "carrier"
    __table_args__ = (
        sa.UniqueConstraint("code", "service"),
        check("attempts", "delivery_attempts >= 1 AND pickup_wait_hours >= 0"),
    )

    id: UUID = key_field()
    code: str
    service: str
    name: str
    adapter: str
    to_point: bool = False
    delivery_attempts: int
    pickup_wait_hours: int
    helpdesk_phone: str
    tracking_url: str
    # Language → what happens when nobody is there.
    absence_text: dict[str, str] = json_field()
    transit_days: int = 1
    active: bool = True


class Shipment(SQLModel, table=True):
    """One parcel. `reference` names the order it belongs to; `tracking_token` opens its page."""

    __tablename__ = "shipment"
    __table_args__ = (
        sa.Index(
            "uq_shipment_label",
            "carrier_id",
            "carrier_number",
            unique=True,
            postgresql_where=sa.text("carrier_number IS NOT NULL"),
        ),
        sa.Index("ix_shipment_status", "status", "promised_on"),
    )

    id: UUID = key_field()
    number: str = Field(unique=True)
    reference: str = Field(index=True)
    warehouse_id: UUID = references("warehouse.id")
    carrier_id: UUID = references("carrier.id")
    status: ShipmentStatus = enum_field(ShipmentStatus, default=ShipmentStatus.DRAFT)
    carrier_number: str | None = None
    tracking_token: str = Field(unique=True)
    recipient_name: str
    recipient_company: str = ""
    street: str
    postcode: str
    city: str
    phone: str
    point_code: str | None = None
    language: str = "pl"
    weight_g: int = 0
    promised_on: date
    created_at: datetime = moment()
    handed_over_at: datetime | None = moment(default=None)
    delivered_at: datetime | None = moment(default=None)
    exception_unmapped: bool = False


class ShipmentEvent(SQLModel, table=True):
    """A fact about a shipment as it came in; the raw code is always kept."""

    __tablename__ = "shipment_event"
    __table_args__ = (
        # Carriers repeat themselves; a fact is stored once.
        sa.UniqueConstraint("shipment_id", "at", "raw_code"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    shipment_id: UUID = references("shipment.id")
    at: datetime = moment()
    received_at: datetime = moment()
    status: ShipmentStatus | None = enum_field(ShipmentStatus, default=None)
    raw_code: str
    place: str = ""
    actor: str
    facts: dict[str, Any] = json_field(default_factory=dict)


class ProofKind(StrEnum):
    CARRIER_EVENT = "carrier_event"
    SIGNATURE = "signature"
    LOCKER = "locker"
    PHOTO = "photo"
    PARTICIPANT = "participant"


class ProofStatus(StrEnum):
    ASSERTED = "asserted"
    PROVEN = "proven"
    DISPUTED = "disputed"
    REFUTED = "refuted"


class DeliveryProof(SQLModel, table=True):
    __tablename__ = "delivery_proof"

    id: UUID = key_field()
    shipment_id: UUID = references("shipment.id", unique=True)
    kind: ProofKind = enum_field(ProofKind)
    status: ProofStatus = enum_field(ProofStatus)
    signed_by: str = ""
    file_sha256: str | None = None
    source: str
    at: datetime = moment()
