"""Structured logs without personal data: references and numbers only."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog

from core.settings import ROOT


def configure(log_format: str, *, process: str) -> None:
    """Send every log line of this process to standard error in the chosen form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


# What such errors say is about our code; what others say may quote what a person typed.
_ABOUT_CODE = (
    AttributeError,
    NameError,
    TypeError,
    ImportError,
    AssertionError,
    NotImplementedError,
)


def described(error: BaseException) -> dict[str, str]:
    """An error for the log: its kind, the places it passed, for the database its constraint.

    Never its words: the text of a refused row holds the row, with names and addresses.
    """
    found = {"error": type(error).__name__}
    causes: list[str] = []
    known: BaseException | None = error
    while known is not None and len(causes) < 5:
        causes.append(f"{type(known).__name__} at {' < '.join(_places(known))}")
        diagnosis = getattr(getattr(known, "orig", known), "diag", None)
        for fact in ("sqlstate", "constraint_name", "table_name"):
            if value := getattr(diagnosis, fact, None):
                found[fact] = str(value)
        if isinstance(known, _ABOUT_CODE):
            found["says"] = str(known)[:300]
        known = known.__cause__ or (None if known.__suppress_context__ else known.__context__)
    found["places"] = " | ".join(causes)
    return found


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost first: the last step anywhere, and every step of our own."""
    steps = list(reversed(traceback.extract_tb(error.__traceback__)))
    own = [step for step in steps[1:] if _is_ours(step.filename)]
    return [f"{Path(s.filename).name}:{s.lineno} {s.name}" for s in (*steps[:1], *own)][:12]


def _is_ours(filename: str) -> bool:
    return filename.startswith(str(ROOT)) and "site-packages" not in filename


def logger() -> structlog.typing.FilteringBoundLogger:
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound
