"""The catalogue and the redemptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, json_field, key_field, moment, references
from programs.tax import TaxMode
from rewards.states import RedemptionStatus


class Reward(SQLModel, table=True):
    """Something that points buy. What is kept in stock is the `item`; the price is in points."""

    __tablename__ = "reward"
    __table_args__ = (
        check("price", "price_points > 0"),
        sa.UniqueConstraint("program_id", "slug"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    item_id: UUID = references("item.id")
    slug: str
    name: str
    description: str
    category: str
    price_points: int = big_int()
    # A drawing of ours, by name; photographs come from the manufacturer as a file.
    picture: str = "gift"
    image_sha256: str | None = None
    published_at: datetime | None = moment(default=None)
    withdrawn_at: datetime | None = moment(default=None)
    created_at: datetime = moment()


class Redemption(SQLModel, table=True):
    """One order of rewards by a participant; its points are held until the parcel leaves."""

    __tablename__ = "redemption"
    __table_args__ = (
        check("points", "points > 0"),
        check("hold_reason", "(status = 'on_hold') = (hold_reason IS NOT NULL)"),
        sa.Index("ix_redemption_participant_placed", "participant_id", "placed_at"),
        sa.Index("ix_redemption_status", "program_id", "status", "placed_at"),
    )

    id: UUID = key_field()
    number: str = Field(unique=True)
    program_id: UUID = Field(foreign_key="program.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    status: RedemptionStatus = enum_field(RedemptionStatus, default=RedemptionStatus.PLACED)
    hold_reason: str | None = None
    points: int = big_int()
    recipient_name: str
    recipient_company: str = ""
    street: str
    postcode: str
    city: str
    phone: str
    point_code: str | None = None
    absence: str = ""
    carrier_id: UUID = references("carrier.id")
    promised_on: date
    placed_at: datetime = moment()
    delivered_at: datetime | None = moment(default=None)
    # How the programme treated rewards on the day of the order; it stays.
    tax_mode: TaxMode | None = enum_field(TaxMode, default=None)


class RedemptionLine(SQLModel, table=True):
    __tablename__ = "redemption_line"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        check("price", "price_points > 0"),
        sa.UniqueConstraint("redemption_id", "reward_id"),
    )

    id: UUID = key_field()
    redemption_id: UUID = references("redemption.id")
    reward_id: UUID = references("reward.id")
    quantity: int
    price_points: int = big_int()


class RedemptionEvent(SQLModel, table=True):
    """One step in the life of a redemption. Append-only."""

    __tablename__ = "redemption_event"
    __table_args__ = (
        sa.Index("ix_redemption_event_redemption", "redemption_id", "at"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    redemption_id: UUID = Field(foreign_key="redemption.id")
    status: RedemptionStatus = enum_field(RedemptionStatus)
    actor: str
    at: datetime = moment()
    note: str = ""
    facts: dict[str, Any] = json_field(default_factory=dict)
