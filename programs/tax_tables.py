"""How a programme's rewards are taxed, each choice with its day, its reason and its author."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, key_field, moment
from programs.tax import TaxMode


class TaxChoice(SQLModel, table=True):
    """From `since` on rewards are treated this way; the latest choice of the latest day counts."""

    __tablename__ = "tax_choice"
    __table_args__ = (
        check("reason", "length(reason) >= 5"),
        check("since", "since >= (chosen_at AT TIME ZONE 'Europe/Warsaw')::date"),
        sa.Index("ix_tax_choice_program_id", "program_id", "since"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    program_id: UUID = Field(foreign_key="program.id")
    mode: TaxMode = enum_field(TaxMode)
    since: date
    reason: str
    chosen_by: str
    chosen_at: datetime = moment()
