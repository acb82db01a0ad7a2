"""Real engines for every test: PostgreSQL and Redis of our own, tables made by the migrations."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from core.blobs import open_blobs
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres, EmbeddedRedis
from core.runtime import App
from core.settings import Settings
from migrations.upgrade import upgrade

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # a Friday, 12:00 in Warsaw
SHARED = (Path(__file__).resolve().parents[2] / "shared").resolve()

# The longest files begin first, else one process ends minutes after the other. Of those before one
# installation the one that kills its parts comes last.
LONG = (
    "browser/test_walk",
    "browser/test_camera",
    "browser/test_supervisor",
    "points/test_state_machine",
    "ocr/test_hostile",
    "ocr/test_picture",
    "web/test_program_axe",
    "web/test_partner_browser",
    "workers/test_crash",
    "claims/test_identity_storm",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(LONG)}

    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(item.config.rootpath / "tests").with_suffix("").as_posix()
        return ranks.get(name, len(ranks))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What is imported stays: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """A file to a process, as `--dist loadfile`; a whole installation is started in one only."""
    from xdist.scheduler import LoadFileScheduling

    class OneInstallation(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/browser" if file.startswith("tests/browser/") else file

    return OneInstallation(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("reference data is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    # The database server runs as another user when the tests run as root.
    for parent in (folder, *folder.parents):
        if parent == Path("/tmp"):
            break
        parent.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def postgres(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    try:
        upgrade(server.url(OWNER), database_url=server.url())
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_server(data_dir: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(data_dir)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def settings(data_dir: Path, postgres: EmbeddedPostgres) -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=postgres.url(),
        migration_database_url=postgres.url(OWNER),
        secret_key=SecretStr("a secret of the tests, thirty-two characters long"),
        public_url="http://testserver",
    )


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The application's role: what it may not do fails here too."""
    made = make_engine(settings.database_url, pool_size=20)
    yield made
    made.dispose()


@pytest.fixture
def database(engine: sa.Engine) -> Iterator[Database]:
    """Commits are real to the code and undone after the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        sessions = sessionmaker(
            connection,
            class_=Session,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )
        yield Database(sessions)
        transaction.rollback()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as opened:
        yield opened


@pytest.fixture
def real_database(engine: sa.Engine, postgres: EmbeddedPostgres) -> Iterator[Database]:
    """Really committed, for races and processes; every table is emptied afterwards."""
    yield Database.of(engine)
    owner = make_engine(postgres.url(OWNER), limits="")
    with owner.begin() as connection:
        names = [n for n in sa.inspect(connection).get_table_names() if n != "alembic_version"]
        # Of a hundred tables few have rows; to truncate all of them takes longer than most tests.
        rows = " UNION ALL ".join(
            f"SELECT '{n}' WHERE EXISTS (SELECT FROM \"{n}\")"  # noqa: S608
            for n in names
        )
        filled = connection.exec_driver_sql(rows).scalars().all()
        # History refuses to be emptied, except by its owner with the triggers off.
        connection.exec_driver_sql("SET session_replication_role = replica")
        for name in filled:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608
    owner.dispose()


@pytest.fixture
def app(settings: Settings, engine: sa.Engine, database: Database) -> App:
    return App(settings, engine, database, open_blobs(settings))


@pytest.fixture
def real_app(settings: Settings, engine: sa.Engine, real_database: Database) -> App:
    return App(settings, engine, real_database, open_blobs(settings))


@pytest.fixture
def redis_client(redis_server: EmbeddedRedis) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
        yield client


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings must not change what is tested."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
