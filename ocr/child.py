"""The process that starts readers: one fork for each document, from a state that saw no document.

It runs as `python -P -m ocr.child` with commands on stdin and answers on stdout, one JSON object a
line. It loads libraries and models once, forks for each document, watches the fork's memory and
clocks, and kills it whole. When its own starter goes away, stdin ends and so does everything here.
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
from pathlib import Path
from typing import Any

from ocr import confine, task
from ocr.stages import Stage
from ocr.watch import Watch


class Launcher:
    """Reads commands, runs one document at a time."""

    def __init__(self, commands: int, answers: int, confined: tuple[str, ...]) -> None:
        self._commands = commands
        self._answers = answers
        self._confined = confined
        self._pending = b""
        self._warm: set[str] = set()
        self._running: Watch | None = None
        self._id = ""
        self._directory = ""
        self._schemas: Path | None = None
        self._library = True

    def serve(self) -> None:
        """Answer until stdin ends."""
        self._say({"ready": True})
        while True:
            watched = [self._commands] + ([self._running.stages] if self._running else [])
            patience_s = self._running.tick_s if self._running else None
            ready, _, _ = select.select(watched, [], [], patience_s)
            if self._commands in ready:
                received = os.read(self._commands, 65536)
                if not received:
                    break
                *lines, self._pending = (self._pending + received).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))
            if self._running and self._running.look():
                self._say({"id": self._id, "end": self._running.outcome()})
                self._running = None
        self._abandon()

    def _obey(self, command: dict[str, Any]) -> None:
        self._library = command.get("library", True)
        if cold := set(command["warm"]) - self._warm:
            task.warm_up(cold, library=self._library)
            self._warm |= cold
            gc.collect()
            gc.freeze()  # Forks then share these pages with us instead of copying them.
        if "directory" not in command:
            self._say({"id": command["id"], "warm": True})
            return
        # Another process that shares this launcher may have died while its document was read.
        self._abandon()
        self._id, self._directory = command["id"], command["directory"]
        self._schemas = Path(command["schemas"]) if command.get("schemas") else None
        if self._schemas is not None:
            task.warm_up_schemas(self._schemas)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            self._become_reader(write_end)
        os.close(write_end)
        self._running = Watch(child, read_end)

    def _become_reader(self, stages: int) -> None:
        """In the fork: never returns."""
        code = 1
        try:
            os.setpgid(0, 0)
            os.chdir(self._directory)
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (self._commands, self._answers):
                os.dup2(nothing, descriptor)
            log = os.open("stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(log, 2)
            confined = self._confined + confine.reader(
                Path(self._directory), [self._schemas] if self._schemas else []
            )
            task.run(lambda stage: _enter(stages, stage), confined, library=self._library)
            code = 0
        finally:
            os._exit(code)

    def _abandon(self) -> None:
        if self._running:
            self._running.kill("abandoned")
            self._running.outcome()
            self._running = None
            shutil.rmtree(self._directory, ignore_errors=True)

    def _say(self, answer: dict[str, Any]) -> None:
        os.write(self._answers, json.dumps(answer).encode() + b"\n")


def _enter(stages: int, stage: Stage) -> None:
    confine.enter_stage(models=stage is Stage.RECOGNISE)
    os.write(stages, stage.value[:1].encode())


def main() -> None:
    """Take over stdin and stdout for commands and answers; anything printed goes to stderr."""
    answers = os.dup(1)
    commands = os.dup(0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for our starter to act on.
    Launcher(commands, answers, confine.launcher()).serve()


if __name__ == "__main__":
    main()
