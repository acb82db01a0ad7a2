"""Starts every process of one machine, restarts what dies, stops all on a signal."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from accounts.demo import Persona, list_demo_signins
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres, EmbeddedRedis, EngineBroken
from core.logs import logger
from core.settings import ROOT, Settings, load
from migrations.upgrade import upgrade
from programs.queries import has_programs
from workers import parts
from workers.alone import Occupied, check_port, hold_folder
from workers.forking import Child, Forked, may_fork

QUICK_DEATH_S = 5
GRACE_S = 15


@dataclass(slots=True)
class Part:
    """One process: how to start it, and what became of it."""

    name: str
    start: Callable[[], Child]
    child: Child | None = None
    started_at: float = 0.0
    quick_deaths: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Supervisor:
    settings: Settings
    environment: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    engines: list[EmbeddedPostgres | EmbeddedRedis] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    held: IO[str] | None = None

    def run(self) -> int:
        """Everything from engines to the printed address, then until Ctrl-C; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        self.environment = dict(os.environ)
        try:
            self.held = hold_folder(self.settings.data_dir)
            check_port(self.settings.host, self.settings.port)
        except Occupied as error:
            _say(f"{error}.")
            return 1
        with self.held:
            return self._run()

    def _run(self) -> int:
        try:
            self._start_engines()
            self._migrate()
            self._start_processes()
            if self._wait_until_healthy():
                self._seed_and_greet()
                self._watch()
                return 0
            return 0 if self.stopping.is_set() else 1
        except EngineBroken as error:
            _say(f"{error}.")
            return 1
        finally:
            self._stop()

    def _start_engines(self) -> None:
        settings = self.settings
        environment = {
            "SECRET_KEY": settings.secret_key.get_secret_value(),
            "DATA_DIR": str(settings.data_dir),
            "ZALICZ_SUPERVISOR": str(os.getpid()),
            "PYTHONUNBUFFERED": "1",
        }
        if settings.database_url:
            owner = settings.migration_database_url or settings.database_url
            environment |= {"DATABASE_URL": settings.database_url, "MIGRATION_DATABASE_URL": owner}
        else:
            postgres = EmbeddedPostgres(settings.data_dir)
            self._start_engine(postgres, "postgres")
            environment["DATABASE_URL"] = postgres.url()
            environment["MIGRATION_DATABASE_URL"] = postgres.url(OWNER)
        if not settings.redis_url:
            own_redis = EmbeddedRedis(settings.data_dir)
            self._start_engine(own_redis, "redis")
            environment["REDIS_URL"] = own_redis.url
        self.environment.update(environment)

    def _start_engine(self, engine: EmbeddedPostgres | EmbeddedRedis, name: str) -> None:
        # One that an earlier, killed supervisor left behind is replaced, so that we can watch ours.
        engine.stop()
        self.engines.append(engine)
        self._start(Part(name, engine.start))

    def _migrate(self) -> None:
        upgrade(
            self.environment["MIGRATION_DATABASE_URL"],
            database_url=self.environment["DATABASE_URL"],
        )

    def _start_processes(self) -> None:
        settings = self.settings
        commands: dict[str, tuple[str, ...]] = {"web": ("web",), "relay": ("relay",)}
        commands["cron"] = ("cron",)
        for number in range(settings.ocr_workers):
            commands[f"worker-ocr-{number + 1}"] = ("worker", "ocr")
        for number in range(settings.default_workers):
            commands[f"worker-default-{number + 1}"] = ("worker", "default")
        # What all of them share is kept once: the collector would touch, and so copy, every page.
        gc.collect()
        gc.freeze()
        for name, words in commands.items():
            self._start(Part(name, partial(self._run_part, words)))

    def _run_part(self, words: tuple[str, ...]) -> Child:
        if not may_fork():
            return self._spawn([sys.executable, "-m", "workers", *words])

        def live() -> None:
            if self.held is not None:
                self.held.close()  # Else a killed supervisor's folder would stay taken.
            os.environ.update(self.environment)
            parts.run(words, load())

        return Forked(live, title=f"python -m workers {' '.join(words)}")

    def _spawn(self, line: list[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches us alone, and we stop the others in order.
        return subprocess.Popen(line, env=self.environment, cwd=ROOT, start_new_session=True)

    def _start(self, part: Part) -> None:
        part.child = part.start()
        part.started_at = time.monotonic()
        if part not in self.parts:
            self.parts.append(part)

    def _revive(self) -> None:
        """Start again what died; a process that keeps dying at once waits longer each time."""
        moment = time.monotonic()
        for part in self.parts:
            if part.child is None or part.child.poll() is None:
                continue
            if part.not_before == 0.0:
                quick = moment - part.started_at < QUICK_DEATH_S
                part.quick_deaths = part.quick_deaths + 1 if quick else 0
                part.not_before = moment + min(2**part.quick_deaths - 1, 30)
                logger().error("process died", part=part.name, code=part.child.returncode)
            if moment >= part.not_before:
                part.not_before = 0.0
                try:
                    self._start(part)
                except EngineBroken as error:
                    logger().error("engine does not start", part=part.name, error=str(error))
                    part.not_before = moment + 5

    def _wait_until_healthy(self, *, seconds: float = 90) -> bool:
        address = f"http://{self.settings.host}:{self.settings.port}/health/ready"
        end = time.monotonic() + seconds
        answer = "no answer"
        while time.monotonic() < end and not self.stopping.is_set():
            self._revive()
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return True
            except urllib.error.HTTPError as error:
                answer = error.read().decode(errors="replace")
            except OSError as error:
                answer = str(error)
            self.stopping.wait(0.2)
        if not self.stopping.is_set():
            _say(f"Not healthy after {seconds:.0f} s: {answer}")
        return False

    def _seed_and_greet(self) -> None:
        engine = make_engine(self.environment["DATABASE_URL"])
        database = Database.of(engine)
        try:
            if self.settings.demo:
                with database.unit_of_work() as session:
                    empty = not has_programs(session)
                if empty:
                    self._seed()
                if self.stopping.is_set():
                    return
            _say(f"\n  Zalicz is ready: {self.settings.base_url}\n")
            if self.settings.demo:
                with database.unit_of_work() as session:
                    _say_signins(list_demo_signins(session))
            _say("\n  Ctrl-C stops everything; the data stays.\n")
        finally:
            engine.dispose()

    def _seed(self) -> None:
        seeding = self._spawn([sys.executable, "-m", "demo", "seed", "--if-empty"])
        while seeding.poll() is None and not self.stopping.is_set():
            self._revive()
            self.stopping.wait(0.2)
        if seeding.poll() is None:
            # With the processes that draw and read for it: they would wait for work for ever.
            os.killpg(seeding.pid, signal.SIGTERM)
            seeding.wait(10)
        elif seeding.returncode:
            _say("The demo could not be seeded; the lines above say why.")

    def _watch(self) -> None:
        while not self.stopping.wait(0.3):
            self._revive()

    def _stop(self) -> None:
        """Processes first, engines last, so that running work can still write."""
        engine_names = {"postgres", "redis"}
        living = [p for p in self.parts if p.child is not None and p.name not in engine_names]
        for part in living:
            if part.child is not None and part.child.poll() is None:
                part.child.terminate()
        end = time.monotonic() + GRACE_S
        for part in living:
            assert part.child is not None
            try:
                part.child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                # Its work rows come back when their lease ends.
                os.killpg(part.child.pid, signal.SIGKILL)
                part.child.wait(5)
        for engine in reversed(self.engines):
            engine.stop()


def _say_signins(personas: Sequence[Persona]) -> None:
    """Who can be signed in by one click; nobody where the demo could not be made."""
    if not personas:
        return
    _say("  One click on the start page signs you in as:")
    width = max(len(persona.title) for persona in personas)
    for persona in personas:
        _say(f"    {persona.title:<{width}}  {persona.description}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
