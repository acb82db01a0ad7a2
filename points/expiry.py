"""Points whose last day has passed leave their account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from points import addresses, ledger
from points.ledger import Move
from points.tables import LedgerAccount, LedgerTransaction, PointLot, TransactionKind

# People are told so many days before their points expire, once each.
NOTICE_DAYS = (60, 30, 7)
# What a clock that stood still for some days missed is told late, not never.
LATE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Ending:
    """Points of one account that expire on one day; `days` is the notice that is due."""

    account: str
    expires_on: date
    points: int
    days: int


def list_ending(
    session: Session, *, on: date, notice_days: Sequence[int] = NOTICE_DAYS
) -> list[Ending]:
    """What people are to be told about today: each account and day of expiry once a notice."""
    found = []
    for days in sorted(notice_days, reverse=True):
        rows = session.execute(
            sa.select(
                col(PointLot.account),
                col(PointLot.expires_on),
                sa.func.sum(col(PointLot.remaining)),
            )
            .where(
                col(PointLot.remaining) > 0,
                col(PointLot.expires_on).between(
                    on + timedelta(days=days - LATE_DAYS), on + timedelta(days=days)
                ),
            )
            .group_by(col(PointLot.account), col(PointLot.expires_on))
            .order_by(col(PointLot.account), col(PointLot.expires_on))
        )
        found += [Ending(account, day, int(points), days) for account, day, points in rows]
    return found


def list_due(session: Session, *, on: date, limit: int = 200) -> list[tuple[str, UUID]]:
    """Accounts with points whose day has passed, each with its programme."""
    rows = session.execute(
        sa.select(col(PointLot.account), col(LedgerAccount.program_id))
        .join(LedgerAccount, col(LedgerAccount.address) == col(PointLot.account))
        .where(
            col(PointLot.remaining) > 0,
            col(PointLot.expires_on) < on,
            col(LedgerAccount.program_id).is_not(None),
        )
        .distinct()
        .order_by(col(PointLot.account))
        .limit(limit)
    )
    return [(account, program_id) for account, program_id in rows]


def expire(session: Session, *, account: str, program_id: UUID, on: date, at: datetime) -> int:
    """Post every lot of an account whose last day lies before `on`; the points that expired.

    One account a transaction: expiry then waits for nobody while it holds another's account.
    """
    ledger.lock(session, [account, addresses.expired(program_id)])
    lots = session.exec(
        select(PointLot)
        .where(PointLot.account == account, PointLot.remaining > 0, PointLot.expires_on < on)
        .order_by(col(PointLot.expires_on), col(PointLot.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    gone = 0
    for lot in lots:
        points = lot.remaining
        ledger.post(
            session,
            reference=_reference(session, lot),
            kind=TransactionKind.EXPIRY,
            moves=[Move(account, addresses.expired(program_id), points)],
            posted_at=at,
        )
        lot.remaining, lot.expired = 0, lot.expired + points
        session.add(lot)
        session.flush()
        gone += points
    return gone


def _reference(session: Session, lot: PointLot) -> str:
    """A lot expires again when points of a cancelled order came back and got a later day."""
    first = f"expiry:{lot.id}"
    used = session.exec(
        select(LedgerTransaction.id).where(LedgerTransaction.reference == first)
    ).first()
    return first if used is None else f"{first}:{lot.expires_on.isoformat()}"
