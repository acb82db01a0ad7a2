"""Watches one reading process: its clocks, and memory and processor time of all it started."""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocr import limits
from ocr.reading import UnreadableReason

_PAGE_BYTES = resource.getpagesize()
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_USER_TIME = 11  # place of utime behind the name in /proc/PID/stat; stime, cutime, cstime follow
_LAST_BREATH_S = 2.0
_TICK_S, _CLOSE_TICK_S = 0.05, 0.01


class Watch:
    """A child of this process that leads its own process group; `stages` tells where it is."""

    def __init__(self, child: int, stages: int) -> None:
        self.stages = stages
        self._child = child
        self._started = self._stage_started = time.monotonic()
        self._stage = ""
        self._reason = ""
        self._peak_bytes = self._used_bytes = 0
        self._status: int | None = None
        self._cpu_s = 0.0
        os.set_blocking(stages, False)

    @property
    def tick_s(self) -> float:
        """How soon to look again: the sooner, the nearer the memory is to its limit."""
        return _TICK_S if self._used_bytes * 2 < limits.MEMORY_ENDED_BYTES else _CLOSE_TICK_S

    def look(self) -> bool:
        """True when the child has ended, by itself or because it broke a limit just now."""
        now = time.monotonic()
        ended = self._heard(now)
        if not ended:
            used, cpu_s = _used(self._child)
            self._peak_bytes = max(self._peak_bytes, used)
            self._used_bytes = used
            if used > limits.MEMORY_ENDED_BYTES:
                self.kill(UnreadableReason.TOO_LARGE)
            elif (
                cpu_s > limits.DOCUMENT_CPU_S
                or now - self._started > limits.DOCUMENT_WALL_S
                or now - self._stage_started > limits.STAGE_WALL_S
            ):
                self.kill(UnreadableReason.TOO_SLOW)
            else:
                return False
        self._reap()
        return True

    def kill(self, reason: str) -> None:
        """End the child and everything in its group; `reason` is what the outcome will say."""
        self._reason = reason
        for end in (os.killpg, os.kill):  # The group may not exist in the first microseconds.
            try:
                end(self._child, signal.SIGKILL)
            except ProcessLookupError:
                continue
            break

    def outcome(self) -> dict[str, Any]:
        """Exit code as `subprocess` gives it, why it was killed, what it used."""
        self._reap()
        assert self._status is not None
        return {
            "code": os.waitstatus_to_exitcode(self._status),
            "killed": self._reason,
            "stage": self._stage,
            "seconds": round(time.monotonic() - self._started, 4),
            "cpu_s": round(self._cpu_s, 4),
            "peak_bytes": self._peak_bytes,
        }

    def _heard(self, now: float) -> bool:
        """Take in stage marks; True at the end of the pipe, which only the child held open."""
        try:
            marks = os.read(self.stages, 4096)
        except BlockingIOError:
            return False
        if not marks:
            return True
        self._stage = chr(marks[-1])
        self._stage_started = now
        return False

    def _reap(self) -> None:
        if self._status is not None:
            return
        patience = time.monotonic() + _LAST_BREATH_S
        while not os.waitid(os.P_PID, self._child, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            if time.monotonic() > patience:  # It closed the pipe and goes on: nothing of ours does.
                self.kill(self._reason or UnreadableReason.PARSER_CRASHED)
            time.sleep(0.001)
        # A grandchild may have outlived it; the group is surely its own while it is unburied.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child, signal.SIGKILL)
        _, self._status, used = os.wait4(self._child, 0)
        self._cpu_s = used.ru_utime + used.ru_stime
        self._peak_bytes = max(self._peak_bytes, used.ru_maxrss * 1024)
        os.close(self.stages)


def _used(process: int) -> tuple[int, float]:
    """Memory in bytes and processor seconds of a process and its descendants; 0 when it is gone."""
    folder = Path(f"/proc/{process}")
    try:
        resident = int((folder / "statm").read_text().split()[1]) * _PAGE_BYTES
        times = (folder / "stat").read_text().rpartition(")")[2].split()
        children = (folder / f"task/{process}/children").read_text().split()
    except (OSError, IndexError):
        return 0, 0.0
    cpu_s = sum(map(int, times[_USER_TIME : _USER_TIME + 4])) / _TICKS_PER_S
    for child in children:
        more, longer = _used(int(child))
        resident, cpu_s = resident + more, cpu_s + longer
    return resident, cpu_s
