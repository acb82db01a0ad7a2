"""Forgets documents whose time is over, each in its own transaction."""

from __future__ import annotations

from claims import retention
from core.runtime import App
from workers.runtime import Task

AT_ONCE = 100


def forget_documents(app: App, task: Task) -> None:
    """Some of the due documents; the rest next turn.

    Files are deleted before the commit: a worker that dies between the two does it again, and no
    file is left that nobody knows.
    """
    with app.database.unit_of_work() as session:
        due = retention.list_due(session, at=task.at, limit=AT_ONCE)
    for document_id in due:
        with app.database.unit_of_work() as session:
            for sha256 in retention.forget(session, document_id=document_id, at=task.at):
                app.blobs.delete(sha256)
    with task.finishing():
        pass
