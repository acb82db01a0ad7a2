"""Points added or taken by hand: with a reason, and above the programme's limit by two people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.clock import local_date
from core.errors import DomainError, Forbidden, Invalid, Kind, NotFound
from messages import service as messages
from messages.kinds import POINTS_ADJUSTED
from points import addresses, ledger, lots, service
from points.ledger import Move
from points.tables import AdjustmentStatus, PointAdjustment, TransactionKind

MOST = 1_000_000
# What is adjusted for one participant within these days counts together against the limit.
TOGETHER = timedelta(days=30)


class AdjustmentNotFound(NotFound):
    code = "adjustment-not-found"


class AdjustmentDecided(DomainError):
    """Somebody agreed or refused already."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "adjustment-decided"


class SecondPersonNeeded(Forbidden):
    """Whoever asked for an adjustment above the limit cannot agree to it."""

    code = "second-person-needed"


class OwnAdjustment(Forbidden):
    """Nobody adjusts their own points."""

    code = "own-adjustment"


class NotEnoughToTake(DomainError):
    """The participant has fewer points than are to be taken; nothing was taken."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "not-enough-to-take"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose points are adjusted, in which programme, and what the programme says of it."""

    program_id: UUID
    participant_id: UUID
    person_id: UUID
    chain: str
    limit: int
    valid_days: int


def propose(
    session: Session,
    *,
    account: Account,
    points: int,
    reason: str,
    requested_by: UUID,
    actor: str,
    at: datetime,
) -> PointAdjustment:
    """Ask for `points` (above or below zero); posted at once where one person may decide.

    Raises `Invalid`, `OwnAdjustment`, `NotEnoughToTake`.
    """
    reason = reason.strip()
    if not 5 <= len(reason) <= 300:
        raise Invalid("say why, in 5 to 300 letters", field="reason")
    if not points or abs(points) > MOST:
        raise Invalid("points are a number that is not zero", field="points", most=MOST)
    _refuse_own(account, requested_by)
    # One at a time for a participant, so that the limit counts all of them.
    ledger.lock(session, [addresses.active(account.participant_id)])
    _require_enough(session, account, points)
    made = PointAdjustment(
        program_id=account.program_id,
        participant_id=account.participant_id,
        points=points,
        reason=reason,
        needs_second=abs(points) + _lately(session, account, at) > account.limit,
        requested_by=requested_by,
        requested_at=at,
    )
    session.add(made)
    session.flush()
    if made.needs_second:
        _record(session, account, made, "points.adjust.propose", actor, at)
    else:
        _post(session, account, made, by=requested_by, actor=actor, at=at)
    return made


def approve(
    session: Session, *, account: Account, adjustment_id: UUID, by: UUID, actor: str, at: datetime
) -> PointAdjustment:
    """A second person agrees and the points are posted.

    Raises `AdjustmentNotFound`, `AdjustmentDecided`, `SecondPersonNeeded`, `OwnAdjustment`,
    `NotEnoughToTake`.
    """
    found = _lock(session, account, adjustment_id)
    if found.requested_by == by:
        raise SecondPersonNeeded
    _refuse_own(account, by)
    ledger.lock(session, [addresses.active(account.participant_id)])
    _require_enough(session, account, found.points)
    _post(session, account, found, by=by, actor=actor, at=at)
    return found


def refuse(
    session: Session,
    *,
    account: Account,
    adjustment_id: UUID,
    by: UUID,
    actor: str,
    note: str = "",
    at: datetime,
) -> PointAdjustment:
    """Say no, or take the own wish back. Raises `AdjustmentNotFound`, `AdjustmentDecided`."""
    found = _lock(session, account, adjustment_id)
    found.status = AdjustmentStatus.REFUSED
    found.decided_by, found.decided_at, found.note = by, at, note.strip()[:300]
    session.add(found)
    session.flush()
    _record(session, account, found, "points.adjust.refuse", actor, at)
    return found


def get(session: Session, *, program_ids: Collection[UUID], adjustment_id: UUID) -> PointAdjustment:
    """One adjustment of these programmes. Raises `AdjustmentNotFound`."""
    found = session.exec(
        select(PointAdjustment).where(
            PointAdjustment.id == adjustment_id,
            col(PointAdjustment.program_id).in_(list(program_ids)),
        )
    ).one_or_none()
    if found is None:
        raise AdjustmentNotFound
    return found


