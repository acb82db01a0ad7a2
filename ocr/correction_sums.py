"""Which sums of a printed correction are its own: the difference, not what was or what is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.grid import Table
from ocr.rows import Row
from ocr.table_rows import section_of
from ocr.totals import Amount

_STATES = frozenset({"before", "after"})
_PAYABLE = frozenset({"due", "refund", "paid"})  # said once, under everything
_SIDES = ("net", "vat", "gross")
_DIFFERENCE = 4.0  # weight: as much as a row of sums that is called the difference


def own_sums(
    rows: Sequence[Row], amounts: Sequence[Amount], tables: Sequence[Table]
) -> tuple[list[Amount], list[Table]]:
    """The amounts and tables that may hold a correction's totals, from those of all its states.

    Under titles such as `Przed korektą` and `Po korekcie` stand sums of those states. Where a third
    title names the difference, only it counts; else what is, less what was.
    """
    states = _states(rows)
    if not _STATES & set(states):
        return list(amounts), list(tables)
    kept = [amount for amount in amounts if states[amount.row] not in _STATES]
    kept += [a for a in amounts if a.meaning in _PAYABLE and states[a.row] == states[-1] in _STATES]
    free = [table for table in tables if states[table.heading.first] not in _STATES]
    if "difference" in states:
        return kept, free
    before, after = (_sums([a for a in amounts if states[a.row] == s]) for s in ("before", "after"))
    if not before or not after:
        return list(amounts), list(tables)
    for side in _SIDES:
        less = after[side].value.value - before[side].value.value
        value = replace(after[side].value, value=less, raw="Σ")
        kept.append(replace(after[side], value=value, weight=_DIFFERENCE))
    return kept, free


def _states(rows: Sequence[Row]) -> list[str]:
    """For each row the state that the last title over it names."""
    state = ""
    found: list[str] = []
    for row in rows:
        state = section_of(row) or state
        found.append(state)
    return found


def _sums(amounts: Sequence[Amount]) -> dict[str, Amount]:
    """The sums of one state where all three are told and add up."""
    best = {
        side: max((a for a in amounts if a.meaning == side), key=lambda a: a.weight, default=None)
        for side in _SIDES
    }
    found = {side: amount for side, amount in best.items() if amount is not None}
    if len(found) < len(_SIDES):
        return {}
    net, vat, gross = (found[side].value.value for side in _SIDES)
    return found if abs(net + vat - gross) <= Decimal("0.01") else {}
