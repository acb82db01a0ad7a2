"""The invoices that a correction speaks of, and what its rows say of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims import corrections, paper, queries
from claims.correction_tables import Correction, CorrectionOriginal, CorrectionStatus
from claims.tables import ClaimLine
from core.money import to_amount
from ocr import correction_match
from ocr.codec import decode
from ocr.correction_match import RowChange
from ocr.reading import Line, Reading, Value
from verification import typed_rows

_OPEN = (CorrectionStatus.WAITING, CorrectionStatus.NEEDS_PERSON)
BEFORE_DIFFERS = "correction-before-differs"

Place = tuple[UUID, int]  # a purchase and the position of its line


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read of a line's return: `quantity` in its printed unit, None where it is in doubt.

    `rows` are the correction's own, `doubt` is the first stable word of what is not sure.
    """

    quantity: Decimal | None
    rows: tuple[int, ...]
    doubt: str = ""


def original_lines(session: Session, purchase_id: UUID) -> list[Line]:
    """The lines of a purchase as people confirmed them, with what earlier corrections left."""
    return [
        one.line if one.left is None else replace(one.line, quantity=Value(one.left))
        for one in _kept_lines(session, purchase_id)
    ]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A line as it was read, and what is left of it as people confirmed it and as it was read.

    `typed_as` is the product of a line that no reader saw: a person typed it.
    """

    line: Line
    left: Decimal | None
    shown: Decimal | None
    typed_as: UUID | None = None


def _kept_lines(session: Session, purchase_id: UUID) -> list[_Kept]:
    claim = paper.fullest_claim(session, purchase_id)
    if claim is None:
        return []
    rows = queries.list_lines(session, claim.id)
    reading = queries.find_reading(session, claim.id)
    # A document that was forgotten, or of which a person typed everything, leaves the claim's own.
    lines = (reading.lines if reading else ()) or [_of_claim(row) for row in rows]
    typed = {row.position: row for row in typed_rows.typed_among(rows)}
    there = {line.position for line in lines}
    lines = [*lines, *(_of_claim(row) for place, row in typed.items() if place not in there)]
    by_place = {row.position: row for row in rows}
    known = paper.rows_of(session, purchase_id, claim.id)
    made = []
    for line in lines:
        row, stored = by_place.get(line.position), known.get(line.position)
        gone = Decimal(0)
        if row is not None and stored is not None:
            # What corrections sold besides is there as well.
            gone = stored.printed_returned - stored.quantity_raised / row.units_per_quantity
        left = shown = None
        if row is not None and row.quantity is not None:
            left = max(row.quantity - gone, Decimal(0))
        if line.quantity is not None:
            shown = max(line.quantity.value - gone, Decimal(0))
        known_as = typed[line.position].product_id if line.position in typed else None
        made.append(_Kept(line, left, shown, known_as))
    return made


def _of_claim(row: ClaimLine) -> Line:
    """A line as a claim keeps it, without the document: the price may be net or gross."""
    net = row.line_net_grosze
    return Line(
        position=row.position,
        description=Value(row.description) if row.description else None,
        unit=Value(row.unit) if row.unit else None,
        unit_price_net=Value(row.unit_price) if row.unit_price is not None else None,
        line_net=Value(to_amount(net)) if net is not None else None,
        gtin=Value(row.gtin) if row.gtin else None,
        article_no=Value(row.seller_index) if row.seller_index else None,
    )


def purchases_of(
    session: Session, correction: Correction, originals: Sequence[CorrectionOriginal]
) -> list[UUID] | None:
    """The purchases that a correction speaks of; `None` while it has to wait.

    An original may itself be a correction: then the chain is applied in its order.
    """
    found: list[UUID] = []
    unknown = 0
    for original in originals:
        if original.purchase_id is not None:
            found.append(original.purchase_id)
            continue
        earlier = corrections.list_named(session, correction, original)
        if not earlier:
            unknown += 1
        theirs = {one.id: _known_purchases(session, one) for one in earlier}
        # Of several with one number, one whose originals nobody claimed keeps nothing waiting.
        if any(one.status in _OPEN and (theirs[one.id] or len(theirs) == 1) for one in earlier):
            return None
        found += [purchase_id for known in theirs.values() for purchase_id in known]
    if unknown and not found:
        return None
    return list(dict.fromkeys(found))


def _known_purchases(session: Session, correction: Correction) -> list[UUID]:
    originals = corrections.list_originals(session, correction.id)
    return [one.purchase_id for one in originals if one.purchase_id is not None]


@dataclass(frozen=True, slots=True)
class Laid:
    """What one row of a correction changes of which line.

    `sold` is what the document shows of the line where a person accepted less of it.
    """

    place: Place | None
    change: RowChange
    sold: Decimal | None = None


def laid(session: Session, reading: Reading, linked: Sequence[UUID]) -> list[Laid]:
    """What each row of a correction changes, with the line that it fits.

    A person may have accepted less than a line shows, or read it better: only the correction's own
    word on what was there before tells which. Where it tells neither it is in doubt.
    """
    kept: dict[int, tuple[Place, _Kept]] = {}
    lines: list[Line] = []
    for purchase_id in linked:
        for one in _identified(session, purchase_id, reading):
            number = len(lines) + 1
            kept[number] = ((purchase_id, one.line.position), one)
            most = max((x for x in (one.left, one.shown) if x is not None), default=None)
            quantity = Value(most) if most is not None else None
            lines.append(replace(one.line, position=number, quantity=quantity))
    return [
        Laid(None, change) if change.original is None else _on_line(*kept[change.original], change)
        for change in correction_match.against(lines, reading.lines)
    ]


def _identified(session: Session, purchase_id: UUID, reading: Reading) -> list[_Kept]:
    """The lines of a purchase, those that a person typed with what the correction calls them."""
    kept = _kept_lines(session, purchase_id)
    typed = [one for one in kept if one.typed_as is not None]
    named = typed_rows.identified(
        session,
        purchase_id=purchase_id,
        typed=[(one.typed_as, one.line) for one in typed],
        seen=[one.line for one in kept if one.typed_as is None],
        correction=reading.lines,
    )
    renamed = {line.position: line for line in named}
    return [replace(one, line=renamed.get(one.line.position, one.line)) for one in kept]


def _on_line(place: Place, kept: _Kept, change: RowChange) -> Laid:
    left, shown = kept.left, kept.shown
    if not change.units or left is None:
        return Laid(place, change)
    if change.before is not None:
        fits = change.before == left
        as_read = change.before == shown
    else:
        fits = shown in (None, left)
        as_read = shown is not None and -change.units >= max(left, shown)  # All of it came back.
    if fits:
        return Laid(place, change)
    if as_read and kept.line.quantity is not None:
        return Laid(place, change, kept.line.quantity.value)
    return Laid(place, replace(change, doubt=change.doubt or BEFORE_DIFFERS))


def read_back(session: Session, correction: Correction) -> dict[Place, ReadBack]:
    """What the document says came back of each line, for a person to confirm; decides nothing.

    A row in doubt, or one that fits no single line, leaves its quantity to the person.
    """
    originals = corrections.list_originals(session, correction.id)
    linked = purchases_of(session, correction, originals) or []
    if not linked:
        return {}
    found: dict[Place, ReadBack] = {}
    for one in laid(session, decode(Reading, correction.reading), linked):
        place, change = one.place, one.change
        if place is None:
            continue
        if one.sold is not None:
            change = replace(change, doubt=change.doubt or BEFORE_DIFFERS)
        before = found.get(place, ReadBack(Decimal(0), ()))
        quantity = None
        if not change.doubt and None not in (change.units, before.quantity):
            quantity = before.quantity - change.units  # type: ignore[operator]
        found[place] = ReadBack(
            quantity, (*before.rows, change.position), before.doubt or change.doubt
        )
    return found


def answers(read: Mapping[Place, ReadBack], said: Mapping[Place, Decimal]) -> str:
    """What was read of each line and what a person said: `2: 20 → 18; 5: ? → 3`."""
    kept = []
    for place in sorted(read.keys() | {place for place, told in said.items() if told}):
        seen = read[place].quantity if place in read else Decimal(0)
        kept.append(f"{place[1]}: {_plain(seen)} → {_plain(said.get(place, Decimal(0)))}")
    return "; ".join(kept)


def _plain(quantity: Decimal | None) -> str:
    return "?" if quantity is None else f"{quantity.normalize():f}"
