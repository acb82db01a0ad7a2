"""On which days a wholesaler took part before, and on which its branches count that are listed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, key_field, moment


class ProgramBranch(SQLModel, table=True):
    """One stretch of days: purchases from `joined_on` until before `left_on` count.

    Read only on the days on which its wholesaler takes part with chosen branches. `joined_for` and
    `left_for` say why, in the words of whoever decided it.
    """

    __tablename__ = "program_branch"
    __table_args__ = (
        check("period", "left_on >= joined_on"),
        sa.ForeignKeyConstraint(
            ["program_id", "partner_id"],
            ["program_partner.program_id", "program_partner.partner_id"],
        ),
        sa.ForeignKeyConstraint(["branch_id", "partner_id"], ["branch.id", "branch.partner_id"]),
        sa.Index("ix_program_branch_partner_id", "partner_id", "program_id"),
        sa.Index("ix_program_branch_branch_id", "branch_id", "partner_id"),
        sa.Index(
            "uq_program_branch_open",
            "program_id",
            "branch_id",
            unique=True,
            postgresql_where=sa.text("left_on IS NULL"),
        ),
    )

    id: UUID = key_field()
    program_id: UUID = Field()
    partner_id: UUID = Field()
    branch_id: UUID = Field()
    joined_on: date
    left_on: date | None = None
    joined_for: str = ""
    left_for: str = ""
    created_at: datetime = moment()


class ProgramPartnerPast(SQLModel, table=True):
    """An earlier stretch of a wholesaler's part: purchases from `joined_on` until before `left_on`.

    Kept when it comes back; the stretch that runs, or ended last, stands in `ProgramPartner`.
    """

    __tablename__ = "program_partner_past"
    __table_args__ = (
        check("period", "left_on >= joined_on"),
        sa.ForeignKeyConstraint(
            ["program_id", "partner_id"],
            ["program_partner.program_id", "program_partner.partner_id"],
        ),
        sa.Index("ix_program_partner_past_part", "program_id", "partner_id"),
        sa.Index("ix_program_partner_past_partner_id", "partner_id", "program_id"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    program_id: UUID = Field()
    partner_id: UUID = Field()
    joined_on: date
    left_on: date
    created_at: datetime = moment()
