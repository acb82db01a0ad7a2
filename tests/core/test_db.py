"""Connections of the pool that died while they rested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core import db
from core.engines import OWNER, EmbeddedPostgres

PID = sa.text("SELECT pg_backend_pid()")


@pytest.fixture
def pool(postgres: EmbeddedPostgres) -> Iterator[sa.Engine]:
    made = db.make_engine(postgres.url(), pool_size=1)
    yield made
    made.dispose()


def pid(pool: sa.Engine) -> int:
    with pool.connect() as connection:
        return int(connection.execute(PID).scalar_one())


def killed(postgres: EmbeddedPostgres, victim: int) -> None:
    owner = db.make_engine(postgres.url(OWNER), limits="")
    with owner.connect() as connection:
        assert connection.execute(sa.text("SELECT pg_terminate_backend(:p, 5000)"), {"p": victim})
    owner.dispose()


def test_a_connection_that_died_while_it_rested_is_replaced_unseen(
    pool: sa.Engine, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "RESTED_S", 0.0)
    first = pid(pool)
    assert pid(pool) == first, "one that lives is used again"
    killed(postgres, first)
    assert pid(pool) != first


def test_a_connection_in_steady_use_is_not_asked_each_time(
    pool: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = pool.dialect.do_ping
    monkeypatch.setattr(pool.dialect, "do_ping", lambda c: (asked.append(c), ask(c))[1])
    monkeypatch.setattr(db, "RESTED_S", 3600.0)
    assert pid(pool) == pid(pool)
    assert asked == []
    monkeypatch.setattr(db, "RESTED_S", 0.0)
    pid(pool)
    assert len(asked) == 1
