"""The links on branches' posters by which people join a programme."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, key_field, moment, references


class EnrolmentLink(SQLModel, table=True):
    """The address on a branch's poster; whoever joins by it is enrolled by that branch."""

    __tablename__ = "enrolment_link"
    __table_args__ = (
        check("code", "code ~ '^[0-9A-Za-z_-]{10,40}$'"),
        sa.Index(
            "uq_enrolment_link_open",
            "branch_id",
            "program_id",
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: UUID = key_field()
    code: str = Field(unique=True)
    branch_id: UUID = Field(foreign_key="branch.id")
    program_id: UUID = references("program.id")
    created_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
