"""Teaches the layout memory from claims that were decided since the last turn."""

from __future__ import annotations

import time

from claims import layout_memory
from core.runtime import App
from workers.runtime import Task

_MOST = 50  # a turn
_LONGEST_S = 20  # Working one out takes up to seconds on a busy machine.


def learn(app: App, task: Task) -> None:
    """Claim by claim, worked out outside any transaction; what is left waits for the next turn."""
    ends = time.monotonic() + _LONGEST_S
    with app.database.unit_of_work() as session:
        claims = layout_memory.untaught(session, limit=_MOST)
    for claim_id in claims:
        if time.monotonic() > ends:
            break
        with app.database.unit_of_work() as session:
            lesson = layout_memory.lesson_of(session, claim_id)
        after = layout_memory.work_out(lesson)
        with app.database.unit_of_work() as session:
            layout_memory.keep(session, claim_id=claim_id, after=after, at=task.at)
    with task.finishing():
        pass  # Each claim is taught once by its own row.
