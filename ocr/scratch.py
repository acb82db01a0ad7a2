"""Temporary folders that show whether their owner lives, and the sweep of those it left behind.

The owner holds a lock on its folder. The kernel lets go of it when the last process that has it
dies, however it died; then the folder, with a launcher's log or a document's bytes, belongs to
nobody, and the next start takes it away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SETTLED_S = 60.0  # a younger folder may be one whose owner is about to lock it


class Scratch:
    """A folder of this process and of those forked from it, until it is removed."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._held = _locked(self.path)

    def leave(self) -> None:
        """No longer one of its owners; the folder stays."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def remove(self) -> None:
        """Take the folder away with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.leave()


def sweep(prefixes: Iterable[str]) -> int:
    """Remove our folders with these names whose owners are dead; how many there were."""
    swept = 0
    for prefix in prefixes:
        for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with _nobodys(path) as dead:
                if dead:
                    shutil.rmtree(path, ignore_errors=True)
                    swept += 1
    return swept


@contextmanager
def _nobodys(path: Path) -> Iterator[bool]:
    """Whether a folder of ours has no living owner; for the block none can come to have it."""
    held = None
    with suppress(OSError):  # Gone meanwhile, or another user's.
        facts = path.lstat()
        if facts.st_uid == os.geteuid() and time.time() - facts.st_mtime > _SETTLED_S:
            held = _locked(path)
    try:
        yield held is not None
    finally:
        if held is not None:
            os.close(held)


def _locked(path: Path) -> int | None:
    """The descriptor that holds the lock on a folder; None when somebody else holds it."""
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
