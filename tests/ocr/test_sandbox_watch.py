from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from ocr import limits
from ocr.reading import UnreadableReason
from ocr.watch import Watch


def watched(program: str) -> Watch:
    """A process of its own group, with the stage pipe as `stages`."""
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", f"import os, sys, time; stages = {write_end}\n{program}"],
        pass_fds=[write_end],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    process.returncode = 0  # The watch buries it, not `subprocess`.
    return Watch(process.pid, read_end)


def outcome(watch: Watch) -> dict[str, Any]:
    while not watch.look():
        time.sleep(0.005)
    return watch.outcome()


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, float], None]:
    return lambda name, value: monkeypatch.setattr(limits, name, value)


def test_a_process_that_ends_well_tells_its_stage_time_and_memory() -> None:
    seen = outcome(watched("os.write(stages, b'd'); os.write(stages, b's')"))

    assert seen["code"] == 0
    assert seen["killed"] == ""
    assert seen["stage"] == "s"
    assert seen["peak_bytes"] > 5_000_000
    assert seen["cpu_s"] > 0


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("sys.exit(3)", 3),
        ("os.abort()", -signal.SIGABRT),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("os.kill(os.getpid(), 24)", -signal.SIGXCPU),
    ],
)
def test_a_process_that_ends_badly_tells_how(program: str, code: int) -> None:
    assert outcome(watched(program))["code"] == code


def test_a_stage_that_takes_too_long_is_killed(limit: Callable[[str, float], None]) -> None:
    limit("STAGE_WALL_S", 0.3)

    seen = outcome(watched("os.write(stages, b'r'); time.sleep(60)"))

    assert seen["killed"] == UnreadableReason.TOO_SLOW
    assert seen["stage"] == "r"
    assert seen["code"] == -signal.SIGKILL


def test_entering_stages_gains_time_but_not_beyond_the_document(
    limit: Callable[[str, float], None],
) -> None:
    limit("STAGE_WALL_S", 2.0)
    limit("DOCUMENT_WALL_S", 1.0)

    seen = outcome(watched("while True: os.write(stages, b'd'); time.sleep(0.01)"))

    assert seen["killed"] == UnreadableReason.TOO_SLOW


@pytest.mark.parametrize("who", ["itself", "its child"])
def test_who_burns_processor_time_is_ended_by_it_long_before_the_clock(
    who: str, limit: Callable[[str, float], None]
) -> None:
    limit("DOCUMENT_CPU_S", 0.3)
    burn = "while True: pass"
    if who == "its child":
        burn = f"import subprocess; subprocess.run([sys.executable, '-c', {burn!r}])"

    seen = outcome(watched(burn))

    assert (seen["killed"], seen["code"]) == (UnreadableReason.TOO_SLOW, -signal.SIGKILL)


def test_who_waits_for_a_processor_is_left_to_wait(limit: Callable[[str, float], None]) -> None:
    """On a busy machine a document stands still for long; it is no burden then."""
    limit("DOCUMENT_CPU_S", 0.3)

    seen = outcome(watched("time.sleep(0.6); os.write(stages, b's')"))

    assert (seen["killed"], seen["code"], seen["stage"]) == ("", 0, "s")


def test_memory_of_the_process_and_of_its_children_counts(
    limit: Callable[[str, float], None],
) -> None:
    limit("MEMORY_ENDED_BYTES", 150_000_000)
    hoard = "import time; held = bytearray(200_000_000); time.sleep(60)"
    child = f"import subprocess; subprocess.run([sys.executable, '-c', {hoard!r}])"

    for program in (hoard, child):
        seen = outcome(watched(program))
        assert seen["killed"] == UnreadableReason.TOO_LARGE
        assert seen["peak_bytes"] > 150_000_000


def test_the_nearer_the_memory_is_to_its_limit_the_sooner_it_is_looked_at_again(
    limit: Callable[[str, float], None],
) -> None:
    assert limits.MEMORY_ENDED_BYTES < limits.MEMORY_BYTES
    watch = watched("held = bytearray(60_000_000); os.write(stages, b'd'); time.sleep(60)")
    relaxed = watch.tick_s
    limit("MEMORY_ENDED_BYTES", 100_000_000)
    until = time.monotonic() + 20
    while watch.tick_s == relaxed and time.monotonic() < until:
        assert not watch.look()
    assert watch.tick_s < relaxed
    watch.kill("enough")
    assert outcome(watch)["killed"] == "enough"


def test_a_grandchild_does_not_outlive_its_document() -> None:
    watch = watched("import subprocess; subprocess.Popen(['sleep', '60']); os._exit(0)")
    group = watch._child

    assert outcome(watch)["code"] == 0
    with pytest.raises(ProcessLookupError):
        _wait_until_gone(group)


def test_closing_the_pipe_does_not_hide_a_process_that_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ocr.watch._LAST_BREATH_S", 0.2)

    seen = outcome(watched("os.close(stages); time.sleep(60)"))

    assert seen["killed"] == UnreadableReason.PARSER_CRASHED
    assert seen["code"] == -signal.SIGKILL


def _wait_until_gone(group: int) -> None:
    """Raise ProcessLookupError once no process of the group is left."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        os.killpg(group, 0)
        time.sleep(0.01)
