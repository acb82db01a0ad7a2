"""What a programme's budget leaves, counted from the lines that were paid in its stretch."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.tables import Claim, ClaimLine
from programs import budgets
from programs.policy import Rules


def used(session: Session, *, program_id: UUID, rules: Rules, on: date) -> int:
    """Points that the stretch of a purchase day has given to everybody; zero without a budget."""
    return budgets.used(session, program_id=program_id, rules=rules, on=on, paid=_paid)


def lock(session: Session, *, program_id: UUID, rules: Rules, on: date) -> int:
    """The same, held until the transaction ends, so that nobody else spends it meanwhile."""
    return budgets.lock(session, program_id=program_id, rules=rules, on=on, paid=_paid)


def _paid(session: Session, program_id: UUID, first: date, last: date) -> int:
    """Points that lines have for purchases of the days from `first` to `last`."""
    bought = sa.cast(col(ClaimLine.rule_facts)["purchased_on"].astext, sa.Date)
    return int(
        session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(col(ClaimLine.points)), 0))
            .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
            .where(
                col(Claim.program_id) == program_id,
                col(ClaimLine.points) > 0,
                bought.between(first, last),
            )
        ).scalar_one()
    )
