"""Reads a document in a limited process of its own, and says in a typed reason why it could not."""

from __future__ import annotations

import atexit
import json
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr import codec, intake, landlock, task, verdict
from ocr.intake import Accepted, FileKind
from ocr.launcher import DOCUMENT, Launcher, LauncherLost, Outcome
from ocr.reading import (
    Hints,
    ReadResult,
    SourceFile,
    Unreadable,
    UnreadableReason,
)
from ocr.scratch import Scratch

_RECYCLE_AFTER = 500  # documents; the launcher itself opens none of them
_MOST_IDLE = 2
_LAUNCHERS = 3  # are tried for one document; the last does without Tesseract's library
_WITHOUT_MODELS = frozenset({FileKind.PDF})  # loads what shows pictures and finds codes in them
_NO_HINTS = Hints()
_LOG = logging.getLogger(__name__)
_idle: list[Launcher] = []
_also_warm: set[FileKind] = set()


@dataclass(frozen=True, slots=True)
class Usage:
    """What reading one document cost, and which walls stood around it."""

    seconds: float
    cpu_s: float
    peak_bytes: int
    confined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A result or the reason why there is none, with what it cost."""

    result: ReadResult | None
    unreadable: Unreadable | None
    usage: Usage


def read_limited(
    files: Sequence[SourceFile], *, hints: Hints = _NO_HINTS, schema_folder: Path | None = None
) -> ReadResult:
    """As `ocr.read`, in a process without secrets, network and files of ours, within `limits`.

    The files are the pages of one document. Raises `Unreadable`, whatever the bytes do. The first
    call of a process takes one or two seconds longer (see `warm_up`).
    """
    measured = measure(files, hints=hints, schema_folder=schema_folder)
    if measured.unreadable is not None:
        raise measured.unreadable
    assert measured.result is not None
    return measured.result


def preview_limited(files: Sequence[SourceFile]) -> tuple[bytes, ...]:
    """Page images only, as in `ReadResult.page_images`, for documents that cannot be read.

    XML has no pages and gives none. Raises `Unreadable`.
    """
    accepted = intake.accept(files)
    with _request(accepted, {"task": "preview"}) as directory:
        outcome = _run(directory, _WITHOUT_MODELS)
        return verdict.images(directory, verdict.answered(directory, outcome))


def product_codes_limited(files: Sequence[SourceFile]) -> tuple[str, ...]:
    """The codes of our own labels in a picture or PDF, bare. Raises `Unreadable`."""
    accepted = intake.accept(files)
    with _request(accepted, {"task": "codes"}) as directory:
        outcome = _run(directory, _WITHOUT_MODELS)
        found = verdict.answered(directory, outcome).get("codes", [])
        return tuple(str(code) for code in found)


def measure(
    files: Sequence[SourceFile],
    *,
    hints: Hints = _NO_HINTS,
    structured: bool = True,
    schema_folder: Path | None = None,
) -> Measured:
    """Read and measure; `structured=False` passes over embedded XML, to test the other routes."""
    try:
        accepted = intake.accept(files)
    except Unreadable as error:
        return Measured(None, error, Usage(0.0, 0.0, 0, ()))
    schemas = schema_folder.resolve() if schema_folder and schema_folder.is_dir() else None
    request = {
        "task": "read",
        "hints": codec.encode(hints),
        "structured": structured,
        "schema_folder": str(schemas or ""),
    }
    kinds = {file.kind for file in accepted} | _also_warm
    before: Outcome | None = None
    with ExitStack() as stack:
        outcome = None
        confined: tuple[str, ...] = ()
        result, unreadable = None, None
        try:
            directory = stack.enter_context(_request(accepted, request))
            outcome = _run(directory, kinds, schemas)
            if verdict.engine_died(directory, outcome):
                before = outcome
                directory = stack.enter_context(_request(accepted, request))
                outcome = _run(directory, kinds, schemas, library=False)
            answer = verdict.answered(directory, outcome)
            confined = tuple(str(name) for name in answer.get("confined", ()))
            result = verdict.result(directory, answer)
            if any(page.engine not in ("", "pdf-text", "xml") for page in result.reading.pages):
                _also_warm.add(FileKind.JPEG)  # A scan in a PDF: have the models ready for others.
        except Unreadable as error:
            unreadable = error
        return Measured(result, unreadable, _usage([before, outcome], confined))


def _usage(outcomes: Sequence[Outcome | None], confined: tuple[str, ...]) -> Usage:
    """What all readings of a document took together."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return Usage(
        sum(outcome.seconds for outcome in known),
        sum(outcome.cpu_s for outcome in known),
        max((outcome.peak_bytes for outcome in known), default=0),
        confined,
    )


