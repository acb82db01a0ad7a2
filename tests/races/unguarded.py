"""The walls against spending points twice, taken away one by one: what the controls run against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

import sqlalchemy as sa

from core.db import make_engine
from core.engines import OWNER, EmbeddedPostgres
from points import lots
from points.ledger import InsufficientPoints

OVERDRAFT = "ck_ledger_account_balance"


@contextmanager
def overdrafts_allowed(server: EmbeddedPostgres) -> Iterator[None]:
    """The database without its CHECK that no participant owes.

    It comes back, so the tables have to be empty again by then: enter this before whatever
    empties them.
    """
    owner = make_engine(server.url(OWNER), limits="")
    with owner.begin() as connection:
        rule = connection.execute(
            sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
            {"name": OVERDRAFT},
        ).scalar_one()
        connection.exec_driver_sql(f"ALTER TABLE ledger_account DROP CONSTRAINT {OVERDRAFT}")
    try:
        yield
    finally:
        with owner.begin() as connection:
            connection.exec_driver_sql(
                f"ALTER TABLE ledger_account ADD CONSTRAINT {OVERDRAFT} {rule}"
            )
        owner.dispose()


@contextmanager
def lots_never_refuse() -> Iterator[None]:
    """Lots give what they have and say nothing of the rest."""
    honest = lots.use

    def whatever_is_there(*things: Any, **named: Any) -> None:
        with suppress(InsufficientPoints):
            honest(*things, **named)

    with mock.patch.object(lots, "use", whatever_is_there):
        yield
