"""What the rows of a Polish correcting invoice change, in units and in value.

Eight encodings are in use: A before and after rows; B a price difference; C a quantity difference;
D data only; E a collective discount without rows; F the same with descriptive rows; G a correction
to zero because the buyer was wrong; H the old row with a minus and the new one with a plus, both
unmarked (storno). Summing the printed quantities would be wrong for most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from ocr.reading import Line
from ocr.same_goods import ALIKE, Group, grouped, name_key, row_key, tangled, unit_key

ZERO = Decimal(0)
_CENT = Decimal("0.01")
_SIMILAR = 60  # of 100: names that may mean the same goods
_NUMERIC_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?", re.ASCII)
_UNTAXED = frozenset({"0", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np", "np I", "np II"})
# That goods came back "from the buyer" makes nobody the wrong one: a word for wrong must be near,
# or the tax number itself be the matter (and not merely be told).
_WRONG = (
    r"(?:b[łl][ęe]d|z[łl](?:y|ego|emu|ym|a|ą|ej|e)\b|niew[łl]a[śs]ciw|niepoprawn|nieprawid[łl]ow"
    r"|pomy[łl]|omy[łl])"
)
_WRONG_BUYER = re.compile(
    rf"{_WRONG}.{{0,40}}(?:nabywc|odbiorc)|(?:nabywc|odbiorc).{{0,40}}{_WRONG}"
    r"|\bnip(?:u|em)?\b(?![\s:.-]*(?:pl)?[\s-]*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the rest of a correction says; amounts are differences."""

    total_due: Decimal | None = None  # P_15
    total_net: Decimal | None = None  # sum of P_13_*
    buyer_changed: bool = False  # Podmiot2K is there
    for_a_period: bool = False  # OkresFaKorygowanej
    originals: int = 1
    reason: str = ""
    advance: bool = False  # KOR_ZAL: goods were never credited
    rows_sum_up: bool = True  # not on KOR_ROZ, where only the rest to pay may change


@dataclass(frozen=True, slots=True)
class Change:
    """What one row changes: units, net value (gross where no rate is known), and open questions."""

    units: Decimal | None
    value: Decimal | None
    doubt: str = ""  # a finding's code, empty when nothing is in doubt


@dataclass(frozen=True, slots=True)
class Effect:
    """The encoding's letter (two when rows mix), one change per row, why a person must look."""

    encoding: str
    changes: tuple[Change, ...]
    doubts: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        return bool(self.doubts) or any(change.doubt for change in self.changes)


def effect(rows: Sequence[Line], header: Header) -> Effect:
    """Say what a correction does. `rows` are its lines in document order, with `before` set."""
    if header.advance:
        none = tuple(Change(ZERO, ZERO) for _ in rows)
        return Effect(_letter_of(rows) or _empty(header), none)
    if not rows:
        return _without_rows(header)
    doubts: tuple[str, ...] = ()
    if any(row.before for row in rows):
        groups = grouped(rows)
        encoding, changes = "A", _before_and_after(rows, groups)
        doubts += ("correction-tangled",) if tangled(groups) else ()
    else:
        encoding, changes, doubts = _differences(rows)
    if encoding != "F" and _to_zero(rows, changes) and _of_wrong_buyer(header):
        encoding = "G"
    if encoding != "F" and header.rows_sum_up and not _adds_up(rows, changes, header):
        doubts += ("correction-sum-mismatch",)
    return Effect(encoding, tuple(changes), doubts)


def _letter_of(rows: Sequence[Line]) -> str:
    if any(row.before for row in rows):
        return "A"
    return _differences(rows)[0] if rows else ""


def _of_wrong_buyer(header: Header) -> bool:
    return header.buyer_changed or _WRONG_BUYER.search(header.reason) is not None


def _before_and_after(rows: Sequence[Line], groups: Sequence[Group]) -> list[Change]:
    renamed = _renamed(rows, groups)
    changes = [Change(ZERO, ZERO)] * len(rows)
    for group in groups:
        units, unit_doubt = _net_units(rows, group)
        value, value_doubt = _net_value_change(rows, group)
        doubt = unit_doubt or value_doubt
        if _negative_state(rows, group):
            # Was it written as a difference, or with the minus of a storno?
            units, value, doubt = None, None, "correction-signs-unclear"
        if not doubt and any(index in renamed for index in group.members):
            doubt = "correction-row-renamed"
        changes[(group.after or group.before)[-1]] = Change(units, value, doubt)
    return changes


