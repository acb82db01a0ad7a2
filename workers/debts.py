"""Orders of participants who owe points wait, and go on when nothing is owed."""

from __future__ import annotations

from core.runtime import App
from rewards import holding
from workers.runtime import Task


def settle(app: App, task: Task) -> None:
    """A limited number in one turn; the next turn takes the rest."""
    del app
    with task.finishing() as session:
        holding.resume_paid(session, at=task.at)
        holding.hold_owing(session, at=task.at)
