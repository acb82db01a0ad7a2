"""A forked process lives its own life and never returns into its parent's code."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psutil
import pytest

from workers.forking import Forked

# The product forks only while it has one thread; the test runner may have more.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def _patiently() -> None:
    time.sleep(60)


def test_a_forked_process_runs_under_its_own_name_in_a_session_of_its_own() -> None:
    child = Forked(_patiently, title="zalicz patient")
    try:
        end = time.monotonic() + 20
        while "zalicz patient" not in " ".join(psutil.Process(child.pid).cmdline()):
            assert time.monotonic() < end
            time.sleep(0.02)
        assert os.getsid(child.pid) == child.pid
        assert child.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.05)
    finally:
        child.terminate()
    assert child.wait(20) == -signal.SIGTERM
    child.terminate()  # One that is gone is left alone: its number may be somebody else's by now.


def test_neither_an_error_nor_an_exit_comes_back_to_the_parent(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise ValueError("broken on purpose")

    def leave() -> None:
        raise SystemExit(3)

    parent = os.getpid()
    assert Forked(fail, title="fails").wait(20) == 1
    assert Forked(leave, title="leaves").wait(20) == 3
    assert Forked(lambda: None, title="ends").wait(20) == 0
    assert os.getpid() == parent
    assert "broken on purpose" in capfd.readouterr().err
