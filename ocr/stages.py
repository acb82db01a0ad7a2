"""The stages of reading a document, so that a watcher can grant each its own time."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What runs now; entered again for each page where pages take long."""

    DECODE = "decode"  # foreign bytes: parsers, decoders, renderers
    LAYOUT = "layout"  # words to fields and lines
    RECOGNISE = "recognise"  # pixels to words, with models
    SHOW = "show"  # page images and the answer


Enter = Callable[[Stage], None]


def unwatched(_stage: Stage) -> None:
    """For reading in a process that nobody limits."""
