"""What happens by the clock: each turn asks for its job once, whoever asks and however often."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError

from core import clock
from core.logs import logger
from core.queue import Job, later
from core.runtime import App


@dataclass(frozen=True, slots=True)
class Turn:
    """A job and its period in seconds; turns are counted from the epoch."""

    job: Job
    every_s: int


def ask(app: App, turns: Sequence[Turn], *, at: datetime) -> None:
    """Ask for every job whose present turn was not asked for yet."""
    with app.database.unit_of_work() as session:
        for turn in turns:
            number = int(at.timestamp()) // turn.every_s
            later(session, turn.job, key=f"turn:{turn.job.name}:{number}", at=at)


def run(app: App, turns: Sequence[Turn], stop: threading.Event) -> None:
    """Ask until `stop`, every few seconds."""
    while not stop.is_set():
        try:
            ask(app, turns, at=clock.now())
        except OperationalError as error:
            logger().warning("database is away", error=type(error).__name__)
        stop.wait(5)
