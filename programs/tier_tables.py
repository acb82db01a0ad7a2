"""Levels that participants hold, and when each programme's were reviewed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, key_field, moment, quantity_field, references


class TierStanding(SQLModel, table=True):
    """The level that somebody holds from a day on; an empty one means none. Append-only."""

    __tablename__ = "tier_standing"
    __table_args__ = (
        sa.UniqueConstraint("participant_id", "since"),
        check("measured", "measured >= 0"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    level: str
    since: date
    measured: Decimal = quantity_field()
    rule_version_id: UUID = references("rule_version.id")
    created_at: datetime = moment()


class TierReview(SQLModel, table=True):
    """The last day on which a programme's levels were reviewed."""

    __tablename__ = "tier_review"

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    reviewed_on: date
