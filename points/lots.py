"""Lots: which award each point of an account came from, and the day it expires.

Every function here runs after the posting that moved the points, so the account is locked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from points.ledger import InsufficientPoints
from points.tables import LotUse, PointLot

# Points of an order that the house cancels on or after their last day can still be spent, once.
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


def use(
    session: Session, *, account: str, reference: str, points: int, on: date | None = None
) -> None:
    """Take points from the oldest lots; with `on` only from those that are still good that day.

    Raises `InsufficientPoints`: nothing that was written may stay then.
    """
    good = sa.true() if on is None else col(PointLot.expires_on) >= on
    left = points
    lots = session.exec(
        select(PointLot)
        .where(PointLot.account == account, PointLot.remaining > 0, good)
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


def put_off(lot: PointLot, *, on: date) -> None:
    """Days of grace for points that the house gives back on or after their last day."""
    if lot.expires_on <= on:
        lot.expires_on, lot.graced = on + GRACE, True


def use_of(session: Session, lot: PointLot, *, reference: str, points: int) -> None:
    """Take points from this very lot."""
    lot.remaining, lot.used = lot.remaining - points, lot.used + points
    session.add_all([lot, LotUse(lot_id=lot.id, reference=reference, points=points)])


def give_back(session: Session, *, hold_reference: str, points: int, on: date, grace: bool) -> None:
    """Return held points to the lots they came from.

    With `grace` what expired meanwhile gets days of grace, once a lot: whoever orders and cancels
    would otherwise put the last day off for ever. Without it such points expire with the next run.
    """
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
        if grace and not lot.graced and lot.expires_on <= on:
            lot.expires_on, lot.graced = on + GRACE, True
        session.add_all([taken, lot])
        left = left - back
        if left == 0:
            break
    assert left == 0, "more points were released than were held"
    session.flush()