def list_waiting(
    session: Session,
    *,
    program_ids: Collection[UUID],
    after: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> list[PointAdjustment]:
    """What waits for a second person, oldest first."""
    chosen = select(PointAdjustment).where(
        col(PointAdjustment.program_id).in_(list(program_ids)),
        PointAdjustment.status == AdjustmentStatus.PROPOSED,
    )
    if after is not None:
        chosen = chosen.where(
            sa.tuple_(col(PointAdjustment.requested_at), col(PointAdjustment.id))
            > sa.tuple_(*map(sa.literal, after))
        )
    in_turn = chosen.order_by(col(PointAdjustment.requested_at), col(PointAdjustment.id))
    return list(session.exec(in_turn.limit(limit)))


def list_decided(
    session: Session,
    *,
    program_ids: Collection[UUID],
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[PointAdjustment]:
    """What was posted or refused, newest first."""
    chosen = select(PointAdjustment).where(
        col(PointAdjustment.program_id).in_(list(program_ids)),
        PointAdjustment.status != AdjustmentStatus.PROPOSED,
    )
    if before is not None:
        chosen = chosen.where(
            sa.tuple_(col(PointAdjustment.requested_at), col(PointAdjustment.id))
            < sa.tuple_(*map(sa.literal, before))
        )
    return list(
        session.exec(
            chosen.order_by(
                col(PointAdjustment.requested_at).desc(), col(PointAdjustment.id).desc()
            ).limit(limit)
        )
    )


def _refuse_own(account: Account, person_id: UUID) -> None:
    if account.person_id == person_id:
        raise OwnAdjustment


def _require_enough(session: Session, account: Account, points: int) -> None:
    there = ledger.balance(session, addresses.active(account.participant_id))
    if points < 0 and there < -points:
        raise NotEnoughToTake(there=there, asked=-points)


def _lately(session: Session, account: Account, at: datetime) -> int:
    """Points moved or to be moved by hand for this participant in the last days."""
    total = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(sa.func.abs(col(PointAdjustment.points))), 0)).where(
            col(PointAdjustment.participant_id) == account.participant_id,
            col(PointAdjustment.status) != AdjustmentStatus.REFUSED,
            col(PointAdjustment.requested_at) > at - TOGETHER,
        )
    ).scalar_one()
    return int(total)


def _lock(session: Session, account: Account, adjustment_id: UUID) -> PointAdjustment:
    found = session.exec(
        select(PointAdjustment)
        .where(
            PointAdjustment.id == adjustment_id,
            PointAdjustment.participant_id == account.participant_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise AdjustmentNotFound
    if found.status is not AdjustmentStatus.PROPOSED:
        raise AdjustmentDecided
    return found


def _post(
    session: Session,
    account: Account,
    made: PointAdjustment,
    *,
    by: UUID,
    actor: str,
    at: datetime,
) -> None:
    reference = f"adjustment:{made.id}"
    if made.points > 0:
        service.award(
            session,
            reference=reference,
            program_id=account.program_id,
            participant_id=account.participant_id,
            points=made.points,
            expires_on=_last_day(account, at),
            kind=TransactionKind.ADJUSTMENT,
            at=at,
        )
    else:
        address = addresses.active(account.participant_id)
        ledger.post(
            session,
            reference=reference,
            kind=TransactionKind.ADJUSTMENT,
            moves=[Move(address, addresses.reversed_(account.program_id), -made.points)],
            posted_at=at,
        )
        lots.use(session, account=address, reference=reference, points=-made.points)
    made.status, made.decided_by, made.decided_at = AdjustmentStatus.POSTED, by, at
    session.add(made)
    session.flush()
    _record(session, account, made, "points.adjust", actor, at)
    messages.notify(
        session,
        person_id=account.person_id,
        kind=POINTS_ADJUSTED.name,
        event_key=reference,
        at=at,
        points=made.points,
        reason=made.reason,
    )


def _last_day(account: Account, at: datetime) -> date:
    return local_date(at) + timedelta(days=account.valid_days)


def _record(
    session: Session, account: Account, made: PointAdjustment, action: str, actor: str, at: datetime
) -> None:
    audit.record(
        session,
        chain=account.chain,
        actor=actor,
        action=action,
        subject=f"adjustment:{made.id}",
        at=at,
        points=made.points,
        requested_by=str(made.requested_by),
    )
