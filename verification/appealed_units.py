"""What an appeal adds to a line that was paid already: the same for a preview and its decision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims import earning, paper
from claims.purchase_tables import PurchaseLine
from claims.tables import ClaimLine
from points import reversals
from verification.judging import award_reference

_NONE = Decimal(0)


def was_paid(session: Session, line: ClaimLine) -> bool:
    """Whether a line has its award, also when corrections took all of its units back since.

    A bonus that went over to another line may still stand in that award: whatever else an appeal
    pays of the row has to be a line of its own.
    """
    if line.quantity_accepted or line.rule_version_id is None:
        return bool(line.quantity_accepted)
    return bool(reversals.list_left(session, [award_reference(session, line)]))


@dataclass(frozen=True, slots=True)
class More:
    """What an appeal adds to a row, as the document counts.

    `shown` is what the row is longer by, so that all lines of it together show what is said of it;
    `payable` is less by what came back of units that nobody was paid for.
    """

    shown: Decimal
    payable: Decimal


def units_more(
    session: Session, line: ClaimLine, *, quantity: Decimal | None, product_id: UUID | None
) -> More | None:
    """By how much this quantity lengthens a line that was paid; None where nothing is added.

    What came back of it in the meantime is no more to be paid, and what the line shows without
    being paid for it was paid to somebody else. Another product makes nothing of a line longer of
    which some units are paid.
    """
    if not was_paid(session, line) or quantity is None:
        return None
    row = None
    if line.purchase_line_id is not None:
        row = session.get(PurchaseLine, line.purchase_line_id, populate_existing=True)
    if product_id not in (None, line.product_id):
        if line.quantity_accepted:
            return None
        # Of goods that came back wholly it may be said that they were more, and something else.
        shown = payable = quantity - (row.printed_returned if row else _NONE)
    else:
        had = (line.quantity_accepted or _NONE) + (row.quantity_returned if row else _NONE)
        shown = quantity - (line.quantity or _NONE)
        payable = min(shown, quantity - had / line.units_per_quantity)
    return More(shown, payable) if payable > 0 else None


def value_of(line: ClaimLine, printed: Decimal) -> Decimal | None:
    """What so many more units of a row cost (zł), by what its paid line says of its own."""
    return earning.value_of(line, printed * line.units_per_quantity)


def keep_payable(session: Session, added: ClaimLine, more: More) -> None:
    """Give back what a row of its own took above what is payable of it."""
    most = more.payable * added.units_per_quantity
    over = (added.quantity_accepted or _NONE) - most
    if over > 0 and added.purchase_line_id is not None:
        paper.free_units(session, row_id=added.purchase_line_id, quantity=over)
        added.quantity_accepted = most
        session.add(added)
        session.flush()
