"""Taking points of an award back: a decision undone, or units returned by a correction.

What is still there is taken first, then what expired unused (nobody loses anything by that), then
other points of the account. What is left over is a debt on an account of its own: the
participant's balance never falls below zero, and the next points pay the debt first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from points import addresses, ledger, lots
from points.ledger import InsufficientPoints, Move, ReferenceReused
from points.tables import (
    LedgerAccount,
    LotUse,
    PointLot,
    PointRestoration,
    PointReversal,
    TransactionKind,
)


class AwardNotFound(DomainError):
    """No points were ever awarded under that reference."""

    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "award-not-found"


class MoreThanAwarded(DomainError):
    """Corrections would take back more points than the award gave."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "more-than-awarded"


@dataclass(frozen=True, slots=True)
class Reversed:
    """Where the points of a reversal were found; `new` is False when it had been done before."""

    points: int
    from_active: int
    from_expired: int
    to_debt: int
    new: bool


def reverse(
    session: Session,
    *,
    of: str,
    reference: str,
    points: int,
    kind: TransactionKind = TransactionKind.REVERSAL,
    unspent: bool = False,
    at: datetime,
) -> Reversed:
    """Take exactly `points` of the award `of` back; what was spent becomes a debt.

    `reference` is the key (`correction:<id>:line:<n>`): asked again, it answers what it did.
    Raises `AwardNotFound`, `MoreThanAwarded` (nothing is taken), `ReferenceReused`; with `unspent`
    also `InsufficientPoints` where that debt would be more than what the award had paid of one.
    """
    assert points > 0, "a reversal takes something"
    account, program_id = account_of(session, of)
    lock(session, account, program_id)
    known = session.exec(select(PointReversal).where(PointReversal.reference == reference)).first()
    if known is not None:
        if (known.award_reference, known.points) != (of, points):
            raise ReferenceReused(reference)
        return Reversed(known.points, known.from_active, known.from_expired, known.to_debt, False)
    lot = lots.lock_lot(session, of)
    assert lot is not None
    if lot.taken_back + points > lot.points:
        raise MoreThanAwarded(awarded=lot.points, taken_back=lot.taken_back, asked=points)
    found = _take(
        session,
        lot,
        points=points,
        most_debt=_paid_debt(session, lot) if unspent else points,
        reference=reference,
        kind=kind,
        program_id=program_id,
        void=False,
        at=at,
    )
    session.add(
        PointReversal(
            reference=reference,
            award_reference=of,
            account=account,
            points=points,
            from_active=found.from_active,
            from_expired=found.from_expired,
            to_debt=found.to_debt,
            at=at,
        )
    )
    session.flush()
    return found


def take_back(session: Session, *, of: str, reference: str, at: datetime) -> bool:
    """Void the rest of an award whose decision is undone; False when nothing was awarded.

    Raises `InsufficientPoints` when they were spent (the transaction must then be rolled back);
    only what had paid a debt becomes a debt again.
    """
    if session.exec(select(PointLot.id).where(PointLot.reference == of)).first() is None:
        return False
    account, program_id = account_of(session, of)
    lock(session, account, program_id)
    lot = lots.lock_lot(session, of)
    assert lot is not None
    if ledger.posted_moves(session, reference):
        return False
    rest = lot.points - lot.taken_back
    if rest == 0:
        return False
    _take(
        session,
        lot,
        points=rest,
        most_debt=_paid_debt(session, lot),
        reference=reference,
        kind=TransactionKind.CORRECTION,
        program_id=program_id,
        void=True,
        at=at,
    )
    return True


def list_of_award(session: Session, of: str) -> list[PointReversal]:
    """What was taken back of an award, oldest first."""
    return list(
        session.exec(
            select(PointReversal)
            .where(PointReversal.award_reference == of)
            .order_by(col(PointReversal.at), col(PointReversal.id))
        )
    )


def list_left(session: Session, references: Iterable[str]) -> dict[str, int]:
    """What each of these awards gave and nobody took back; awards that never were are absent."""
    rows = session.execute(
        sa.select(col(PointLot.reference), col(PointLot.points) - col(PointLot.taken_back)).where(
            col(PointLot.reference).in_(list(references))
        )
    )
    return {reference: int(left) for reference, left in rows}


def account_of(session: Session, of: str) -> tuple[str, UUID]:
    """The account of an award and its programme. Raises `AwardNotFound`."""
    found = session.execute(
        sa.select(col(PointLot.account), col(LedgerAccount.program_id))
        .join(LedgerAccount, col(LedgerAccount.address) == col(PointLot.account))
        .where(col(PointLot.reference) == of)
    ).one_or_none()
    if found is None or found[1] is None:
        raise AwardNotFound(of)
    return found[0], found[1]


def _debt_of(account: str) -> str | None:
    participant_id = addresses.participant_of(account)
    return addresses.debt(participant_id) if participant_id else None


def _paid_debt(session: Session, lot: PointLot) -> int:
    """What the award paid of a debt at once: it was not spent, and becomes a debt again.

    Also when it was given back after a correction.
    """
    restored = sa.select(col(PointRestoration.reference) + ":set-off").where(
        col(PointRestoration.award_reference) == lot.reference
    )
    paid = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(LotUse.points)), 0)).where(
            col(LotUse.lot_id) == lot.id,
            sa.or_(
                col(LotUse.reference) == f"{lot.reference}:set-off",
                col(LotUse.reference).in_(restored),
            ),
        )
    ).scalar_one()
    return int(paid)


def lock(session: Session, account: str, program_id: UUID) -> str | None:
    """Everything that a reversal may touch, in one order; the account of the debt, if any."""
    wanted = [
        account,
        addresses.expired(program_id),
        addresses.issued(program_id),
        addresses.reversed_(program_id),
    ]
    debt = _debt_of(account)
    ledger.lock(session, [*wanted, debt] if debt else wanted)
    return debt


def _take(
    session: Session,
    lot: PointLot,
    *,
    points: int,
    most_debt: int,
    reference: str,
    kind: TransactionKind,
    program_id: UUID,
    void: bool,
    at: datetime,
) -> Reversed:
    """Find the points, post the moves as one transaction and book them in the lots."""
    own = min(points, lot.remaining)
    from_expired = min(points - own, lot.expired)
    others = min(points - own - from_expired, ledger.balance(session, lot.account) - own)
    owed = points - own - from_expired - others
    debt = _debt_of(lot.account)
    if owed > most_debt or (owed and debt is None):
        raise InsufficientPoints(reference)
    to = addresses.issued(program_id) if void else addresses.reversed_(program_id)
    moves = [
        Move(source, to, part)
        for source, part in (
            (lot.account, own + others),
            (addresses.expired(program_id), from_expired),
            (debt or "", owed),
        )
        if part
    ]
    ledger.post(session, reference=reference, kind=kind, moves=moves, posted_at=at)
    lot.remaining, lot.expired = lot.remaining - own, lot.expired - from_expired
    lot.reversed = lot.reversed + own + from_expired
    lot.taken_back = lot.taken_back + points
    session.add(lot)
    session.flush()
    if others:
        # Some of the lot was spent; other points of the account stand in for it.
        lots.use(session, account=lot.account, reference=reference, points=others)
    return Reversed(points, own + others, from_expired, owed, True)
