"""Items, lots, allocations and every movement of stock."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, key_field, moment, references
from logistics.states import AllocationStatus


class Item(SQLModel, table=True):
    """A thing kept in stock. `ship_margin_days`: life that must be left when it is shipped."""

    __tablename__ = "item"
    __table_args__ = (check("weight", "weight_g >= 0"), check("margin", "ship_margin_days >= 0"))

    id: UUID = key_field()
    sku: str = Field(unique=True)
    name: str
    gtin: str | None = None
    weight_g: int = 0
    tracks_expiry: bool = False
    ship_margin_days: int = 60
    created_at: datetime = moment()


class Warehouse(SQLModel, table=True):
    __tablename__ = "warehouse"

    id: UUID = key_field()
    name: str = Field(unique=True)
    street: str
    postcode: str
    city: str
    phone: str
    email: str
    created_at: datetime = moment()


class Lot(SQLModel, table=True):
    """Units that came in together. Available = on hand − reserved − quarantined ≥ 0."""

    __tablename__ = "lot"
    __table_args__ = (
        check("on_hand", "on_hand >= 0"),
        check("reserved", "reserved >= 0"),
        check("quarantined", "quarantined >= 0"),
        check("available", "on_hand >= reserved + quarantined"),
        sa.UniqueConstraint("item_id", "warehouse_id", "number"),
        sa.Index("ix_lot_fefo", "item_id", "expires_on", "received_at", "location"),
    )

    id: UUID = key_field()
    item_id: UUID = references("item.id")
    warehouse_id: UUID = references("warehouse.id")
    number: str
    location: str
    expires_on: date | None = None
    unit_cost_grosze: int = big_int()
    on_hand: int = 0
    reserved: int = 0
    quarantined: int = 0
    received_at: datetime = moment()


class MovementKind(StrEnum):
    RECEIVED = "received"
    RESERVED = "reserved"
    RELEASED = "released"
    PICKED = "picked"
    SHIPPED = "shipped"
    RETURNED = "returned"
    COUNTED = "counted"
    WRITTEN_OFF = "written_off"
    QUARANTINED = "quarantined"


class StockMovement(SQLModel, table=True):
    """One entry in the book of a lot; corrections are new entries."""

    __tablename__ = "stock_movement"
    __table_args__ = ({"info": {"append_only": True}},)

    id: UUID = key_field()
    lot_id: UUID = references("lot.id")
    kind: MovementKind = enum_field(MovementKind)
    quantity: int
    reference: str = Field(index=True)
    actor: str
    at: datetime = moment()
    reason: str = ""


class Allocation(SQLModel, table=True):
    """Units of one lot set aside for one line of an order, named by its text `reference`."""

    __tablename__ = "allocation"
    __table_args__ = (check("quantity", "quantity > 0"), sa.UniqueConstraint("reference", "lot_id"))

    id: UUID = key_field()
    reference: str = Field(index=True)
    lot_id: UUID = references("lot.id")
    item_id: UUID = references("item.id")
    quantity: int
    status: AllocationStatus = enum_field(AllocationStatus, default=AllocationStatus.RESERVED)
    created_at: datetime = moment()
    updated_at: datetime = moment()
