"""Re-adds the stock: each lot against its book and its allocations. Names what does not hold."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from logistics.states import AllocationStatus
from logistics.tables import Allocation, Lot, MovementKind, StockMovement

# What a movement does to the units on hand; a count is written with its sign.
_IN = (MovementKind.RECEIVED, MovementKind.RETURNED, MovementKind.COUNTED)
_OUT = (MovementKind.SHIPPED, MovementKind.WRITTEN_OFF)


def faults(session: Session) -> list[str]:
    """stock + reserved + issued = received, for every lot. Reads all of it."""
    booked: Any = (
        sa.select(
            col(StockMovement.lot_id),
            sa.func.sum(
                sa.case(
                    (col(StockMovement.kind).in_(_IN), col(StockMovement.quantity)),
                    (col(StockMovement.kind).in_(_OUT), -col(StockMovement.quantity)),
                    else_=0,
                )
            ).label("on_hand"),
        )
        .group_by(col(StockMovement.lot_id))
        .subquery()
    )
    set_aside: Any = (
        sa.select(col(Allocation.lot_id), sa.func.sum(col(Allocation.quantity)).label("reserved"))
        .where(col(Allocation.status).in_([AllocationStatus.RESERVED, AllocationStatus.PICKED]))
        .group_by(col(Allocation.lot_id))
        .subquery()
    )
    there = sa.func.coalesce(booked.c.on_hand, 0)
    aside = sa.func.coalesce(set_aside.c.reserved, 0)
    rows = session.execute(
        sa.select(col(Lot.number), col(Lot.on_hand), there, col(Lot.reserved), aside)
        .join_from(Lot, booked, booked.c.lot_id == col(Lot.id), isouter=True)
        .join(set_aside, set_aside.c.lot_id == col(Lot.id), isouter=True)
        .where(sa.or_(col(Lot.on_hand) != there, col(Lot.reserved) != aside))
        .order_by(col(Lot.number))
    )
    return [
        f"stock lot {number}: {on_hand} on hand, book {book}; {reserved} reserved, orders {orders}"
        for number, on_hand, book, reserved, orders in rows
    ]
