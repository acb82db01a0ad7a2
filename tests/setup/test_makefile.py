"""The Makefile: every command is explained, exists, and passes a signal on."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
NAMED = {"run", "test", "check", "fmt", "seed", "migration", "openapi"} | {
    "help",
    "setup",
    "sample",
    "bench-reading",
    "lock",
    "clean",
}

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def test_make_alone_explains_every_command() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    explained = set(re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE))
    assert explained >= NAMED


def test_every_target_is_phony() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    phony = re.search(r"\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE)
    assert phony is not None
    assert targets == set(phony.group(1).replace("\\\n", " ").split())


@pytest.mark.parametrize("module", sorted(set(re.findall(r"\$\(RUN\) -m ([\w.]+)", MAKEFILE))))
def test_a_command_starts_a_module_that_exists(module: str) -> None:
    assert importlib.util.find_spec(module) is not None
    if "." not in module and module != "pytest":
        assert importlib.util.find_spec(f"{module}.__main__") is not None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_supervisor_and_make_waits_for_its_end(
    tmp_path: Path, number: signal.Signals
) -> None:
    # In place of Python: says when it is ready, and takes a moment to end when it is told to.
    stand_in = tmp_path / "python"
    stand_in.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, signal, sys, time\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "def stop(*_):\n"
        "    time.sleep(0.3)\n"
        "    (here / 'stopped').write_text(' '.join(sys.argv[1:]))\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGINT, stop)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "(here / 'ready').touch()\n"
        "time.sleep(60)\n"
    )
    stand_in.chmod(0o755)
    make = subprocess.Popen(
        ["make", "--old-file=setup", "run", f"PY={stand_in}"],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "ready").exists():
        assert make.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    if number == signal.SIGINT:
        os.killpg(make.pid, number)  # A terminal sends Ctrl-C to everything in the foreground.
    else:
        make.send_signal(number)
    make.wait(30)
    assert (tmp_path / "stopped").read_text() == "-m workers run"
