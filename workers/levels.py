"""Reviews the levels of all programmes; after a day's first turn the others find nothing."""

from __future__ import annotations

from sqlmodel import col, select

from claims import levels
from core.runtime import App
from programs.tables import Program
from workers.runtime import Task


def review(app: App, task: Task) -> None:
    """One programme after another, always in the same order."""
    del app
    with task.finishing() as session:
        for program in session.exec(select(Program).order_by(col(Program.id))):
            levels.review_program(session, program, at=task.at)
