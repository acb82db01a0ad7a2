"""Job names and what they do: the allow-list of background work. One line per job."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.queue import Job
from workers import sweep
from workers.runtime import Handler
from workers.schedule import Turn

SWEEP = Job("workers.sweep")
ANCHOR = Job("workers.anchor")

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        SWEEP.name: Handler(sweep.sweep),
        ANCHOR.name: Handler(sweep.anchor),
    }
)

TURNS = (
    Turn(SWEEP, every_s=3600),
    Turn(ANCHOR, every_s=3600),
)
