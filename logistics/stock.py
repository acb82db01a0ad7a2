"""Stock: received, reserved first-expiring-first-out, picked, shipped; never negative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from logistics import states
from logistics.states import AllocationStatus
from logistics.tables import Allocation, Item, Lot, MovementKind, StockMovement


class OutOfStock(DomainError):
    """Fewer units are available than were asked for; nothing was reserved."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "out-of-stock"


class WrongLot(DomainError):
    """The scanned lot is not the one that was reserved."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "wrong-lot"


@dataclass(frozen=True, slots=True)
class Level:
    on_hand: int
    reserved: int
    quarantined: int
    available: int


def receive(
    session: Session,
    *,
    item: Item,
    warehouse_id: UUID,
    number: str,
    location: str,
    quantity: int,
    unit_cost_grosze: int,
    expires_on: date | None,
    reference: str,
    actor: str,
    at: datetime,
) -> Lot:
    """Take a delivery into stock as a lot. An item that tracks expiry needs a date."""
    if quantity <= 0:
        raise Invalid("a delivery has at least one unit", field="quantity")
    if item.tracks_expiry and expires_on is None:
        raise Invalid("this item needs an expiry date", field="expires_on")
    lot = Lot(
        item_id=item.id,
        warehouse_id=warehouse_id,
        number=number,
        location=location,
        expires_on=expires_on,
        unit_cost_grosze=unit_cost_grosze,
        on_hand=quantity,
        received_at=at,
    )
    session.add(lot)
    session.flush()
    _book(session, lot.id, MovementKind.RECEIVED, quantity, reference, actor, at)
    return lot


def _shippable(item: Item, on: date) -> Any:
    last = on + timedelta(days=item.ship_margin_days)
    return sa.or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) > last)


def reserve(
    session: Session, *, item_id: UUID, quantity: int, reference: str, actor: str, at: datetime
) -> list[Allocation]:
    """Reserve units by FEFO over as many lots as needed, all or none. Raises `OutOfStock`.

    The lots are locked in FEFO order, so that of a hundred at once exactly as many win as there are
    units. The same reference reserves once.
    """
    known = list_allocations(session, reference)
    if known:
        return known
    item = session.get_one(Item, item_id)
    lots = session.exec(
        select(Lot)
        .where(Lot.item_id == item_id, Lot.on_hand > 0, _shippable(item, local_date(at)))
        .order_by(
            col(Lot.expires_on).asc().nulls_last(),
            col(Lot.received_at),
            col(Lot.location),
            col(Lot.id),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    made: list[Allocation] = []
    left = quantity
    for lot in lots:
        take = min(left, lot.on_hand - lot.reserved - lot.quarantined)
        if take <= 0:
            continue
        lot.reserved = lot.reserved + take
        allocation = Allocation(
            reference=reference,
            lot_id=lot.id,
            item_id=item_id,
            quantity=take,
            created_at=at,
            updated_at=at,
        )
        session.add_all([lot, allocation])
        made.append(allocation)
        left = left - take
        if left == 0:
            break
    if left:
        raise OutOfStock(missing=left)
    session.flush()
    for allocation in made:
        _book(
            session,
            allocation.lot_id,
            MovementKind.RESERVED,
            allocation.quantity,
            reference,
            actor,
            at,
        )
    return made


def list_allocations(session: Session, reference: str) -> list[Allocation]:
    """The living allocations of an order line."""
    return list(
        session.exec(
            select(Allocation)
            .where(
                Allocation.reference == reference,
                Allocation.status != AllocationStatus.RELEASED,
            )
            .order_by(col(Allocation.id))
        )
    )


def _locked(session: Session, reference: str) -> list[tuple[Allocation, Lot]]:
    rows = session.exec(
        select(Allocation, Lot)
        .join(Lot, col(Lot.id) == col(Allocation.lot_id))
        .where(Allocation.reference == reference, Allocation.status != AllocationStatus.RELEASED)
        .order_by(col(Lot.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [(allocation, lot) for allocation, lot in rows]


def pick(
    session: Session, *, reference: str, lot_number: str, actor: str, at: datetime
) -> Allocation:
    """Confirm by a scan that the reserved lot was taken from its place. Raises `WrongLot`."""
    for allocation, lot in _locked(session, reference):
        if lot.number == lot_number.strip():
            if allocation.status is AllocationStatus.RESERVED:
                _move(session, allocation, AllocationStatus.PICKED, at)
                _book(
                    session, lot.id, MovementKind.PICKED, allocation.quantity, reference, actor, at
                )
            return allocation
    raise WrongLot(scanned=lot_number.strip()[:60])


def consume(session: Session, *, reference: str, actor: str, at: datetime) -> None:
    """The picked units left the house."""
    for allocation, lot in _locked(session, reference):
        if allocation.status is AllocationStatus.CONSUMED:
            continue
        _move(session, allocation, AllocationStatus.CONSUMED, at)
        lot.on_hand = lot.on_hand - allocation.quantity
        lot.reserved = lot.reserved - allocation.quantity
        session.add(lot)
        session.flush()
        _book(session, lot.id, MovementKind.SHIPPED, allocation.quantity, reference, actor, at)


def release(session: Session, *, reference: str, actor: str, reason: str, at: datetime) -> None:
    """Give reserved units back to stock."""
    for allocation, lot in _locked(session, reference):
        _move(session, allocation, AllocationStatus.RELEASED, at)
        lot.reserved = lot.reserved - allocation.quantity
        session.add(lot)
        session.flush()
        _book(
            session,
            lot.id,
            MovementKind.RELEASED,
            allocation.quantity,
            reference,
            actor,
            at,
            reason,
        )


def _move(session: Session, allocation: Allocation, to: AllocationStatus, at: datetime) -> None:
    states.check_allocation(allocation.status, to)
    allocation.status, allocation.updated_at = to, at
    session.add(allocation)
    session.flush()


def _book(
    session: Session,
    lot_id: UUID,
    kind: MovementKind,
    quantity: int,
    reference: str,
    actor: str,
    at: datetime,
    reason: str = "",
) -> None:
    session.add(
        StockMovement(
            lot_id=lot_id,
            kind=kind,
            quantity=quantity,
            reference=reference,
            actor=actor,
            at=at,
            reason=reason,
        )
    )


def levels(session: Session, *, item_ids: Sequence[UUID], on: date) -> dict[UUID, Level]:
    """Stock per item; `available` leaves out what expires too soon to be shipped."""
    soon = sa.and_(
        col(Lot.expires_on).is_not(None),
        col(Lot.expires_on) <= on + sa.func.make_interval(0, 0, 0, col(Item.ship_margin_days)),
    )
    free = col(Lot.on_hand) - col(Lot.reserved) - col(Lot.quarantined)
    rows = session.execute(
        sa.select(
            col(Lot.item_id),
            sa.func.sum(col(Lot.on_hand)),
            sa.func.sum(col(Lot.reserved)),
            sa.func.sum(col(Lot.quarantined)),
            sa.func.sum(sa.case((soon, 0), else_=free)),
        )
        .join_from(Lot, Item)
        .where(col(Lot.item_id).in_(list(item_ids)))
        .group_by(col(Lot.item_id))
    )
    found = {row[0]: Level(*(int(n) for n in row[1:])) for row in rows}
    return {item_id: found.get(item_id, Level(0, 0, 0, 0)) for item_id in item_ids}
