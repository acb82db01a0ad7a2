"""Teaches the layout memory from claims that were decided since the last turn."""

from __future__ import annotations

from claims import layout_memory
from core.runtime import App
from workers.runtime import Task

_MOST = 50  # a turn; each takes a fraction of a second


def learn(app: App, task: Task) -> None:
    """A few claims in one transaction: what was learned is kept or done again together."""
    del app
    with task.finishing() as session:
        for claim_id in layout_memory.untaught(session, limit=_MOST):
            layout_memory.learn(session, claim_id=claim_id, at=task.at)
