"""Segments of a programme's participants: written lists, and those that attributes describe."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from core.columns import check, key_field, moment, references


class Segment(SQLModel, table=True):
    """`key` is what rules name. Without conditions it is a list of people.

    Conditions never change after the segment is made: published rules may name it.
    """

    __tablename__ = "segment"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "key"),
        check("key", "key ~ '^[a-z0-9][a-z0-9-]{0,59}$'"),
        check("name", "name <> '' AND length(name) <= 80"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    key: str
    name: str
    conditions: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    created_by: str
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class SegmentMember(SQLModel, table=True):
    """Somebody on a segment's list from `since` until the day before `until`."""

    __tablename__ = "segment_member"
    __table_args__ = (
        check("days", "until IS NULL OR until >= since"),
        sa.Index(
            "uq_segment_member_now",
            "segment_id",
            "participant_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
    )

    id: UUID = key_field()
    segment_id: UUID = references("segment.id", index=False)
    participant_id: UUID = references("participant.id")
    since: date
    until: date | None = None
    added_by: str
    added_at: datetime = moment()
