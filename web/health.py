"""Is everything alive? Names the sick part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from core import bell
from core.errors import DomainError
from core.queue import ProcessBeat
from core.runtime import App

PARTS = ("relay", "cron", "worker-ocr", "worker-default")
# Processes beat every five seconds: three missed beats are an illness.
OLDEST_BEAT = timedelta(seconds=15)


def sick_parts(app: App, *, at: datetime) -> dict[str, str]:
    """Every part that does not answer, with what is known about it; empty when all is well."""
    found: dict[str, str] = {}
    checks: dict[str, Callable[[], None]] = {
        "storage": app.blobs.check,
        "redis": lambda: bell.check(app.settings.redis_url),
    }
    for name, check in checks.items():
        try:
            check()
        except DomainError as error:
            found[name] = error.code
    try:
        found |= _silent_processes(app, at)
    except SQLAlchemyError as error:
        # Without the database nothing is known about the processes either.
        found["database"] = type(error).__name__
    return found


def _silent_processes(app: App, at: datetime) -> dict[str, str]:
    with app.database.unit_of_work() as session:
        newest = {
            part: seen
            for part, seen in session.execute(
                sa.select(col(ProcessBeat.part), sa.func.max(col(ProcessBeat.at))).group_by(
                    col(ProcessBeat.part)
                )
            )
        }
    found = {}
    for part in PARTS:
        seen = newest.get(part)
        if seen is None:
            found[part] = "never seen"
        elif at - seen > OLDEST_BEAT:
            found[part] = f"silent for {int((at - seen).total_seconds())} s"
    return found
