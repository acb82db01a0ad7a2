"""What the rows of a Polish correcting invoice change, in units and in value.

Seven encodings are in use: A before and after rows; B a price difference; C a quantity difference;
D data only; E a collective discount without rows; F the same with descriptive rows; G a correction
to zero because the buyer was wrong. Summing the printed quantities would be wrong for most.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import fuzz

from ocr.reading import Line

ZERO = Decimal(0)
_CENT = Decimal("0.01")
_ALIKE = 64
_MISPRINT = 92  # one letter of a dozen
_NUMERIC_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?", re.ASCII)
_UNTAXED = frozenset({"0", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np", "np I", "np II"})
_WRONG_BUYER = re.compile(r"\bnabywc|\bnip\b|\bodbiorc", re.IGNORECASE)


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
        return Effect("A" if any(row.before for row in rows) else _empty(header), none)
    if not rows:
        return _without_rows(header)
    doubts: tuple[str, ...] = ()
    if any(row.before for row in rows):
        groups = _grouped(rows)
        encoding, changes = "A", _before_and_after(rows, groups)
        doubts += ("correction-tangled",) if _tangled(groups) else ()
    else:
        judged = [_difference(row) for row in rows]
        encoding = "".join(sorted({letter for letter, _ in judged} - {"F"})) or "F"
        changes = [change for _, change in judged]
    if encoding != "F" and _to_zero(rows, changes) and _WRONG_BUYER.search(header.reason):
        encoding = "G"
    if encoding != "F" and header.rows_sum_up and not _adds_up(rows, changes, header):
        doubts += ("correction-sum-mismatch",)
    return Effect(encoding, tuple(changes), doubts)


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


def same_product(one: Line, other: Line) -> bool:
    """Whether two rows of one seller name the same goods: by GTIN, else its index, else by name.

    A misprint in the name is forgiven to rows that carry the same row number, as long as every
    word with a digit and every short mark stays: B16 is not C16.
    """
    for first, second in ((one.gtin, other.gtin), (one.article_no, other.article_no)):
        if first is not None and second is not None:
            return _folded(first.value) == _folded(second.value)
    name, other_name = _name(one), _name(other)
    if not name or not other_name:
        return False
    if name == other_name or _row_key(one) == "" or _row_key(one) != _row_key(other):
        return name == other_name
    return _marks(one) == _marks(other) and fuzz.ratio(name, other_name) >= _MISPRINT


@dataclass(slots=True)
class _Group:
    first: Line
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    @property
    def members(self) -> list[int]:
        return sorted(self.before + self.after)


def _before_and_after(rows: Sequence[Line], groups: Sequence[_Group]) -> list[Change]:
    renamed = _renamed(rows, groups)
    changes = [Change(ZERO, ZERO)] * len(rows)
    for group in groups:
        units, unit_doubt = _net_units(rows, group)
        value, value_doubt = _net_value_change(rows, group)
        doubt = unit_doubt or value_doubt
        if not doubt and any(index in renamed for index in group.members):
            doubt = "correction-row-renamed"
        changes[(group.after or group.before)[-1]] = Change(units, value, doubt)
    return changes


def _grouped(rows: Sequence[Line]) -> list[_Group]:
    """Rows of the same goods together, in document order; linear, since 10,000 rows are legal.

    Goods that agree in one mark and differ in a stronger one are few on an honest document; past
    `_ALIKE` of them the last are looked at, and `_tangled` says so.
    """
    groups: list[_Group] = []
    known: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        keys = product_keys(row)
        candidates = sorted({number for key in keys for number in known[key][-_ALIKE:]})
        for number in candidates:
            if same_product(groups[number].first, row):
                group = groups[number]
                break
        else:
            group = _Group(row)
            for key in keys:
                known[key].append(len(groups))
            groups.append(group)
        (group.before if row.before else group.after).append(index)
    return groups


def _tangled(groups: Sequence[_Group]) -> bool:
    """Whether so many different goods share a mark that rows may have missed their group."""
    if len(groups) <= _ALIKE:
        return False
    sharing = Counter(key for group in groups for key in product_keys(group.first))
    return any(count > _ALIKE for count in sharing.values())


def product_keys(row: Line) -> list[tuple[str, str]]:
    """Under what rows of the same goods can meet."""
    keys = [("name", _name(row))]
    if number := _row_key(row):  # only rows with the same marks can be a misprint of each other
        keys.append(("row", " ".join([number, *_marks(row)])))
    keys += [("gtin", _folded(row.gtin.value))] if row.gtin else []
    keys += [("index", _folded(row.article_no.value))] if row.article_no else []
    return [key for key in keys if key[1]]


def _renamed(rows: Sequence[Line], groups: Sequence[_Group]) -> set[int]:
    """Rows that share a row number with one of the other state, yet not the goods' name.

    A corrected misprint and exchanged goods look alike here: only a person can tell.
    """
    lonely = [g for g in groups if not g.before or not g.after]
    removed: defaultdict[str, list[int]] = defaultdict(list)
    for index in (i for g in lonely for i in g.before):
        removed[_row_key(rows[index])].append(index)
    doubtful: set[int] = set()
    for new in (i for g in lonely for i in g.after):
        for old in removed[_row_key(rows[new])][:_ALIKE] if _row_key(rows[new]) else ():
            one, other = rows[old], rows[new]
            if not (one.gtin and other.gtin) and not (one.article_no and other.article_no):
                doubtful |= {old, new}
    return doubtful


def _row_key(row: Line) -> str:
    return row.row_id or row.printed_number


def _net_units(rows: Sequence[Line], group: _Group) -> tuple[Decimal | None, str]:
    members = [rows[i] for i in group.members]
    if all(row.quantity is None for row in members):
        return ZERO, ""
    if any(row.quantity is None for row in members):
        return None, "correction-quantity-missing"
    if len({_unit(row) for row in members if row.unit is not None}) > 1:
        return None, "correction-unit-changed"
    after = sum((q.value for i in group.after if (q := rows[i].quantity)), ZERO)
    return after - sum((q.value for i in group.before if (q := rows[i].quantity)), ZERO), ""


def _net_value_change(rows: Sequence[Line], group: _Group) -> tuple[Decimal | None, str]:
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


def _unit(row: Line) -> str:
    return re.sub(r"[\s.]", "", row.unit.value).casefold() if row.unit else ""


def _name(row: Line) -> str:
    return _folded(row.description.value) if row.description else ""


def _marks(row: Line) -> list[str]:
    words = [_folded(w) for w in row.description.value.split()] if row.description else []
    return sorted(w for w in words if len(w) <= 3 or any(c.isdigit() for c in w))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    # Points and commas stay: 1,5 and 15 are different cables.
    return re.sub(r"[^\w.,/+-]", "", "".join(c for c in plain if not unicodedata.combining(c)))
