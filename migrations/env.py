"""Runs migrations as the owner of the tables, then grants the application what it may do."""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import context

from core.db import make_engine
from migrations.grants import grant
from migrations.metadata import METADATA


def _url() -> str:
    given = context.config.attributes.get("url") or os.environ.get("MIGRATION_DATABASE_URL")
    url = given or os.environ.get("DATABASE_URL")
    if not url:
        raise RuntimeError("Set MIGRATION_DATABASE_URL or DATABASE_URL, or use `make migration`.")
    return str(url)


def _run() -> None:
    engine = make_engine(_url(), limits="-c lock_timeout=5s -c timezone=UTC")
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=METADATA, compare_type=True)
        with context.begin_transaction():
            # One deployment at a time, however many hosts start at once.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7220261122)"))
            context.run_migrations()
        role = context.config.attributes.get("application_role")
        if role:
            grant(connection, METADATA, role)
            connection.commit()
    engine.dispose()


_run()
