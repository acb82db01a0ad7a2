"""What an appeal adds to a line that was paid already: the same for a preview and its decision."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims import earning
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


def units_more(
    session: Session, line: ClaimLine, *, quantity: Decimal | None, product_id: UUID | None
) -> Decimal | None:
    """By how much this quantity lengthens a line that was paid, as the document counts.

    What came back of it in the meantime is no more to be paid, and what the line shows without
    being paid for it was paid to somebody else. Another product makes nothing of a line longer of
    which some units are paid. None where nothing is added.
    """
    if not was_paid(session, line) or quantity is None:
        return None
    row = None
    if line.purchase_line_id is not None:
        row = session.get(PurchaseLine, line.purchase_line_id, populate_existing=True)
    if product_id not in (None, line.product_id):
        # Of goods that came back wholly it may be said that more was sold, and of something else.
        more = _NONE if line.quantity_accepted else quantity - (row.printed_returned if row else 0)
    else:
        had = (line.quantity_accepted or _NONE) + (row.quantity_returned if row else _NONE)
        more = quantity - max(had / line.units_per_quantity, line.quantity or _NONE)
    return more if more > 0 else None


def value_of_more(line: ClaimLine, more: Decimal) -> Decimal | None:
    """What the units that an appeal adds cost (zł), by what the line says of its own."""
    return earning.value_of(line, more * line.units_per_quantity)
