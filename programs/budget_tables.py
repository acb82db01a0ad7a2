"""How many points of a programme's budget are given."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import big_int, check, moment


class BudgetUse(SQLModel, table=True):
    """Points that purchases of one stretch (`2026-11`, `program`) have brought to everybody."""

    __tablename__ = "budget_use"
    __table_args__ = (check("used", "used >= 0"),)

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    stretch: str = Field(primary_key=True)
    used: int = big_int(default=0)
    # When the budget stopped an award for the first time; its managers were told then.
    ended_at: datetime | None = moment(default=None)
