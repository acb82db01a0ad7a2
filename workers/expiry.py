"""Points whose last day has passed leave the accounts, some accounts at a time."""

from __future__ import annotations

from core import clock
from core.runtime import App
from points import expiry
from workers.runtime import Task

ACCOUNTS = 200


def expire(app: App, task: Task) -> None:
    """Expire the due lots of some accounts, each in its own transaction; the rest next turn."""
    today = clock.local_date(task.at)
    with app.database.unit_of_work() as session:
        due = expiry.list_due(session, on=today, limit=ACCOUNTS)
    for account, program_id in due:
        with app.database.unit_of_work() as session:
            expiry.expire(session, account=account, program_id=program_id, on=today, at=task.at)
    with task.finishing():
        pass