def warm_up(*kinds: FileKind) -> None:
    """Start a process and load what these kinds need (default: pictures and PDF) beforehand.

    Worth it in a process that reads many documents, or that forks workers which read: they share
    what was loaded here.
    """
    with _borrowed() as launcher:
        try:
            launcher.warm_up(kinds or (FileKind.JPEG, FileKind.PDF))
        except LauncherLost:
            _LOG.warning("the reading process could not be warmed up")


def waiting_bytes() -> int:
    """Resident memory of the processes that wait for documents, with what they have loaded."""
    return sum(launcher.resident_bytes() for launcher in _idle)


def close() -> None:
    """End the waiting processes; the next call starts anew."""
    while _idle:
        _idle.pop().close()


atexit.register(close)


def _run(
    directory: Path,
    kinds: Collection[FileKind],
    schema_folder: Path | None = None,
    *,
    library: bool = True,
) -> Outcome:
    """Reads what the directory asks for, by a process that has loaded what these kinds need."""
    for number in range(1, _LAUNCHERS + 1):
        last = number == _LAUNCHERS
        try:
            with _borrowed() as launcher:
                outcome = launcher.run(
                    directory,
                    kinds=kinds,
                    schema_folder=schema_folder,
                    # The library may be what a launcher dies of while it loads.
                    library=library and not last,
                )
                if (outcome.code != 0 or outcome.killed) and not landlock.available():
                    # The launcher saw no byte of the document, but without that wall its fork
                    # could have reached for it. Starting anew costs a second or two.
                    _discard(launcher)
                return outcome
        except LauncherLost as error:  # It may have died while it waited: that is not the file.
            _LOG.warning(
                "the process that starts readers was lost: %s", verdict.one_line(str(error))
            )
            if last:
                raise Unreadable(UnreadableReason.PARSER_CRASHED, error="launcher") from error
    raise AssertionError("the last try returns or raises")


@contextmanager
def _borrowed() -> Iterator[Launcher]:
    """A launcher that nobody else uses, waiting or new; kept for the next document if well."""
    for launcher in list(_idle):
        with launcher.locked() as ours:
            if ours and launcher in _idle:
                yield from _lent(launcher)
                return
    launcher = Launcher()
    with launcher.locked():
        _idle.append(launcher)
        yield from _lent(launcher)


def _lent(launcher: Launcher) -> Iterator[Launcher]:
    try:
        yield launcher
    except BaseException:
        _discard(launcher)  # Whatever interrupted us may have left an answer unread.
        raise
    if launcher.documents >= _RECYCLE_AFTER or len(_idle) > _MOST_IDLE:
        _discard(launcher)


def _discard(launcher: Launcher) -> None:
    if launcher in _idle:
        _idle.remove(launcher)
    launcher.close()


@contextmanager
def _request(accepted: Sequence[Accepted], request: dict[str, Any]) -> Iterator[Path]:
    """A directory of its own with the files and the request; gone afterwards."""
    scratch = Scratch(DOCUMENT)
    directory = scratch.path
    try:
        for number, file in enumerate(accepted):
            (directory / task.source_name(number)).write_bytes(file.data)
        names = {"names": [file.name for file in accepted]}
        (directory / task.REQUEST).write_text(json.dumps(request | names), encoding="utf-8")
        yield directory
    finally:
        scratch.remove()
