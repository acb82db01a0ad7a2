"""The order of time: what happens in the demo, each act at its moment."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from sqlmodel import Session

from core.runtime import App
from demo.world import World

Act = Callable[[Session, datetime], None]


@dataclass(slots=True)
class Story:
    """What happens, in time: acts are added with their moment and may add later ones."""

    app: App
    world: World
    now: datetime
    rng: Random
    waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    done: int = 0
    appealed: bool = False
    answered: bool = False
    shortened: bool = False

    def at(self, moment: datetime, act: Act) -> None:
        if moment <= self.now:
            heapq.heappush(self.waiting, (moment, next(self.order), act))

    def play(self, session: Session) -> None:
        """Run everything that is due, in the order of time."""
        while self.waiting:
            moment, _, act = heapq.heappop(self.waiting)
            act(session, moment)
            self.done += 1
