"""A participant's points: awarded, held, captured, released, expired, taken back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from points import addresses, ledger
from points.ledger import InsufficientPoints, Move
from points.tables import LotUse, PointLot, TransactionKind


def award(
    session: Session,
    *,
    reference: str,
    program_id: UUID,
    participant_id: UUID,
    points: int,
    expires_on: date,
    at: datetime,
) -> bool:
    """Issue points to a participant as one lot; the same reference awards once."""
    account = addresses.active(participant_id)
    posted = ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.AWARD,
        moves=[Move(addresses.issued(program_id), account, points)],
        posted_at=at,
    )
    if posted:
        session.add(
            PointLot(
                account=account,
                reference=reference,
                points=points,
                remaining=points,
                expires_on=expires_on,
                created_at=at,
            )
        )
        session.flush()
    return posted


def take_back(session: Session, *, of: str, reference: str, at: datetime) -> bool:
    """Undo an award while its points are still there; else `InsufficientPoints`."""
    lot = session.exec(
        select(PointLot)
        .where(PointLot.reference == of)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if lot is None:
        return False
    posted = ledger.reverse(
        session, of=of, reference=reference, kind=TransactionKind.CORRECTION, posted_at=at
    )
    if posted:
        short = lot.points - lot.remaining
        lot.remaining = 0
        session.add(lot)
        session.flush()
        if short:
            # Some of the lot was spent; other points of the account stand in for it.
            _use_lots(session, account=lot.account, reference=reference, points=short)
    return posted


def hold(
    session: Session,
    *,
    participant_id: UUID,
    redemption_id: UUID,
    points: int,
    at: datetime,
) -> bool:
    """Set points aside for a redemption, oldest lots first. Raises `InsufficientPoints`."""
    account = addresses.active(participant_id)
    reference = f"redemption:{redemption_id}:hold"
    posted = ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.HOLD,
        moves=[Move(account, addresses.held(redemption_id), points)],
        posted_at=at,
    )
    if posted:
        _use_lots(session, account=account, reference=reference, points=points)
    return posted


def capture(
    session: Session,
    *,
    program_id: UUID,
    redemption_id: UUID,
    points: int,
    reference: str,
    at: datetime,
) -> bool:
    """Held points are spent: the reward left the house."""
    return ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.CAPTURE,
        moves=[Move(addresses.held(redemption_id), addresses.spent(program_id), points)],
        posted_at=at,
    )


def release(
    session: Session,
    *,
    participant_id: UUID,
    redemption_id: UUID,
    points: int,
    reference: str,
    at: datetime,
) -> bool:
    """Give held points back into the lots they came from, with their own expiry."""
    posted = ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.RELEASE,
        moves=[Move(addresses.held(redemption_id), addresses.active(participant_id), points)],
        posted_at=at,
    )
    if posted:
        _return_lots(session, hold_reference=f"redemption:{redemption_id}:hold", points=points)
    return posted


def _use_lots(session: Session, *, account: str, reference: str, points: int) -> None:
    """Take points from the oldest lots. The account is locked by the posting before it."""
    left = points
    lots = session.exec(
        select(PointLot)
        .where(PointLot.account == account, PointLot.remaining > 0)
        .order_by(col(PointLot.expires_on), col(PointLot.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for lot in lots:
        used = min(left, lot.remaining)
        lot.remaining = lot.remaining - used
        session.add_all([lot, LotUse(lot_id=lot.id, reference=reference, points=used)])
        left = left - used
        if left == 0:
            break
    if left:
        raise InsufficientPoints(f"{account}: lots lack {left}")
    session.flush()


def _return_lots(session: Session, *, hold_reference: str, points: int) -> None:
    left = points
    uses = session.exec(
        select(LotUse, PointLot)
        .join(PointLot, col(PointLot.id) == col(LotUse.lot_id))
        .where(LotUse.reference == hold_reference, LotUse.returned < LotUse.points)
        .order_by(col(PointLot.expires_on).desc(), col(PointLot.id).desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for use, lot in uses:
        back = min(left, use.points - use.returned)
        use.returned = use.returned + back
        lot.remaining = lot.remaining + back
        session.add_all([use, lot])
        left = left - back
        if left == 0:
            break
    assert left == 0, "more points were released than were held"
    session.flush()


def expire_due(session: Session, *, program_of: dict[str, UUID], on: date, at: datetime) -> int:
    """Post every lot whose last day has passed to `expired`; the number of lots."""
    lots = session.exec(
        select(PointLot)
        .where(
            PointLot.remaining > 0,
            PointLot.expires_on < on,
            col(PointLot.account).in_(list(program_of)),
        )
        .order_by(col(PointLot.account), col(PointLot.id))
        .limit(500)
    ).all()
    for lot in lots:
        ledger.lock(session, [lot.account])
        session.refresh(lot)
        if lot.remaining == 0:
            continue
        ledger.post(
            session,
            reference=f"expiry:{lot.id}",
            kind=TransactionKind.EXPIRY,
            moves=[Move(lot.account, addresses.expired(program_of[lot.account]), lot.remaining)],
            posted_at=at,
        )
        lot.remaining = 0
        session.add(lot)
        session.flush()
    return len(lots)


def next_expiry(session: Session, *, participant_id: UUID) -> tuple[date, int] | None:
    """The nearest day on which points expire, and how many."""
    row = session.execute(
        sa.select(col(PointLot.expires_on), sa.func.sum(col(PointLot.remaining)))
        .where(
            col(PointLot.account) == addresses.active(participant_id), col(PointLot.remaining) > 0
        )
        .group_by(col(PointLot.expires_on))
        .order_by(col(PointLot.expires_on))
        .limit(1)
    ).first()
    return (row[0], int(row[1])) if row else None
