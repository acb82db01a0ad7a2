"""Bring a database to the newest version; safe to call from many hosts at once."""

from __future__ import annotations

from urllib.parse import urlparse

from alembic import command
from alembic.config import Config

from core.settings import ROOT


def config(url: str, *, application_role: str = "") -> Config:
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.attributes["url"] = url
    made.attributes["application_role"] = application_role
    return made


def upgrade(migration_url: str, *, database_url: str = "", revision: str = "head") -> None:
    """Run the missing migrations as the owner and grant the application's role its rights."""
    owner, application = urlparse(migration_url).username, urlparse(database_url).username
    role = application if application and application != owner else ""
    command.upgrade(config(migration_url, application_role=role), revision)
