"""A programme's budget of points: one row per stretch, locked while an award is decided.

A budget counts from the first version of the rules that has one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from programs.budget_tables import BudgetUse
from programs.policy import EarningLine, Every, Rules


class BudgetOverrun(DomainError):
    """More points than the budget leaves: the award was not decided under the budget's lock."""

    kind = Kind.CONFLICT
    code = "budget-overrun"


def used(session: Session, *, program_id: UUID, rules: Rules, on: date) -> int:
    """Points that the stretch of a purchase day has given; zero without a budget."""
    if rules.budget is None:
        return 0
    row = session.get(BudgetUse, (program_id, rules.budget.every.key(on)))
    return row.used if row is not None else 0


def lock(session: Session, *, program_id: UUID, rules: Rules, on: date) -> int:
    """The same, held until the transaction ends, so that nobody else spends it meanwhile.

    Lock order: participant → budget → ledger accounts.
    """
    if rules.budget is None:
        return 0
    stretch = rules.budget.every.key(on)
    session.execute(
        insert(BudgetUse)
        .values(program_id=program_id, stretch=stretch, used=0)
        .on_conflict_do_nothing(index_elements=["program_id", "stretch"])
    )
    return session.exec(
        select(BudgetUse.used)
        .where(BudgetUse.program_id == program_id, BudgetUse.stretch == stretch)
        .with_for_update()
    ).one()


def spend(
    session: Session, *, program_id: UUID, rules: Rules, on: date, points: int, at: datetime
) -> bool:
    """Take points from the budget; True when nothing of it is left for the first time.

    Raises `BudgetOverrun` instead of ever going over it.
    """
    if rules.budget is None or points == 0:
        return False
    mine = (
        col(BudgetUse.program_id) == program_id,
        col(BudgetUse.stretch) == rules.budget.every.key(on),
    )
    left = session.execute(
        sa.update(BudgetUse)
        .where(*mine, col(BudgetUse.used) + points <= rules.budget.points)
        .values(used=BudgetUse.used + points)
        .returning(rules.budget.points - col(BudgetUse.used))
    ).scalar_one_or_none()
    if left is None:
        raise BudgetOverrun
    if left > 0:
        return False
    ended = session.execute(
        sa.update(BudgetUse)
        .where(*mine, col(BudgetUse.ended_at).is_(None))
        .values(ended_at=at)
        .returning(col(BudgetUse.stretch))
    ).first()
    return ended is not None


def give_back(
    session: Session, *, program_id: UUID, rule_facts: dict[str, Any], points: int
) -> None:
    """Points of a line that was undone or corrected may be given to somebody else.

    `rule_facts` are the stored facts of the line; lines that no budget watched change nothing.
    """
    if not rule_facts or points == 0:
        return
    line = EarningLine.model_validate(rule_facts)
    for room in line.rooms:
        noun, _, every = room.limit.partition(":")
        if noun == "budget":
            session.execute(
                sa.update(BudgetUse)
                .where(
                    col(BudgetUse.program_id) == program_id,
                    col(BudgetUse.stretch) == Every(every).key(line.purchased_on),
                )
                .values(used=sa.func.greatest(BudgetUse.used - points, 0))
            )
