"""What every process holds: settings, database, files. Opened once, given around."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.blobs import Blobs, open_blobs
from core.db import Database, make_engine
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class App:
    settings: Settings
    engine: sa.Engine
    database: Database
    blobs: Blobs


def open_app(settings: Settings) -> App:
    """Connect (lazily) to what the settings name. `DATABASE_URL` must be set by now."""
    if not settings.database_url:
        raise RuntimeError("No DATABASE_URL: start with `python -m workers run`, or set it.")
    engine = make_engine(settings.database_url)
    return App(settings, engine, Database.of(engine), open_blobs(settings))
