"""A programme's budget of points: one row per stretch, locked while an award is decided.

A row is made when a budget first asks for its stretch, from what was paid in it before. From then
on every award of the stretch moves it, whichever version of the rules judged it: whoever moves
rows holds the programme's gate in common, and whoever makes one holds it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from core.errors import DomainError, Kind
from programs.budget_tables import BudgetUse
from programs.policy import EarningLine, Every, Rules

# What lines have for purchases from a first to a last day, of a programme.
Paid = Callable[[Session, UUID, date, date], int]


class BudgetOverrun(DomainError):
    """More points than the budget leaves: the award was not decided under the budget's lock."""

    kind = Kind.CONFLICT
    code = "budget-overrun"


def used(session: Session, *, program_id: UUID, rules: Rules, on: date, paid: Paid) -> int:
    """Points that the stretch of a purchase day has given; zero without a budget."""
    if rules.budget is None:
        return 0
    every = rules.budget.every
    known = session.execute(sa.select(col(BudgetUse.used)).where(*_row(program_id, every, on)))
    if (row := known.first()) is not None:
        return int(row.used)
    return paid(session, program_id, every.first_day(on), every.last_day(on))


def lock(session: Session, *, program_id: UUID, rules: Rules, on: date, paid: Paid) -> int:
    """The same, held until the transaction ends, so that nobody else spends it meanwhile.

    Lock order: participant → budget (its gate, its row) → ledger accounts.
    """
    if rules.budget is None:
        return 0
    every = rules.budget.every
    mine = _row(program_id, every, on)
    if session.execute(sa.select(col(BudgetUse.used)).where(*mine)).first() is not None:
        _pass_gate(session, program_id)
    else:
        _close_gate(session, program_id)
        given = paid(session, program_id, every.first_day(on), every.last_day(on))
        session.execute(
            insert(BudgetUse)
            .values(program_id=program_id, stretch=every.key(on), used=given)
            .on_conflict_do_nothing(index_elements=["program_id", "stretch"])
        )
    rows = _lock_rows(session, program_id, [one.key(on) for one in Every])
    return rows[every.key(on)]


def spend(
    session: Session, *, program_id: UUID, rules: Rules, on: date, points: int, at: datetime
) -> bool:
    """Count points of an award in every stretch of its day that a budget ever asked for.

    True when the rules' own budget has nothing left for the first time. Raises `BudgetOverrun`
    instead of ever going over it.
    """
    _pass_gate(session, program_id)
    _move(session, program_id, on, points, but=rules.budget.every if rules.budget else None)
    if rules.budget is None:
        return False
    mine = _row(program_id, rules.budget.every, on)
    fits = sa.true() if points == 0 else col(BudgetUse.used) + points <= rules.budget.points
    left = session.execute(
        sa.update(BudgetUse)
        .where(*mine, fits)
        .values(used=BudgetUse.used + points)
        .returning(rules.budget.points - col(BudgetUse.used))
    ).scalar_one_or_none()
    if left is None:
        raise BudgetOverrun
    # A budget that was raised ends anew.
    over = col(BudgetUse.ended_at)
    ended = session.execute(
        sa.update(BudgetUse)
        .where(*mine, over.is_(None) if left <= 0 else over.is_not(None))
        .values(ended_at=at if left <= 0 else None)
        .returning(col(BudgetUse.stretch))
    ).first()
    return left <= 0 and ended is not None


def give_back(
    session: Session, *, program_id: UUID, rule_facts: dict[str, Any], points: int
) -> None:
    """Points of a line that was undone or corrected may be given to somebody else.

    `rule_facts` are the stored facts of the line; one without them counts in no budget.
    """
    if not rule_facts or points == 0:
        return
    _pass_gate(session, program_id)
    _move(session, program_id, EarningLine.model_validate(rule_facts).purchased_on, -points)


def _move(
    session: Session, program_id: UUID, on: date, points: int, *, but: Every | None = None
) -> None:
    """Count in the rows of a day's stretches."""
    keys = [every.key(on) for every in Every if every is not but]
    if points == 0:
        return
    _lock_rows(session, program_id, keys)
    session.execute(
        sa.update(BudgetUse)
        .where(col(BudgetUse.program_id) == program_id, col(BudgetUse.stretch).in_(keys))
        .values(used=sa.func.greatest(BudgetUse.used + points, 0))
    )


def _row(program_id: UUID, every: Every, on: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (col(BudgetUse.program_id) == program_id, col(BudgetUse.stretch) == every.key(on))


def _lock_rows(session: Session, program_id: UUID, stretches: Sequence[str]) -> dict[str, int]:
    """What the stretches that have a row gave; locked in one order, or two would wait crosswise."""
    rows = session.execute(
        sa.select(col(BudgetUse.stretch), col(BudgetUse.used))
        .where(col(BudgetUse.program_id) == program_id, col(BudgetUse.stretch).in_(stretches))
        .order_by(col(BudgetUse.stretch))
        .with_for_update()
    )
    return {stretch: given for stretch, given in rows}


def _pass_gate(session: Session, program_id: UUID) -> None:
    """No row of the programme's budgets is made until this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_gate(program_id))))


def _close_gate(session: Session, program_id: UUID) -> None:
    """Nobody else pays in the programme until this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_gate(program_id))))


def _gate(program_id: UUID) -> sa.ColumnElement[int]:
    return sa.func.hashtextextended(f"budget:{program_id}", 0)
