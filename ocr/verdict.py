"""Judges what a reading process left behind: nothing in its directory is believed unlooked."""

from __future__ import annotations

import json
import logging
import os
import signal
import stat
from pathlib import Path
from typing import Any

from ocr import codec, intake, limits, task
from ocr.intake import FileKind
from ocr.launcher import Outcome
from ocr.reading import LayoutMemory, Reading, ReadResult, Unreadable, UnreadableReason
from ocr.stages import Stage

_LOG = logging.getLogger(__name__)
_CRASHES = frozenset(
    {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP}
)


def answered(directory: Path, outcome: Outcome) -> dict[str, Any]:
    """The reader's answer as JSON; raises `Unreadable` for every way in which there is none."""
    if outcome.killed:
        raise Unreadable(UnreadableReason(outcome.killed), stage=_stage(outcome.stage))
    if outcome.code != 0:
        _LOG.warning(
            "a reading process ended with %d: %s", outcome.code, _bounded(directory / task.LOG)
        )
        raise Unreadable(_reason(outcome.code), code=outcome.code)
    try:
        text = _contents(directory / task.RESULT, limits.RESULT_BYTES)
        answer = json.loads(text, parse_constant=_refuse)
        if "unreadable" in answer:
            reason = UnreadableReason(answer["unreadable"])
            facts = {
                str(name): fact if isinstance(fact, int) else str(fact)[:200]
                for name, fact in answer["facts"].items()
            }
        else:
            return dict(answer)
    except Exception as error:
        raise _nonsense() from error
    if reason is UnreadableReason.PARSER_CRASHED:
        _LOG.warning("a reader failed: %s", _bounded(directory / task.LOG))
    raise Unreadable(reason, **facts)


def engine_died(directory: Path, outcome: Outcome) -> bool:
    """Whether a reader crashed while an engine looked at pixels: then another way may read them.

    What dies while it decodes foreign bytes is not tried again.
    """
    died = not outcome.killed and -outcome.code in _CRASHES
    if not died or _stage(outcome.stage) != Stage.RECOGNISE:
        return False
    _LOG.warning(
        "an engine ended with %d, its page is read again by another: %s",
        outcome.code,
        _bounded(directory / task.LOG),
    )
    return True


def result(directory: Path, answer: dict[str, Any]) -> ReadResult:
    """The reading and its page images, decoded into our own types or refused."""
    try:
        reading = codec.decode(Reading, answer["reading"])
        layout = codec.decode(LayoutMemory, answer["layout"]) if "layout" in answer else None
    except Exception as error:  # A parser that was taken over may answer anything.
        raise _nonsense() from error
    return ReadResult(reading, images(directory, answer), layout)


def images(directory: Path, answer: dict[str, Any]) -> tuple[bytes, ...]:
    """The page images, by their count, size and magic bytes; never decoded here."""
    try:
        count = answer["images"]
        if not isinstance(count, int) or not 0 <= count <= limits.PAGES:
            raise ValueError("a number of page images was expected")
        shown = tuple(
            _contents(directory / task.image_name(number), limits.SHOWN_BYTES)
            for number in range(count)
        )
        if not all(intake.sniff(image) in (FileKind.JPEG, FileKind.PNG) for image in shown):
            raise ValueError("page images are JPEG or PNG")
    except Exception as error:
        raise _nonsense() from error
    return shown


def _contents(path: Path, limit_bytes: int) -> bytes:
    """A plain file of at most `limit_bytes`; a link would lead out of the reader's directory."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > limit_bytes:
            raise ValueError("a small plain file was expected")
        return file.read(limit_bytes)


def _bounded(path: Path) -> str:
    """The end of the reader's log, for ours, on one line and without control characters."""
    try:
        return one_line(_contents(path, limits.FILE_BYTES)[-2000:].decode("utf-8", "replace"))
    except (OSError, ValueError):
        return "no log"


def one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _reason(code: int) -> UnreadableReason:
    """What an exit code says; SIGKILL that nobody here sent is the kernel's, short of memory."""
    if code == -signal.SIGXCPU:
        return UnreadableReason.TOO_COMPLEX
    if code in (-signal.SIGKILL, -signal.SIGXFSZ):
        return UnreadableReason.TOO_LARGE
    return UnreadableReason.PARSER_CRASHED


def _stage(mark: str) -> str:
    """The stage's name for its mark on the pipe, which is the first letter."""
    return next((stage.value for stage in Stage if stage.value[:1] == mark), "start")


def _nonsense() -> Unreadable:
    return Unreadable(UnreadableReason.PARSER_CRASHED, error="invalid-answer")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")
