"""A participant's points: awarded, held, captured, released; debts are set off on the way.

Lock order everywhere: ledger accounts in the order of their addresses, then lots.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from core.clock import local_date
from core.columns import new_id
from points import addresses, ledger, lots
from points.ledger import Move
from points.tables import PointLot, TransactionKind

_AWARD = sa.text(
    "SELECT ledger_award(:reference, :kind, :at, :issued, :account, :debt, :points, :lot, "
    ":expires_on)"
).bindparams(
    sa.bindparam("at", type_=sa.DateTime(timezone=True)),
    sa.bindparam("points", type_=sa.BigInteger),
    sa.bindparam("lot", type_=sa.Uuid),
    sa.bindparam("expires_on", type_=sa.Date),
)


def award(
    session: Session,
    *,
    reference: str,
    program_id: UUID,
    participant_id: UUID,
    points: int,
    expires_on: date,
    kind: TransactionKind = TransactionKind.AWARD,
    at: datetime,
) -> bool:
    """Issue points to a participant as one lot; the same reference awards once.

    A debt of the participant is paid from them at once (`<reference>:set-off`).
    """
    account = addresses.active(participant_id)
    # Nearly every award is new and meets no debt: the database does that in one call, in which
    # the mapping of rows to objects has no part.
    done = (
        session.connection()
        .execute(
            _AWARD,
            {
                "reference": reference,
                "kind": kind.value,
                "at": at,
                "issued": addresses.issued(program_id),
                "account": account,
                "debt": addresses.debt(participant_id),
                "points": points,
                "lot": new_id(),
                "expires_on": expires_on,
            },
        )
        .scalar_one()
    )
    if done:
        return True
    owed = _lock_debt(session, participant_id, addresses.issued(program_id))
    posted = ledger.post(
        session,
        reference=reference,
        kind=kind,
        moves=[Move(addresses.issued(program_id), account, points)],
        posted_at=at,
    )
    if posted:
        lot = lots.open_lot(
            session,
            account=account,
            reference=reference,
            points=points,
            expires_on=expires_on,
            at=at,
        )
        if owed:
            paid = min(owed, points)
            _pay_debt(session, participant_id, reference, paid, at)
            lots.use_of(session, lot, reference=f"{reference}:set-off", points=paid)
            session.flush()
    return posted


def debt(session: Session, *, participant_id: UUID) -> int:
    """Points that the participant owes; zero or more."""
    return -ledger.balance(session, addresses.debt(participant_id))


def _lock_debt(session: Session, participant_id: UUID, *others: str) -> int:
    """The debt, locked together with the accounts of the posting that may pay it."""
    address = addresses.debt(participant_id)
    if ledger.balance(session, address) == 0:
        # Almost nobody owes. A debt that is born this moment is paid by the next award.
        return 0
    ledger.lock(session, [address, addresses.active(participant_id), *others])
    return -ledger.balance(session, address)


def _pay_debt(
    session: Session, participant_id: UUID, reference: str, points: int, at: datetime
) -> None:
    ledger.post(
        session,
        reference=f"{reference}:set-off",
        kind=TransactionKind.SET_OFF,
        moves=[Move(addresses.active(participant_id), addresses.debt(participant_id), points)],
        posted_at=at,
    )


def hold(
    session: Session,
    *,
    participant_id: UUID,
    redemption_id: UUID,
    points: int,
    at: datetime,
) -> bool:
    """Set points aside for a redemption, oldest lots first. Raises `InsufficientPoints`.

    Points whose last day has passed are not ordered for, though no run has taken them yet.
    """
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
        lots.use(session, account=account, reference=reference, points=points, on=local_date(at))
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
    grace: bool = False,
) -> bool:
    """Give held points back into the lots they came from, with their own expiry.

    Where the house cancels (`grace`), lots whose day passed in the meantime get `lots.GRACE`, once;
    a debt is paid from what came back.
    """
    account, held = addresses.active(participant_id), addresses.held(redemption_id)
    owed = _lock_debt(session, participant_id, held)
    posted = ledger.post(
        session,
        reference=reference,
        kind=TransactionKind.RELEASE,
        moves=[Move(held, account, points)],
        posted_at=at,
    )
    if posted:
        lots.give_back(
            session,
            hold_reference=f"redemption:{redemption_id}:hold",
            points=points,
            on=local_date(at),
            grace=grace,
        )
        if owed:
            paid = min(owed, points)
            _pay_debt(session, participant_id, reference, paid, at)
            lots.use(session, account=account, reference=f"{reference}:set-off", points=paid)
    return posted


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