def net_value(row: Line) -> Decimal | None:
    """The printed net value, else the gross value less its tax, to the cent; None if neither."""
    if row.line_net is not None:
        return row.line_net.value
    if row.line_gross is None:
        return None
    rate = row.vat_rate.value if row.vat_rate else ""
    if _NUMERIC_RATE.fullmatch(rate):
        share = 1 + Decimal(rate.replace(",", ".")) / 100
        return (row.line_gross.value / share).quantize(_CENT)
    return row.line_gross.value if rate in _UNTAXED else None


def _renamed(rows: Sequence[Line], groups: Sequence[Group]) -> set[int]:
    """Rows that share a row number with one of the other state, yet not the goods' name.

    A corrected misprint and exchanged goods look alike here: only a person can tell.
    """
    lonely = [g for g in groups if not g.before or not g.after]
    removed: defaultdict[str, list[int]] = defaultdict(list)
    for index in (i for g in lonely for i in g.before):
        removed[row_key(rows[index])].append(index)
    doubtful: set[int] = set()
    for new in (i for g in lonely for i in g.after):
        for old in removed[row_key(rows[new])][:ALIKE] if row_key(rows[new]) else ():
            one, other = rows[old], rows[new]
            if not (one.gtin and other.gtin) and not (one.article_no and other.article_no):
                doubtful |= {old, new}
    return doubtful


def _net_units(rows: Sequence[Line], group: Group) -> tuple[Decimal | None, str]:
    members = [rows[i] for i in group.members]
    if all(row.quantity is None for row in members):
        return ZERO, ""
    if any(row.quantity is None for row in members):
        return None, "correction-quantity-missing"
    if len({unit_key(row) for row in members if row.unit is not None}) > 1:
        return None, "correction-unit-changed"
    after = sum((q.value for i in group.after if (q := rows[i].quantity)), ZERO)
    return after - sum((q.value for i in group.before if (q := rows[i].quantity)), ZERO), ""


def _net_value_change(rows: Sequence[Line], group: Group) -> tuple[Decimal | None, str]:
    values = {i: net_value(rows[i]) for i in group.members}
    if all(value is None for value in values.values()):
        return ZERO, ""
    # A row with a quantity of zero needs no value to be understood.
    for i, value in values.items():
        quantity = rows[i].quantity
        if value is None and quantity is not None and quantity.value == 0:
            values[i] = ZERO
    known = {i: value for i, value in values.items() if value is not None}
    if len(known) < len(values):
        return None, "correction-value-missing"
    change = sum((known[i] for i in group.after), ZERO)
    return change - sum((known[i] for i in group.before), ZERO), ""


def _negative_state(rows: Sequence[Line], group: Group) -> bool:
    """Whether a row that tells a state, not a difference, is below nought."""
    told = (rows[i] for i in group.members)
    values = (v for row in told for v in (row.quantity, row.line_net, row.line_gross) if v)
    return any(v.value < 0 for v in values)


def _differences(rows: Sequence[Line]) -> tuple[str, list[Change], tuple[str, ...]]:
    """Rows that show differences only: their letters, their changes, why a person must look."""
    judged = [_difference(row) for row in rows]
    letters = [letter for letter, _ in judged]
    changes = [change for _, change in judged]
    counted = [i for i, change in enumerate(changes) if change.units]
    minus, plus = ([i for i in counted if (changes[i].units or 0) * s < 0] for s in (1, -1))
    doubts: tuple[str, ...] = ()
    if minus and plus:
        groups = grouped([rows[i] for i in counted])
        doubts += ("correction-tangled",) if tangled(groups) else ()
        alone: list[int] = []
        for group in groups:
            members = [counted[i] for i in group.members]
            if len({(changes[i].units or 0) > 0 for i in members}) == 1:
                alone += members
                continue
            for i in members:
                letters[i] = "H"
            net = _storno([rows[i] for i in members], [changes[i] for i in members])
            for i in members:
                changes[i] = Change(ZERO, ZERO)
            changes[members[-1]] = net
        for i in _maybe_storno(rows, changes, sorted(alone)):
            changes[i] = Change(None, changes[i].value, "correction-row-renamed")
    return "".join(sorted(set(letters) - {"F"})) or "F", changes, doubts


