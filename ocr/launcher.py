"""Our end of a launcher process: start it, hand it one document at a time, hear how it ended."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr import limits, scratch

_START_S = 60.0  # libraries and models from a cold disk
_GRACE_S = 10.0  # the launcher keeps the clocks; we only guard against a dead launcher
HOME = "zalicz-launcher-"  # how the names of their folders begin
DOCUMENT = "zalicz-read-"
_PASSED_ON = ("PATH", "LANG", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SYSTEMROOT")


class LauncherLost(Exception):
    """The launcher died, hung or talked nonsense."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reading process ended: its exit code (negative: signal), and who killed it why."""

    code: int
    killed: str
    stage: str
    seconds: float
    cpu_s: float
    peak_bytes: int


class Launcher:
    """A limited process from which readers are forked.

    Processes forked from the one that made it may use it too: a lock on a file keeps two users
    apart and is let go by the kernel when a user dies, and answers meant for a dead user are
    passed over.
    """

    def __init__(self) -> None:
        self.documents = 0
        self._owner = os.getpid()
        scratch.sweep((HOME, DOCUMENT))  # What a killed process of ours could not take along.
        self._scratch = scratch.Scratch(HOME)
        self._home = self._scratch.path
        (self._home / "lock").touch()
        self._log = self._home / "stderr.txt"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ocr.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._home,
                env=_environment(self._home),
                start_new_session=True,
            )
        self._received = b""

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Whether this launcher is ours alone for the block; False when another uses it now."""
        try:
            lock = os.open(self._home / "lock", os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            yield False  # Its owner closed it for all.
            return
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def warm_up(self, kinds: Iterable[str]) -> None:
        """Load what these kinds of files need, and come back when that is done."""
        self._ask({"warm": sorted(kinds)}, patience_s=_START_S)

    def run(
        self,
        directory: Path,
        *,
        kinds: Iterable[str],
        schema_folder: Path | None = None,
        library: bool = True,
    ) -> Outcome:
        """Have the request in `directory` read, to its end whatever that is.

        `library=False`: without calling engines inside of the process where a program can do it.
        """
        self.documents += 1
        patience_s = _START_S + limits.DOCUMENT_WALL_S + _GRACE_S
        answer = self._ask(
            {
                "warm": sorted(kinds),
                "directory": str(directory),
                "schemas": str(schema_folder or ""),
                "library": library,
            },
            patience_s=patience_s,
        )
        try:
            return Outcome(**answer["end"])
        except (KeyError, TypeError) as error:
            raise self._lost("an answer of an unknown form") from error

    def resident_bytes(self) -> int:
        """The memory of the waiting process; 0 when it is gone."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """End the launcher and all it started; in a forked process only let go of it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # What was not sent to a dead launcher stays unsent.
                    pipe.close()
        if os.getpid() != self._owner:
            self._scratch.leave()
            return
        try:
            self._process.wait(2)  # It leaves when its stdin ends, and takes its reader along.
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._scratch.remove()

    def _ask(self, command: dict[str, object], *, patience_s: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        number = uuid.uuid4().hex
        line = json.dumps(command | {"id": number}).encode() + b"\n"
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise self._lost("it does not listen") from error
        until = time.monotonic() + patience_s
        while True:
            answer = self._next_line(until)
            if answer.get("id") == number:
                return answer

    def _lost(self, how: str) -> LauncherLost:
        """The error with the last words of the launcher's own log."""
        try:
            said = self._log.read_bytes()[-1_000:].decode("utf-8", "replace")
        except OSError:
            said = ""
        return LauncherLost(f"{how}: {said}".strip(": "))

    def _next_line(self, until: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._received:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise self._lost("it does not answer")
            received = os.read(descriptor, 65536)
            if not received or len(self._received) > 1_000_000:
                raise self._lost("it died")
            self._received += received
        line, self._received = self._received.split(b"\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer


def _environment(home: Path) -> dict[str, str]:
    """Nothing but what finding programs and libraries takes: no secret can be in it."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        # The models ask for tens of megabytes and give them back a thousand times a page: large
        # pages, and memory kept for the next time, save a sixth of the time. Others ignore it.
        "GLIBC_TUNABLES": (
            "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=16777216"
            ":glibc.malloc.trim_threshold=67108864"
        ),
        # One document keeps to one core, and a process with threads could not fork.
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_FOR_THREADS_NUM": "1",
        "OPENCV_IO_MAX_IMAGE_PIXELS": str(limits.IMAGE_PIXELS),
    }
