"""Work rows: PostgreSQL is the queue, Redis only rings the bell.

A service calls `later` inside its transaction; the relay finds the row after the commit and rings
RQ; a worker starts the row under a lease and a fence; whoever lost the lease can no longer write
(measured design: docs/adr/0003). Nothing here imports a job: jobs are addressed by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col

from core.columns import check, enum_field, json_field, moment


class WorkStatus(StrEnum):
    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    GIVEN_UP = "given_up"


class Work(SQLModel, table=True):
    """One piece of background work. `attempt` fences; `starts` counts real starts (poison)."""

    __tablename__ = "work"
    __table_args__ = (
        check("counts", "attempt >= 0 AND starts >= 0 AND max_starts > 0"),
        sa.Index(
            "ix_work_open",
            "queue",
            "not_before",
            postgresql_where=sa.text("status IN ('waiting', 'queued', 'running')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    key: str = Field(unique=True)
    job: str
    queue: str
    arguments: dict[str, Any] = json_field()
    status: WorkStatus = enum_field(WorkStatus, default=WorkStatus.WAITING)
    attempt: int = 0
    starts: int = 0
    max_starts: int = 3
    lease_s: int = 30
    timeout_s: int = 60
    lease_until: datetime | None = moment(default=None)
    not_before: datetime = moment()
    last_error: str = ""
    created_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)


@dataclass(frozen=True, slots=True)
class Job:
    """The address of a job and its limits; `timeout_s` lies above what the job allows itself."""

    name: str
    queue: str = "default"
    timeout_s: int = 60
    lease_s: int = 30
    max_starts: int = 3


QUEUES = ("default", "ocr")
CHANNEL = "work"


def _lease_end(at: datetime) -> Any:
    seconds = sa.func.make_interval(0, 0, 0, 0, 0, 0, col(Work.lease_s))
    return sa.cast(at, sa.DateTime(timezone=True)) + seconds


def later(
    session: Session,
    job: Job,
    *,
    key: str,
    at: datetime,
    not_before: datetime | None = None,
    **arguments: str | int | bool | None,
) -> None:
    """Ask for `job` after this transaction commits; the same key asks once."""
    values = {
        "key": key,
        "job": job.name,
        "queue": job.queue,
        "arguments": arguments,
        "status": WorkStatus.WAITING,
        "attempt": 0,
        "starts": 0,
        "max_starts": job.max_starts,
        "lease_s": job.lease_s,
        "timeout_s": job.timeout_s,
        "not_before": not_before or at,
        "last_error": "",
        "created_at": at,
    }
    session.execute(insert(Work).values(values).on_conflict_do_nothing(index_elements=["key"]))
    session.execute(sa.select(sa.func.pg_notify(CHANNEL, job.queue)))


@dataclass(frozen=True, slots=True)
class Ring:
    """One job to hand to RQ."""

    work_id: int
    attempt: int
    queue: str
    timeout_s: int


def take_due(session: Session, *, at: datetime, queue: str, room: int) -> list[Ring]:
    """Queue up to `room` due rows, new or with an ended lease. Commit before ringing."""
    due = (
        sa.select(col(Work.id))
        .where(
            col(Work.queue) == queue,
            sa.or_(
                sa.and_(col(Work.status) == WorkStatus.WAITING, col(Work.not_before) <= at),
                sa.and_(
                    col(Work.status).in_([WorkStatus.QUEUED, WorkStatus.RUNNING]),
                    col(Work.lease_until) < at,
                    col(Work.starts) < col(Work.max_starts),
                ),
            ),
        )
        .order_by(col(Work.id))
        .limit(room)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = session.execute(
        sa.update(Work)
        .where(col(Work.id) == due.c.id)
        .values(
            status=WorkStatus.QUEUED,
            attempt=Work.attempt + 1,
            lease_until=_lease_end(at),
        )
        .returning(col(Work.id), col(Work.attempt), col(Work.queue), col(Work.timeout_s))
    )
    return sorted((Ring(*row) for row in rows), key=lambda ring: ring.work_id)


def count_queued(session: Session, *, queue: str, at: datetime) -> int:
    """Rows that were rung and not started: the relay keeps this near what one lease can start."""
    number: int = session.execute(
        sa.select(sa.func.count())
        .select_from(Work)
        .where(
            col(Work.queue) == queue,
            col(Work.status) == WorkStatus.QUEUED,
            col(Work.lease_until) >= at,
        )
    ).scalar_one()
    return number


def take_exhausted(session: Session, *, at: datetime, limit: int = 50) -> Sequence[Work]:
    """Rows that were started too often and whose lease ran out; locked, marked as given up."""
    rows = session.execute(
        sa.select(Work)
        .where(
            col(Work.status).in_([WorkStatus.QUEUED, WorkStatus.RUNNING]),
            col(Work.lease_until) < at,
            col(Work.starts) >= col(Work.max_starts),
        )
        .order_by(col(Work.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = list(rows.scalars())
    for row in found:
        row.status = WorkStatus.GIVEN_UP
        row.finished_at = at
        row.last_error = row.last_error or "the worker died each time"
        session.add(row)
    return found


def start(session: Session, *, work_id: int, attempt: int, at: datetime) -> Work | None:
    """Start a rung row, or `None` when the bell is stale: another attempt has the row."""
    row = session.execute(
        sa.update(Work)
        .where(
            col(Work.id) == work_id,
            col(Work.attempt) == attempt,
            col(Work.status) == WorkStatus.QUEUED,
        )
        .values(
            status=WorkStatus.RUNNING,
            starts=Work.starts + 1,
            lease_until=_lease_end(at),
        )
        .returning(Work)
    ).scalar_one_or_none()
    return row


def renew(session: Session, *, work_id: int, attempt: int, at: datetime) -> bool:
    """Lengthen the lease of a running row; False when the row is no longer ours."""
    result = session.execute(_fenced(work_id, attempt).values(lease_until=_lease_end(at)))
    return _touched(result)


def finish(session: Session, *, work_id: int, attempt: int, at: datetime) -> bool:
    """Mark a running row done, in the transaction of its effects; False: drop the effects."""
    result = session.execute(
        _fenced(work_id, attempt).values(status=WorkStatus.DONE, finished_at=at, lease_until=None)
    )
    return _touched(result)


def put_back(
    session: Session, *, work_id: int, attempt: int, at: datetime, error: str, delay_s: float
) -> bool:
    """Return a running row for another try after `delay_s`, keeping the error's text."""
    result = session.execute(
        _fenced(work_id, attempt).values(
            # With its starts used up it stays running with an ended lease: the relay gives it up.
            status=sa.case(
                (col(Work.starts) < col(Work.max_starts), WorkStatus.WAITING.value),
                else_=WorkStatus.RUNNING.value,
            ),
            not_before=at + timedelta(seconds=delay_s),
            lease_until=at - timedelta(seconds=1),
            last_error=error[:2000],
        )
    )
    return _touched(result)


def _fenced(work_id: int, attempt: int) -> Any:
    return sa.update(Work).where(
        col(Work.id) == work_id,
        col(Work.attempt) == attempt,
        col(Work.status) == WorkStatus.RUNNING,
    )


def _touched(result: Any) -> bool:
    return bool(result.rowcount == 1)


def forget_done(session: Session, *, before: datetime) -> int:
    """Delete finished rows; their keys may then be used again, so keep them long enough."""
    result: Any = session.execute(
        sa.delete(Work).where(col(Work.status) == WorkStatus.DONE, col(Work.finished_at) < before)
    )
    return int(result.rowcount)


class ProcessBeat(SQLModel, table=True):
    """When each background process was last seen alive; the health page reads it."""

    __tablename__ = "process_beat"

    name: str = Field(primary_key=True)
    part: str = Field(index=True)  # worker-ocr, worker-default, relay, cron
    pid: int
    at: datetime = moment()


def beat(session: Session, *, name: str, part: str, pid: int, at: datetime) -> None:
    statement = insert(ProcessBeat).values(name=name, part=part, pid=pid, at=at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"pid": pid, "at": at, "part": part}
        )
    )
