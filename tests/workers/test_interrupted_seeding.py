"""Ctrl-C while the demo is being made: everything ends, and nothing half-made is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import Session, create_engine

from core import engines, settings
from core.settings import ROOT
from programs.queries import has_programs
from tests.browser.conftest import free_port

pytestmark = [pytest.mark.slow]

PROC = Path("/proc")


def living(data_dir: Path) -> dict[int, str]:
    """The command lines of all processes that were started for this data directory."""
    mark, found = f"DATA_DIR={data_dir}".encode(), {}
    for place in PROC.iterdir():
        try:
            if place.name.isdigit() and mark in (place / "environ").read_bytes().split(b"\0"):
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:  # Ended while we looked, or somebody else's.
            continue
    return {pid: words.decode(errors="replace") for pid, words in found.items() if words}


@pytest.mark.skipif(not PROC.is_dir(), reason="only Linux tells the environment of a process")
def test_an_interrupted_seeding_leaves_neither_processes_nor_half_a_demo(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir = tmp_path_factory.mktemp("interrupted")
    for parent in (data_dir, data_dir.parent, data_dir.parent.parent):
        parent.chmod(0o755)
    environment = {
        **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TZ")},
        "DATA_DIR": str(data_dir),
        "PORT": str(free_port()),
    }
    with (data_dir / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "run"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        drawing: list[int] = []
        for _ in range(600):
            drawing = [pid for pid, words in living(data_dir).items() if "demo seed" in words]
            if len(drawing) > 1 or process.poll() is not None:
                break
            time.sleep(0.1)
        assert len(drawing) > 1, (data_dir / "run.log").read_text(errors="replace")[-2000:]
        process.send_signal(signal.SIGINT)
        process.wait(60)
        for _ in range(50):
            if not living(data_dir):
                break
            time.sleep(0.1)
        assert living(data_dir) == {}
    finally:
        for pid in living(data_dir):
            os.kill(pid, signal.SIGKILL)
    assert "is ready" not in (data_dir / "run.log").read_text(errors="replace")
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(data_dir))
    with engines.running(settings.load()) as at:
        engine = create_engine(at.database_url)
        with Session(engine) as session:
            assert not has_programs(session)
        engine.dispose()
