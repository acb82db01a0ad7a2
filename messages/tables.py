"""Tables of notices, of their way out, and of what people want to hear."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, json_field, key_field, moment, references
from messages.kinds import Category, Channel


class Notice(SQLModel, table=True):
    """Something that a person is told once. `recipient` is a person's id or a bare address."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("event_key", "recipient"),
        sa.Index("ix_notice_list", "person_id", "created_at"),
    )

    id: UUID = key_field()
    event_key: str = Field(max_length=200)
    recipient: str = Field(max_length=254)
    person_id: UUID | None = references("person.id", default=None, nullable=True)
    kind: str = Field(max_length=60)
    language: str = Field(max_length=2)
    context: dict[str, Any] = json_field()
    created_at: datetime = moment()
    read_at: datetime | None = moment(default=None)


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # no sender is configured: it stays in the outbox
    FAILED = "failed"


class Delivery(SQLModel, table=True):
    """One notice on its way over one channel."""

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        check("tries", "tries >= 0"),
        check("sent", "(status = 'sent') = (sent_at IS NOT NULL)"),
    )

    id: UUID = key_field()
    notice_id: UUID = references("notice.id")
    channel: Channel = enum_field(Channel)
    address: str = Field(max_length=254)
    status: DeliveryStatus = enum_field(DeliveryStatus, default=DeliveryStatus.WAITING)
    tries: int = 0
    error: str = Field(default="", max_length=500)
    created_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)


class NoticeChoice(SQLModel, table=True):
    """Whether a person wants a category over a channel."""

    __tablename__ = "notice_choice"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    category: Category = enum_field(Category, primary_key=True)
    channel: Channel = enum_field(Channel, primary_key=True)
    wanted: bool
