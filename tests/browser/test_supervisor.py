"""Whatever is killed comes back, healthy, with everything that was there."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable

import psutil
import psycopg
import pytest

from core.engines import EmbeddedPostgres
from tests.browser.conftest import Installation

pytestmark = pytest.mark.slow

PARTS: dict[str, Callable[[str], bool]] = {
    "postgres": lambda line: "postgres -D" in line,
    "redis": lambda line: "--unixsocket" in line or "redis-server" in line or "valkey" in line,
    "web": lambda line: "workers web" in line,
    "worker-ocr": lambda line: "workers worker ocr" in line,
    "worker-default": lambda line: "workers worker default" in line,
    "relay": lambda line: "workers relay" in line,
    "cron": lambda line: "workers cron" in line,
}


def child(installation: Installation, part: str) -> psutil.Process | None:
    for process in psutil.Process(installation.supervisor).children():
        try:
            runs = process.status() != psutil.STATUS_ZOMBIE
            if runs and PARTS[part](" ".join(process.cmdline())):
                return process
        except psutil.NoSuchProcess:
            continue  # It ended between the list and the look.
    return None


def ready(installation: Installation) -> bool:
    try:
        with urllib.request.urlopen(f"{installation.url}/health/ready", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def claims(installation: Installation) -> int:
    url = EmbeddedPostgres(installation.data_dir).url()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM claim").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_killed_part_comes_back_and_nothing_is_lost(
    installation: Installation, part: str
) -> None:
    before = claims(installation)
    victim = child(installation, part)
    assert victim is not None, f"{part} runs"
    victim.kill()
    end = time.monotonic() + 90
    while True:
        successor = child(installation, part)
        if successor is not None and successor.pid != victim.pid and ready(installation):
            break
        assert time.monotonic() < end, f"{part} did not come back"
        time.sleep(0.2)
    assert claims(installation) == before
