"""A correction's column of states (`było`, `powinno być`, `korekta`) that no heading names."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.grid import Item, Table
from ocr.labels import AFTER, BEFORE, DIFFERENCE, squeeze
from ocr.rows import Token

_LONGEST = 3  # words of a state
_FEWEST = 2  # items


def take_states(table: Table, meanings: Sequence[str]) -> None:
    """Give every item its state and take the words out of its name.

    Only where all items begin with one: a good may be called `Przed…` as well.
    """
    places = [i for i, m in enumerate(meanings) if m in ("name", "")]
    found = [_state(item, places) for item in table.items]
    states = {state for state, _ in found}
    if len(table.items) < _FEWEST or "" in states or len(states) < _FEWEST:
        return
    for item, (state, words) in zip(table.items, found, strict=True):
        item.section = state
        taken = {id(t) for t in words}
        for place in places:
            if place in item.cells:
                item.cells[place] = [t for t in item.cells[place] if id(t) not in taken]


def _state(item: Item, places: Sequence[int]) -> tuple[str, list[Token]]:
    """The state that stands left of the item's name, over one or two rows, and its words."""
    tokens = sorted((t for place in places for t in item.cells.get(place, [])), key=lambda t: t.x0)
    for count in range(min(_LONGEST, len(tokens) - 1), 0, -1):
        words, rest = tokens[:count], tokens[count:]
        if max(t.x1 for t in words) > min(t.x0 for t in rest):
            continue
        key = squeeze("".join(t.text for t in sorted(words, key=lambda t: (t.y0, t.x0))))
        for state, keys in (("before", BEFORE), ("after", AFTER), ("difference", DIFFERENCE)):
            if key in keys:
                return state, words
    return "", []
