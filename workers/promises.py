"""Reminds clerks before a promised time, and acts when it has passed."""

from __future__ import annotations

from core.runtime import App
from verification import reminders
from workers.runtime import Task


def keep(app: App, task: Task) -> None:
    """A limited number in one turn; the next turn takes the rest."""
    del app
    with task.finishing() as session:
        reminders.remind(session, at=task.at)
        reminders.end_silence(session, at=task.at)
