"""Comparing sales exports: the file is read outside any transaction and written in one."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.errors import Invalid
from core.runtime import App
from verification import reconciliation_run as run
from verification.feed_keys import PURPOSE
from workers.runtime import Task


def compare_sales(app: App, task: Task, *, feed_id: str) -> None:
    """Compare one export with the open claims; the file is deleted afterwards."""
    feed = UUID(feed_id)
    with app.database.unit_of_work() as session:
        begun = run.begin(session, feed_id=feed)
    if begun is None:
        _forget(app, feed)  # It was compared; the worker died before it could delete the file.
        return

    def progress(rows: int) -> None:
        with app.database.unit_of_work() as session:
            run.show_progress(session, feed_id=feed, rows=rows)

    key = app.settings.derive_key(PURPOSE)
    data = app.blobs.get(begun.sha256)
    try:
        found = run.read(data, begun, key=key, progress=progress)
    except Invalid:
        with task.finishing() as session:
            run.refuse(session, feed_id=feed, fault="unreadable", at=clock.now())
    else:
        with task.finishing() as session:
            run.complete(session, feed_id=feed, found=found, key=key, at=clock.now())
    _forget(app, feed)


def _forget(app: App, feed_id: UUID) -> None:
    with app.database.unit_of_work() as session:
        sha256 = run.find_forgettable(session, feed_id=feed_id)
    if sha256 is not None:
        app.blobs.delete(sha256)


def prove_by_sales(app: App, task: Task, *, claim_id: str, feed_id: str) -> None:
    """Record one claim's proof; the claim is judged again in the same transaction."""
    del app
    with task.finishing() as session:
        run.prove(session, claim_id=UUID(claim_id), feed_id=UUID(feed_id), at=clock.now())
