"""What keeps one person alone from paying: first opinions, and marks that link people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, json_field, key_field, moment, references


class MarkKind(StrEnum):
    PHONE = "phone"
    ADDRESS = "address"
    BANK_ACCOUNT = "bank_account"


class IdentityMark(SQLModel, table=True):
    """The digest of something that two people rarely share. Triggers write it from their rows.

    Phones are their last nine digits, other texts their letters and digits in lower case.
    """

    __tablename__ = "identity_mark"
    __table_args__ = (
        check("mark", "length(mark) = 32"),
        check(
            "noted",
            "(hint = '') = (noted_by IS NULL) AND (noted_by IS NULL) = (noted_at IS NULL)",
        ),
        check("hint", "hint = '' OR (kind = 'bank_account' AND length(hint) = 4)"),
        check("by_another", "noted_by <> person_id"),
        sa.Index("ix_identity_mark_mark", "kind", "mark"),
    )

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    kind: MarkKind = enum_field(MarkKind, primary_key=True)
    mark: bytes = Field(primary_key=True)
    # Of an account that somebody typed: its last four digits, by whom, when.
    hint: str = ""
    noted_by: UUID | None = references("person.id", default=None)
    noted_at: datetime | None = moment(default=None)


class OpinionStatus(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"


class FirstOpinion(SQLModel, table=True):
    """What the first of two people would pay. It pays nothing until another says the same."""

    __tablename__ = "first_opinion"
    __table_args__ = (
        check("points", "points > 0"),
        check("second", "second_by IS NULL OR second_by <> given_by"),
        sa.Index(
            "uq_first_opinion_waiting",
            "review_id",
            unique=True,
            postgresql_where=sa.text("status = 'waiting'"),
        ),
    )

    id: UUID = key_field()
    review_id: UUID = references("review.id")
    given_by: UUID = references("person.id")
    given_at: datetime = moment()
    points: int = big_int()
    lines: list[dict[str, Any]] = json_field(default_factory=list)
    note: str = ""
    status: OpinionStatus = enum_field(OpinionStatus, default=OpinionStatus.WAITING)
    second_by: UUID | None = references("person.id", default=None)
    second_at: datetime | None = moment(default=None)