def _storno(rows: Sequence[Line], changes: Sequence[Change]) -> Change:
    """What is left when goods are taken back and put down anew."""
    values = [change.value for change in changes]
    value = None if None in values else sum((v for v in values if v is not None), ZERO)
    if len({unit_key(row) for row in rows if row.unit is not None}) > 1:
        return Change(None, value, "correction-unit-changed")
    units = sum((change.units for change in changes if change.units), ZERO)
    return Change(units, value, "" if value is not None else "correction-value-missing")


def _maybe_storno(
    rows: Sequence[Line], changes: Sequence[Change], alone: Sequence[int]
) -> list[int]:
    """Rows of one sign that another row may take back, though not surely of the same goods."""
    minus = [i for i in alone if (changes[i].units or 0) < 0]
    plus = [i for i in alone if (changes[i].units or 0) > 0]
    by_mark: defaultdict[tuple[str, object], list[int]] = defaultdict(list)
    for i in minus:
        by_mark["count", -(changes[i].units or 0)].append(i)
        by_mark["row", row_key(rows[i])].append(i)
    found: set[int] = set()
    for i in plus:
        near = [*by_mark["count", changes[i].units]]
        near += by_mark["row", row_key(rows[i])] if row_key(rows[i]) else []
        name = name_key(rows[i])
        near += [j for j in minus[:ALIKE] if fuzz.ratio(name, name_key(rows[j])) >= _SIMILAR]
        if near:
            found |= {i, *near}
    return sorted(found)


def _difference(row: Line) -> tuple[str, Change]:
    """One row of a correction that shows differences only: its letter and its change."""
    quantity = row.quantity.value if row.quantity else None
    price = row.unit_price_net or row.unit_price_gross
    valued = row.line_net or row.line_gross
    if valued is None:
        if quantity is not None and quantity < 0:
            return "C", Change(None, None, "correction-value-missing")
        return "F", Change(ZERO, ZERO)
    value, printed = net_value(row), valued.value
    if not quantity:
        return "B", Change(ZERO, value)
    if quantity < 0 and price is not None and price.value < 0:
        return "C", Change(None, value, "correction-signs-unclear")
    if (price is not None and price.value < 0) or (printed < 0 and quantity > 0):
        # 10 pieces at 5.00 worth -50.00: a price cut to nothing, or goods sent back?
        if price is not None and price.value > 0 and abs(quantity * price.value + printed) <= _CENT:
            return "B", Change(None, value, "correction-cancels-line")
        return "B", Change(ZERO, value)
    if printed == 0 or (printed > 0) != (quantity > 0):
        return "C", Change(None, value, "correction-signs-unclear")
    return "C", Change(quantity, value)


def _without_rows(header: Header) -> Effect:
    encoding = _empty(header)
    alone = encoding == "E" and not header.for_a_period and header.originals <= 1
    return Effect(encoding, (), ("correction-without-rows",) if alone else ())


def _empty(header: Header) -> str:
    return "E" if header.total_due or header.total_net else "D"


def _to_zero(rows: Sequence[Line], changes: Sequence[Change]) -> bool:
    """Whether nothing is left of what the rows name."""
    if any(row.before for row in rows):
        left = [row.quantity or row.line_net or row.line_gross for row in rows if not row.before]
        return all(value is not None and value.value == 0 for value in left)
    return all(change.units is not None and change.units < 0 for change in changes)


def _adds_up(rows: Sequence[Line], changes: Sequence[Change], header: Header) -> bool:
    """Whether the rows explain the stated difference; unknown counts as yes."""
    values = [change.value for change in changes]
    if header.total_net is None or any(value is None for value in values):
        return True
    total = sum((value for value in values if value is not None), ZERO)
    return abs(total - header.total_net) <= _CENT * (len(rows) + 1)
