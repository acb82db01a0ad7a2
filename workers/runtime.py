"""How a worker carries out one work row: start, hold the lease, write behind the fence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException
from sqlmodel import Session

from core import clock, queue
from core.logs import described, logger
from core.runtime import App

PERFORM = "workers.runtime.perform"
ALLOWED = frozenset({PERFORM})
BACKOFF_S = (5, 30, 120)


class LeaseLost(Exception):
    """Another attempt has this work now; whatever this one made must be dropped."""


@dataclass(slots=True)
class Task:
    """One running attempt. `finishing` is the only way to write: its transaction is fenced."""

    app: App
    work_id: int
    attempt: int
    at: datetime
    finished: bool = False

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """A unit of work that commits only while this attempt still has the lease."""
        with self.app.database.unit_of_work() as session:
            done = queue.finish(session, work_id=self.work_id, attempt=self.attempt, at=clock.now())
            if not done:
                raise LeaseLost(self.work_id)
            yield session
        self.finished = True


@dataclass(frozen=True, slots=True)
class Handler:
    """What a job name stands for. `give_up` puts the thing into a state that a person sees."""

    run: Callable[..., None]
    give_up: Callable[..., None] | None = None


@dataclass(slots=True)
class _Current:
    app: App | None = None
    handlers: Mapping[str, Handler] = field(default_factory=dict)


_current = _Current()


def install(app: App, handlers: Mapping[str, Handler]) -> None:
    """Tell this process what it works with; called once, before the first job."""
    _current.app, _current.handlers = app, handlers


def perform(work_id: int, attempt: int) -> None:
    """The only function that RQ may call."""
    assert _current.app is not None, "the worker was not installed"
    run_attempt(_current.app, _current.handlers, work_id=work_id, attempt=attempt)


def run_attempt(app: App, handlers: Mapping[str, Handler], *, work_id: int, attempt: int) -> bool:
    """Carry out one rung attempt. False when the bell was stale; errors are stored on the row."""
    with app.database.unit_of_work() as session:
        row = queue.start(session, work_id=work_id, attempt=attempt, at=clock.now())
        if row is None:
            return False
        name, arguments, starts, lease_s = row.job, dict(row.arguments), row.starts, row.lease_s
    log = logger().bind(job=name, work=work_id, attempt=attempt)
    task = Task(app, work_id, attempt, clock.now())
    try:
        with _held(app, work_id, attempt, lease_s):
            handlers[name].run(app, task, **arguments)
        if not task.finished:
            with task.finishing():
                pass
    except LeaseLost:
        log.warning("lease lost, result dropped")
    except BaseTimeoutException as error:
        _put_back(app, work_id, attempt, starts, error)
        raise
    except Exception as error:
        log.error("job failed", **described(error))
        _put_back(app, work_id, attempt, starts, error)
    return True


def _put_back(app: App, work_id: int, attempt: int, starts: int, error: BaseException) -> None:
    delay_s = BACKOFF_S[min(starts, len(BACKOFF_S)) - 1]
    with app.database.unit_of_work() as session:
        queue.put_back(
            session,
            work_id=work_id,
            attempt=attempt,
            at=clock.now(),
            error=" ".join(described(error).values()),
            delay_s=delay_s,
        )


@contextmanager
def _held(app: App, work_id: int, attempt: int, lease_s: int) -> Iterator[None]:
    """Renew the lease every third of it while the body runs."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(lease_s / 3):
            try:
                with app.database.unit_of_work() as session:
                    if not queue.renew(session, work_id=work_id, attempt=attempt, at=clock.now()):
                        return
            except Exception:
                logger().error("lease not renewed", work=work_id)

    thread = threading.Thread(target=renew, name=f"lease-{work_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class SafeJob(RqJob):
    """An RQ job that can only be our one function: whoever can write to Redis must not run code."""

    @property
    def func(self) -> Any:
        if self.instance is not None or self.func_name not in ALLOWED:
            raise PermissionError(self.func_name)
        return super().func


class OneQueueWorker(SimpleWorker):
    """Works in its own process; the supervisor, not RQ, restarts what dies."""

    job_class = SafeJob

    def procline(self, message: str) -> None:
        """Keep the name that the process was started with."""


def rq_queue(connection: Redis, name: str) -> Queue:
    return Queue(
        f"zalicz-{name}", connection=connection, job_class=SafeJob, serializer=JSONSerializer
    )


def ring(connection: Redis, call: queue.Ring) -> None:
    """Hand one attempt to RQ. A lost bell is rung again when the lease ends."""
    rq_queue(connection, call.queue).enqueue_call(
        PERFORM,
        kwargs={"work_id": call.work_id, "attempt": call.attempt},
        timeout=call.timeout_s,
        result_ttl=0,
        failure_ttl=86_400,
        job_id=f"work-{call.work_id}-{call.attempt}",
    )


def connect_redis(url: str) -> Redis:
    """A client that gives up quickly: nobody waits for the bell."""
    return Redis.from_url(url, socket_timeout=60, socket_connect_timeout=2)
