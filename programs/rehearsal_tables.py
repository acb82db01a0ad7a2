"""Rehearsals of rule drafts over all past claims: asked for, running, done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, json_field, key_field, moment, references


class RehearsalStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Rehearsal(SQLModel, table=True):
    """One replay of a version as it stood when it was asked for; `result` once it is done."""

    __tablename__ = "rehearsal"
    __table_args__ = (
        check("progress", "done >= 0 AND done <= total"),
        check("result", "(status = 'done') = (result IS NOT NULL)"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    # The draft may be thrown away; its rehearsal stays with the rules that were tried.
    rule_version_id: UUID
    rules: dict[str, Any] = json_field()
    shifted_years: int = 0
    status: RehearsalStatus = enum_field(RehearsalStatus, default=RehearsalStatus.WAITING)
    total: int = 0
    done: int = 0
    result: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    requested_by: str
    requested_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)
