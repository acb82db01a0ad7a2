"""Finds the row of the original invoice that each row of its correction changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ocr.corrections import ZERO, net_value
from ocr.reading import Line
from ocr.same_goods import product_keys, same_product

_CENT = Decimal("0.01")
_ROUNDED = Decimal("0.01")  # share of a price
_MUCH_LESS = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row of a correction does to the original.

    `original` is the original's line position, None when none or several fit. `units` never takes
    back more than the original row sold; None, or a doubt, means that a person decides. `doubt` is
    a stable word, empty when there is none. `before` is what the correction itself says of the
    original's quantity, where it does.
    """

    position: int
    original: int | None
    units: Decimal | None
    doubt: str = ""
    before: Decimal | None = field(default=None, compare=False)


def against(original: Sequence[Line], correction: Sequence[Line]) -> tuple[RowChange, ...]:
    """Lay the rows of a correction, with their deltas set, on those of its original.

    Rows that change nothing are left out. Several corrections of one original are applied in the
    order of their acceptance: pass the original's lines with what is left of their quantities.
    """
    known: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for row in original:
        for key in product_keys(row):
            known[key].append(row)
    left = {row.position: row.quantity.value for row in original if row.quantity}
    rows = [row for row in correction if row.unit_delta != 0 or row.value_delta]
    found = [_candidates(row, known) for row in rows]
    rows = _netted(rows, found)
    before = _before(correction, known)
    changes = []
    for row, lines in zip(rows, found, strict=True):
        change = _against_one(row, lines, left)
        if change.original is not None:
            change = replace(change, before=before.get(change.original))
        if change.original is not None and change.units:
            left[change.original] = left.get(change.original, ZERO) + change.units
        changes.append(change)
    return tuple(changes)


def _netted(rows: Sequence[Line], found: Sequence[Sequence[Line]]) -> list[Line]:
    """Rows that take from an original and give to it: the last carries what is left of both.

    Else a price cut that is written as a storno would take everything back, and sell it anew.
    """
    touching: defaultdict[int, list[int]] = defaultdict(list)
    for index, lines in enumerate(found):
        if len(lines) == 1 and rows[index].unit_delta:
            touching[lines[0].position].append(index)
    netted = list(rows)
    for indexes in touching.values():
        units = [rows[i].unit_delta or ZERO for i in indexes]
        if min(units) < 0 < max(units) and len({_unit(rows[i]) for i in indexes}) == 1:
            values = [rows[i].value_delta for i in indexes]
            value = None if None in values else sum((v for v in values if v is not None), ZERO)
            for i in indexes:
                netted[i] = replace(rows[i], unit_delta=ZERO, value_delta=ZERO)
            last = rows[indexes[-1]]
            netted[indexes[-1]] = replace(last, unit_delta=sum(units, ZERO), value_delta=value)
    return netted


def _before(
    correction: Sequence[Line], known: Mapping[tuple[str, str], Sequence[Line]]
) -> dict[int, Decimal | None]:
    """The quantity before the correction, by the original's line; None where it was not read."""
    found: dict[int, Decimal | None] = {}
    for row in correction:
        lines = _candidates(row, known) if row.before else ()
        if len(lines) != 1:
            continue
        so_far = found.get(lines[0].position, ZERO)
        said = None if row.quantity is None or so_far is None else so_far + abs(row.quantity.value)
        found[lines[0].position] = said
    return found


def _candidates(row: Line, known: Mapping[tuple[str, str], Sequence[Line]]) -> list[Line]:
    """Rows of the same goods, narrowed down by row identity and price while several are left."""
    near = {line.position: line for key in product_keys(row) for line in known.get(key, ())}
    found = [line for _, line in sorted(near.items()) if same_product(line, row)]
    for same in (_same_id, _same_number, _same_price):
        if len(found) > 1:
            found = [line for line in found if same(line, row)] or found
    return found


def _same_id(line: Line, row: Line) -> bool:
    return bool(row.row_id) and line.row_id == row.row_id


def _same_number(line: Line, row: Line) -> bool:
    return bool(row.printed_number) and line.printed_number == row.printed_number


def _same_price(line: Line, row: Line) -> bool:
    one = line.unit_price_net or line.unit_price_gross
    other = row.unit_price_net or row.unit_price_gross
    return one is not None and other is not None and one.value == other.value


def _against_one(row: Line, found: Sequence[Line], left: dict[int, Decimal]) -> RowChange:
    if not found:
        return RowChange(row.position, None, row.unit_delta, "correction-row-not-found")
    if len(found) > 1:
        return RowChange(row.position, None, row.unit_delta, "correction-row-ambiguous")
    line = found[0]
    if row.unit_delta is None:
        return RowChange(row.position, line.position, None, "correction-units-unknown")
    if line.unit and row.unit and _unit(line) != _unit(row):
        return RowChange(row.position, line.position, None, "correction-unit-changed")
    sold = net_value(line)
    if row.unit_delta == 0 and row.value_delta is not None and sold:
        # A price row that leaves nothing of the line's value is a return in disguise.
        if abs(sold + row.value_delta) <= _CENT:
            return RowChange(row.position, line.position, None, "correction-cancels-line")
        return RowChange(row.position, line.position, ZERO)
    if _priced_otherwise(line, row):
        return RowChange(row.position, line.position, None, "correction-price-differs")
    if row.unit_delta < 0 and left.get(line.position, ZERO) + row.unit_delta < 0:
        units = -left.get(line.position, ZERO)
        return RowChange(row.position, line.position, units, "correction-exceeds-original")
    if row.unit_delta > 0:
        return RowChange(row.position, line.position, row.unit_delta, "correction-raises-quantity")
    return RowChange(row.position, line.position, row.unit_delta)


def _priced_otherwise(line: Line, row: Line) -> bool:
    """Whether a difference row counts units at a price that they were not sold at.

    `60 x 0.50` on goods sold at 10.00 is a dearer price as likely as 60 more of them; a return is
    priced lower where a discount came between, but hardly at less than half.
    """
    if not row.unit_delta or row.quantity is None or abs(row.quantity.value) != abs(row.unit_delta):
        return False
    listed = row.unit_delta < 0 < row.quantity.value and not row.before  # of a credit note
    for one, other in (
        (line.unit_price_net, row.unit_price_net),
        (line.unit_price_gross, row.unit_price_gross),
    ):
        if one is not None and other is not None and one.value > 0:
            share = other.value / one.value
            exactly = row.unit_delta > 0 or listed
            return abs(share - 1) > _ROUNDED if exactly else share < _MUCH_LESS
    return False


def _unit(row: Line) -> str:
    return row.unit.value.strip(" .").casefold() if row.unit else ""
