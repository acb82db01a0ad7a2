"""Groups of fewer than five firms are not shown, also not by subtraction. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST_FIRMS = 5
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Group(Generic[K]):
    """A group of participants: its key, how many firms are in it, and its size by what is shown."""

    key: K
    firms: int
    size: float


def enough(firms: int) -> bool:
    return firms >= FEWEST_FIRMS


def hidden(groups: Iterable[Group[K]]) -> frozenset[K]:
    """The keys that must be shown together as "others".

    One small group alone could be found by taking the others from the total. So the smallest groups
    that would be shown join it, until five firms or more stand behind what is put together.
    """
    ordered = sorted(groups, key=lambda group: (group.firms, group.size, str(group.key)))
    small = [group for group in ordered if 0 < group.firms < FEWEST_FIRMS]
    if not small:
        return frozenset()
    rest = [group for group in ordered if group.firms >= FEWEST_FIRMS]
    if sum(group.firms for group in small) < FEWEST_FIRMS and rest:
        small.append(rest[0])
    return frozenset(group.key for group in small)
