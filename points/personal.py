"""What the ledger knows about a participant, to show and to close."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from points import addresses, ledger, service, statements
from points.ledger import Move
from points.tables import LedgerAccount, PointAdjustment, PointLot, TransactionKind

MOST_ROWS = 20_000


def show(session: Session, *, participant_id: UUID) -> dict[str, Any]:
    """Balance, debt, lots, every operation with its hash, and what was adjusted by hand."""
    account = addresses.active(participant_id)
    lots = session.exec(
        select(PointLot).where(PointLot.account == account).order_by(col(PointLot.created_at))
    )
    adjusted = session.exec(
        select(PointAdjustment)
        .where(PointAdjustment.participant_id == participant_id)
        .order_by(col(PointAdjustment.requested_at))
    )
    return {
        "balance": ledger.balance(session, account),
        "debt": service.debt(session, participant_id=participant_id),
        "lots": [
            {"points": lot.points, "remaining": lot.remaining, "expires_on": lot.expires_on}
            for lot in lots
        ],
        "operations": [
            {
                "at": row.at,
                "kind": row.kind,
                "reference": row.reference,
                "points": row.points,
                "balance": row.balance,
                "hash": row.hash.hex(),
            }
            for row in statements.list_rows(session, address=account, limit=MOST_ROWS)
        ],
        "adjustments": [
            {"at": one.requested_at, "points": one.points, "reason": one.reason} for one in adjusted
        ],
    }


def forget(session: Session, *, participant_id: UUID, at: datetime) -> None:
    """Let what is left expire; the account stays under its number, so every sum still holds."""
    account = addresses.active(participant_id)
    program_id = session.exec(
        select(LedgerAccount.program_id).where(LedgerAccount.address == account)
    ).first()
    if program_id is None:
        return  # Nothing was ever posted to it.
    expired = addresses.expired(program_id)
    ledger.lock(session, [account, expired])
    left = ledger.balance(session, account)
    if left == 0:
        return
    ledger.post(
        session,
        reference=f"erasure:{participant_id}",
        kind=TransactionKind.EXPIRY,
        moves=[Move(account, expired, left)],
        posted_at=at,
    )
    lots = session.exec(
        select(PointLot)
        .where(PointLot.account == account, PointLot.remaining > 0)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for lot in lots:
        lot.expired, lot.remaining = lot.expired + lot.remaining, 0
        session.add(lot)
    session.flush()
