"""The managers of a programme hear that a stretch's budget is used up."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from accounts import grants
from accounts.roles import Role, scope_of
from messages import service as messages
from messages.kinds import BUDGET_ENDED
from programs.policy import Budget
from programs.tables import Program


def tell_budget_ended(
    session: Session, *, program: Program, budget: Budget, on: date, at: datetime
) -> None:
    """The programme's managers hear it once for each stretch of a budget."""
    holders = grants.list_holders(
        session, role=Role.PROGRAM_MANAGER, scope=scope_of("program", program.id)
    )
    for person_id in holders:
        messages.notify(
            session,
            person_id=person_id,
            kind=BUDGET_ENDED.name,
            event_key=f"budget:{program.id}:{budget.every.key(on)}:{budget.points}",
            at=at,
            program=program.name,
            points=budget.points,
        )
