"""Giving back points that a correction had taken of an award: exactly those, where they were found.

What was taken last comes back first, so that the award stands as if only the rest had ever been
taken: a debt is owed no longer, what had expired has expired again, all else can be spent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.clock import local_date
from core.errors import DomainError, Kind
from points import addresses, ledger, lots, reversals
from points.ledger import Move, ReferenceReused
from points.tables import (
    LotUse,
    PointLot,
    PointRestoration,
    PointReversal,
    TransactionKind,
)


class MoreThanTaken(DomainError):
    """More points would come back than corrections took of the award."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "more-than-taken"


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the points had been found (`PointRestoration`); `new` False: it was done before."""

    points: int
    to_active: int
    to_expired: int
    off_debt: int
    new: bool


def restore(session: Session, *, of: str, reference: str, points: int, at: datetime) -> Restored:
    """Give exactly `points` that were taken of the award `of` back to it.

    `reference` is the key: asked again, it answers what it did. A debt that is still owed is paid
    from them at once (`<reference>:set-off`). Points whose day passed meanwhile get days of grace.
    Raises `AwardNotFound`, `MoreThanTaken` (nothing is given), `ReferenceReused`.
    """
    assert points > 0, "a restoration gives something"
    account, program_id = reversals.account_of(session, of)
    debt = reversals.lock(session, account, program_id)
    known = session.exec(
        select(PointRestoration).where(PointRestoration.reference == reference)
    ).first()
    if known is not None:
        if (known.award_reference, known.points) != (of, points):
            raise ReferenceReused(reference)
        return Restored(known.points, known.to_active, known.to_expired, known.off_debt, False)
    lot = lots.lock_lot(session, of)
    assert lot is not None
    from_active, from_expired, owed_then = _taken(session, of)
    taken = from_active + from_expired + owed_then
    if points > taken or lot.taken_back > taken:  # More is gone where the decision was undone.
        raise MoreThanTaken(taken=taken, asked=points)
    off = min(points, owed_then)
    to_expired = min(points - off, from_expired)
    again = points - off - to_expired
    owed = -ledger.balance(session, debt) if debt else 0
    to_debt = min(off, owed)  # Other points may have paid that debt: then these can be spent.
    to_active = again + off - to_debt
    reversed_ = addresses.reversed_(program_id)
    moves = [
        Move(reversed_, destination, part)
        for destination, part in (
            (account, to_active),
            (addresses.expired(program_id), to_expired),
            (debt or "", to_debt),
        )
        if part
    ]
    ledger.post(
        session, reference=reference, kind=TransactionKind.RESTORATION, moves=moves, posted_at=at
    )
    _into_lots(session, lot, again=again, to_expired=to_expired, at=at)
    lot.taken_back = lot.taken_back - points
    session.add(lot)
    if off > to_debt:
        lots.open_lot(
            session,
            account=account,
            reference=reference,
            points=off - to_debt,
            expires_on=max(lot.expires_on, local_date(at) + lots.GRACE),
            at=at,
        )
    session.add(
        PointRestoration(
            reference=reference,
            award_reference=of,
            account=account,
            points=points,
            to_active=again,
            to_expired=to_expired,
            off_debt=off,
            at=at,
        )
    )
    session.flush()
    if debt is not None and owed > to_debt and to_active:
        _pay(session, lot, reference, debt, min(owed - to_debt, to_active), at)
    return Restored(points, again, to_expired, off, True)


def list_taken(session: Session, references: Iterable[str]) -> dict[str, int]:
    """What corrections took of each of these awards and did not give back; absent where nothing."""
    asked = list(references)
    net: dict[str, int] = {}
    for table, sign in ((PointReversal, 1), (PointRestoration, -1)):
        rows = session.execute(
            sa.select(col(table.award_reference), sa.func.sum(col(table.points)))
            .where(col(table.award_reference).in_(asked))
            .group_by(col(table.award_reference))
        )
        for reference, points in rows:
            net[reference] = net.get(reference, 0) + sign * int(points)
    return net


def _taken(session: Session, of: str) -> tuple[int, int, int]:
    """What is taken of an award now: from the account, from what had expired, as a debt."""
    found = [0, 0, 0]
    for one in reversals.list_of_award(session, of):
        found = [found[0] + one.from_active, found[1] + one.from_expired, found[2] + one.to_debt]
    for back in session.exec(
        select(PointRestoration).where(PointRestoration.award_reference == of)
    ):
        found = [found[0] - back.to_active, found[1] - back.to_expired, found[2] - back.off_debt]
    return found[0], found[1], found[2]


def _into_lots(
    session: Session, lot: PointLot, *, again: int, to_expired: int, at: datetime
) -> None:
    """First into the lots that stood in for spent points of this one, then into its own."""
    on = local_date(at)
    others = session.exec(
        select(LotUse, PointLot)
        .join(PointLot, col(PointLot.id) == col(LotUse.lot_id))
        .where(
            col(LotUse.reference).in_(
                select(PointReversal.reference).where(
                    PointReversal.award_reference == lot.reference
                )
            ),
            LotUse.returned < LotUse.points,
        )
        .order_by(col(PointLot.expires_on).desc(), col(PointLot.id).desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for used, other in others:
        part = min(again, used.points - used.returned)
        if part:
            used.returned = used.returned + part
            other.used, other.remaining = other.used - part, other.remaining + part
            lots.put_off(other, on=on)
            session.add_all([used, other])
            again -= part
    lot.reversed = lot.reversed - again - to_expired
    lot.remaining, lot.expired = lot.remaining + again, lot.expired + to_expired
    if again:
        lots.put_off(lot, on=on)
    session.add(lot)
    session.flush()


def _pay(
    session: Session, lot: PointLot, reference: str, debt: str, points: int, at: datetime
) -> None:
    """Set off what is owed beside; from the award's own lot as far as it goes."""
    paid = f"{reference}:set-off"
    ledger.post(
        session,
        reference=paid,
        kind=TransactionKind.SET_OFF,
        moves=[Move(lot.account, debt, points)],
        posted_at=at,
    )
    own = min(points, lot.remaining)
    if own:
        lots.use_of(session, lot, reference=paid, points=own)
        session.flush()
    if points > own:
        lots.use(session, account=lot.account, reference=paid, points=points - own)
