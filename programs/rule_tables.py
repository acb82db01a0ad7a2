"""Versions of a programme's earning rules."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.columns import check, enum_field, json_field, key_field, moment, references


class RuleStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class RuleVersion(SQLModel, table=True):
    """The rules that judge purchases made from `valid_from` until the next version's day.

    A published version never changes (a trigger refuses it), and its publisher is not its author.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "number"),
        check(
            "published",
            "(status = 'published') = (published_by IS NOT NULL AND published_at IS NOT NULL)",
        ),
        check("two_people", "published_by IS NULL OR published_by <> created_by"),
        sa.Index(
            "uq_rule_version_day",
            "program_id",
            "valid_from",
            unique=True,
            postgresql_where=sa.text("status = 'published'"),
        ),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    number: int
    status: RuleStatus = enum_field(RuleStatus, default=RuleStatus.DRAFT)
    valid_from: date
    rules: dict[str, Any] = json_field()
    note: str = ""
    created_by: str
    created_at: datetime = moment()
    published_by: str | None = None
    published_at: datetime | None = moment(default=None)
