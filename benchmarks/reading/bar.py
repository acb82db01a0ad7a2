"""A progress bar on a terminal; elsewhere a line from time to time."""

from __future__ import annotations

import sys
import time

_WIDTH = 24
_EVERY_S = 30.0


class Bar:
    """Counts steps towards a known number of them."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0
        self._told = ""
        self._started = self._printed = time.monotonic()

    def say(self, told: str) -> None:
        """What is being done now."""
        self._told = told
        self._show()

    def step(self) -> None:
        self._done += 1
        self._show()

    def close(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def _show(self) -> None:
        now = time.monotonic()
        full = _WIDTH * self._done // max(1, self._steps)
        spent = int(now - self._started)
        line = f"{self._done}/{self._steps} {spent // 60}:{spent % 60:02d} {self._told}"
        if sys.stderr.isatty():
            bar = "#" * full + "." * (_WIDTH - full)
            sys.stderr.write(f"\r\x1b[K[{bar}] {line}"[:110])
        elif now - self._printed >= _EVERY_S:
            self._printed = now
            sys.stderr.write(line + "\n")
        sys.stderr.flush()
