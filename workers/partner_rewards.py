"""Pays branches what they earned, and takes back what was reversed."""

from __future__ import annotations

from core.runtime import App
from verification import partner_rewards
from workers.runtime import Task


def pay(app: App, task: Task) -> None:
    """Some hundred postings a turn; the rest next turn."""
    del app
    with task.finishing() as session:
        partner_rewards.pay_due(session, at=task.at)
        partner_rewards.take_back_undone(session, at=task.at)
