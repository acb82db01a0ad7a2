"""Sessions and the unit of work: the only place that commits."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

T = TypeVar("T")

# Nobody waits for a lock longer than a person would; no transaction outlives a dead client.
LIMITS = (
    "-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s "
    "-c timezone=UTC -c synchronous_commit=on"
)
RESTED_S = 0.5
RETRIED = {"40001", "40P01"}  # serialization failure, deadlock


def make_engine(url: str, *, pool_size: int = 10, limits: str = LIMITS) -> sa.Engine:
    """An engine on psycopg 3 with the house's timeouts. Accepts plain `postgresql://` addresses."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # What people typed does not belong into logs, not even when a statement fails.
        hide_parameters=True,
        pool_timeout=10,
        connect_args={"options": limits, "connect_timeout": 5},
    )
    _ask_after_rest(engine)
    return engine


def _ask_after_rest(engine: sa.Engine) -> None:
    """Before it is used again, ask a connection that rested whether it still lives.

    A server that died takes longer than `RESTED_S` to come back, so that asking each time, a
    question to the server for every unit of work, would find no more.
    """

    @sa.event.listens_for(engine, "checkin")
    def rested(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def asked(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("since", math.inf) < RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The pool throws away all that is older, and connects anew.
            raise InvalidatePoolError from error


class Database:
    """Hands out sessions; `unit_of_work` is one transaction that commits or leaves nothing."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions

    @classmethod
    def of(cls, engine: sa.Engine) -> Database:
        return cls(sessionmaker(engine, class_=Session, expire_on_commit=False))

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        with self._sessions() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def transact(self, act: Callable[[Session], T], *, attempts: int = 5) -> T:
        """Run `act` in one transaction, again when the database asks for it.

        `act` must be pure up to the commit. Raises the last error when all attempts collide.
        """
        for attempt in range(1, attempts + 1):
            try:
                with self.unit_of_work() as session:
                    return act(session)
            except OperationalError as error:
                if attempt == attempts or getattr(error.orig, "sqlstate", None) not in RETRIED:
                    raise
                time.sleep(random.uniform(0, 0.05 * attempt))  # noqa: S311 - jitter, no secret
        raise AssertionError("unreachable")
