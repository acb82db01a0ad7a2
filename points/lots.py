"""Lots: which award each point of an account came from, and the day it expires.

Every function here runs after the posting that moved the points, so the account is locked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from points.ledger import InsufficientPoints
from points.tables import LotUse, PointLot

# Points that come back from a cancelled order on or after their last day can still be spent.
GRACE = timedelta(days=30)


def open_lot(
    session: Session, *, account: str, reference: str, points: int, expires_on: date, at: datetime
) -> PointLot:
    lot = PointLot(
        account=account,
        reference=reference,
        points=points,
        remaining=points,
        expires_on=expires_on,
        created_at=at,
    )
    session.add(lot)
    session.flush()
    return lot


def lock_lot(session: Session, reference: str) -> PointLot | None:
    """The lot of an award, locked. Lock its account first."""
    return session.exec(
        select(PointLot)
        .where(PointLot.reference == reference)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def use(session: Session, *, account: str, reference: str, points: int) -> None:
    """Take points from the oldest lots."""
    left = points
    lots = session.exec(
        select(PointLot)
        .where(PointLot.account == account, PointLot.remaining > 0)
        .order_by(col(PointLot.expires_on), col(PointLot.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for lot in lots:
        taken = min(left, lot.remaining)
        use_of(session, lot, reference=reference, points=taken)
        left = left - taken
        if left == 0:
            break
    if left:
        raise InsufficientPoints(f"{account}: lots lack {left}")
    session.flush()


def use_of(session: Session, lot: PointLot, *, reference: str, points: int) -> None:
    """Take points from this very lot."""
    lot.remaining, lot.used = lot.remaining - points, lot.used + points
    session.add_all([lot, LotUse(lot_id=lot.id, reference=reference, points=points)])


def give_back(session: Session, *, hold_reference: str, points: int, on: date) -> None:
    """Return held points to the lots they came from; what expired meanwhile gets days of grace."""
    left = points
    uses = session.exec(
        select(LotUse, PointLot)
        .join(PointLot, col(PointLot.id) == col(LotUse.lot_id))
        .where(LotUse.reference == hold_reference, LotUse.returned < LotUse.points)
        .order_by(col(PointLot.expires_on).desc(), col(PointLot.id).desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for taken, lot in uses:
        back = min(left, taken.points - taken.returned)
        taken.returned = taken.returned + back
        lot.remaining, lot.used = lot.remaining + back, lot.used - back
        if lot.expires_on <= on:
            lot.expires_on = on + GRACE
        session.add_all([taken, lot])
        left = left - back
        if left == 0:
            break
    assert left == 0, "more points were released than were held"
    session.flush()
