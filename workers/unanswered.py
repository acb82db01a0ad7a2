"""Ends questions and drafts that nobody answered; hands late corrections to a person."""

from __future__ import annotations

from claims import service
from core.runtime import App
from verification import asking, corrections
from workers.runtime import Task


def expire(app: App, task: Task) -> None:
    """A limited number in one turn; the next turn takes the rest."""
    del app
    with task.finishing() as session:
        asking.expire_unanswered(session, at=task.at)
        corrections.settle_overdue(session, at=task.at)
        service.expire_drafts(session, at=task.at)
