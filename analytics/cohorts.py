"""How many firms a freely chosen group may be said to have, so that none is found by subtraction.

Whoever makes segments can ask for one and for nearly the same again. So sizes are told in steps of
five, and a group that differs by one to four firms from all firms, or from a group that was there
before it, is only said to have five or more. Steps also spoil sums of more than two groups, from
which a small one could be computed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from analytics.disclosure import FEWEST_FIRMS, enough

K = TypeVar("K")
# What is told of one to four firms: that there are fewer than five.
FEW = -1


def told(
    cohorts: Mapping[K, AbstractSet[str]], *, others: Iterable[AbstractSet[str]]
) -> dict[K, int]:
    """At least how many firms each cohort has; 0 is none, and `FEW` is one to four.

    `cohorts` in the order in which they were made, those that nobody looks at any more included;
    `others` are groups whose sizes are told elsewhere, first of all that of everybody.
    """
    before: list[AbstractSet[str]] = list(others)
    said: dict[K, int] = {}
    for key, firms in cohorts.items():
        size = len(firms)
        if not enough(size):
            said[key] = FEW if size else 0
        elif _near(firms, before):
            said[key] = FEWEST_FIRMS
        else:
            said[key] = size - size % FEWEST_FIRMS
        before.append(firms)
    return said


def _near(firms: AbstractSet[str], others: Sequence[AbstractSet[str]]) -> bool:
    """Whether one of the others has one to four firms more, or lacks one to four."""
    return any(
        0 < len(difference) < FEWEST_FIRMS
        for other in others
        for difference in (firms - other, other - firms)
    )
