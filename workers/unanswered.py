"""Ends the claims whose question nobody answered in the programme's days."""

from __future__ import annotations

from core.runtime import App
from verification import asking
from workers.runtime import Task


def expire(app: App, task: Task) -> None:
    """A limited number in one turn; the next turn takes the rest."""
    del app
    with task.finishing() as session:
        asking.expire_unanswered(session, at=task.at)
