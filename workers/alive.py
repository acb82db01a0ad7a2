"""`python -m workers alive PART`: whether this host's process of that part still beats."""

from __future__ import annotations

import socket
import sys
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from core import clock
from core.queue import ProcessBeat
from core.runtime import App

# Twelve missed beats: a process that is only busy beats on, from a thread of its own.
SILENCE = timedelta(seconds=60)


def host() -> str:
    """What sets the beats of this machine or container apart from those of all others."""
    return socket.gethostname()


def beat_name(part: str, pid: int) -> str:
    return f"{part}@{host()}-{pid}"


def is_alive(session: Session, *, part: str) -> bool:
    """Whether a process of that part beat on this host within the last minute."""
    newest = session.scalar(
        sa.select(sa.func.max(col(ProcessBeat.at))).where(
            col(ProcessBeat.part) == part,
            col(ProcessBeat.name).startswith(f"{part}@{host()}-", autoescape=True),
        )
    )
    return newest is not None and clock.now() - newest < SILENCE


def run(app: App, part: str) -> int:
    """The exit code: 0 alive, 1 not."""
    try:
        with app.database.unit_of_work() as session:
            if is_alive(session, part=part):
                return 0
    except SQLAlchemyError as error:
        sys.stderr.write(f"The database cannot be asked: {type(error).__name__}.\n")
        return 1
    sys.stderr.write(f"{part} on {host()} has not been heard of for {SILENCE.seconds} s.\n")
    return 1
