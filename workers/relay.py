"""Moves due work rows to RQ and takes back those whose lease ran out. Safe to run twice."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import psycopg
import sqlalchemy as sa
from redis import Redis, RedisError
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from core import clock, queue
from core.logs import logger
from core.queue import Work, WorkStatus
from core.runtime import App
from workers.runtime import Handler, ring

# Rung rows must be startable within one lease, or they are rung again in vain.
ROOM = 20
PAUSE_S = 0.5


def relay_once(app: App, redis: Redis, handlers: Mapping[str, Handler]) -> int:
    """One round over all queues; the number of bells rung."""
    rung = 0
    for name in queue.QUEUES:
        with app.database.unit_of_work() as session:
            at = clock.now()
            room = ROOM - queue.count_queued(session, queue=name, at=at)
            calls = queue.take_due(session, at=at, queue=name, room=room) if room > 0 else []
        for call in calls:
            try:
                ring(redis, call)
                rung += 1
            except RedisError:
                logger().warning("redis is away", work=call.work_id)
                _unring(app, call)
    give_up_once(app, handlers)
    return rung


def _unring(app: App, call: queue.Ring) -> None:
    """Let the next round ring it, instead of waiting for the end of a lease nobody holds."""
    with app.database.unit_of_work() as session:
        session.execute(
            sa.update(Work)
            .where(
                col(Work.id) == call.work_id,
                col(Work.attempt) == call.attempt,
                col(Work.status) == WorkStatus.QUEUED,
            )
            .values(status=WorkStatus.WAITING, lease_until=None)
        )


def give_up_once(app: App, handlers: Mapping[str, Handler]) -> int:
    """Tell the domain about work that was started too often; both in one transaction."""
    with app.database.unit_of_work() as session:
        rows = queue.take_exhausted(session, at=clock.now())
        for row in rows:
            logger().error("work given up", job=row.job, work=row.id, error=row.last_error)
            handler = handlers.get(row.job)
            if handler is not None and handler.give_up is not None:
                handler.give_up(session, at=clock.now(), error=row.last_error, **row.arguments)
    return len(rows)


def run(app: App, redis: Redis, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
    """Relay until `stop`: woken by NOTIFY, and every half second in any case."""
    while not stop.is_set():
        try:
            with psycopg.connect(app.settings.database_url, autocommit=True) as bell:
                bell.execute(f"LISTEN {queue.CHANNEL}")
                while not stop.is_set():
                    relay_once(app, redis, handlers)
                    for _ in bell.notifies(timeout=PAUSE_S, stop_after=1):
                        pass
        except (psycopg.OperationalError, OperationalError) as error:
            logger().warning("database is away", error=type(error).__name__)
            stop.wait(1)
