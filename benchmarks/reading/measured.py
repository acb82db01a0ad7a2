"""Runs a function in a process of its own and says what it took."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_WALL_S = 180


def in_fork(work: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What `work` returned (None when it failed or took too long), and its usage."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                signal.alarm(_WALL_S)
                answer.write_text(json.dumps(work()), "utf-8")
                code = 0
            except Exception:
                traceback.print_exc(file=sys.stderr)
            finally:
                os._exit(code)
        _, status, used = os.wait4(child, 0)
        usage = {
            "seconds": time.monotonic() - started,
            "cpu_s": used.ru_utime + used.ru_stime,
            "peak_bytes": used.ru_maxrss * 1024,
        }
        if status != 0:
            return None, usage
        return json.loads(answer.read_text("utf-8")), usage
