"""What an appeal adds to a line that was paid already: the same for a preview and its decision."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims.purchase_tables import PurchaseLine
from claims.tables import ClaimLine


def units_more(
    session: Session, line: ClaimLine, *, quantity: Decimal | None, product_id: UUID | None
) -> Decimal | None:
    """By how much this quantity lengthens a line that was paid, as the document counts.

    What came back of it in the meantime is no more to be paid; another product makes nothing of
    it longer. None where nothing is added.
    """
    if not line.quantity_accepted or quantity is None or product_id not in (None, line.product_id):
        return None
    row = None
    if line.purchase_line_id is not None:
        row = session.get(PurchaseLine, line.purchase_line_id, populate_existing=True)
    had = line.quantity_accepted + (row.quantity_returned if row else Decimal(0))
    more = quantity - had / line.units_per_quantity
    return more if more > 0 else None
