"""Orders that wait until a debt of points is paid: by programme setting, undelivered ones only."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from messages.kinds import ORDER_HELD
from points import addresses
from points import service as points
from points.tables import LedgerAccount
from programs import queries as program_queries
from programs.settings import SpentPoints
from rewards import service
from rewards.states import RedemptionStatus
from rewards.tables import Redemption

DEBT = "debt"
CLOCK = "clock"


class OrderHeld(DomainError):
    """The order waits: its participant owes points after a correction."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "order-held"


def is_held(session: Session, redemption: Redemption) -> bool:
    """Whether the programme holds this participant's orders now."""
    program = program_queries.get_program(session, redemption.program_id)
    if program_queries.settings_of(program).spent_points is not SpentPoints.HOLD:
        return False
    return points.debt(session, participant_id=redemption.participant_id) > 0


def require_free(session: Session, redemption: Redemption) -> None:
    """Raise `OrderHeld` before an order's parcel is opened while its participant owes points."""
    if redemption.hold_reason == DEBT or is_held(session, redemption):
        raise OrderHeld(owed=points.debt(session, participant_id=redemption.participant_id))


def hold_owing(session: Session, *, at: datetime, limit: int = 200) -> int:
    """Hold the orders that nobody packs yet of participants who owe points; how many."""
    owing = [
        participant_id
        for address in session.exec(
            select(LedgerAccount.address)
            .where(col(LedgerAccount.address).like("debt:%"), LedgerAccount.balance < 0)
            .order_by(LedgerAccount.address)
        )
        if (participant_id := addresses.participant_of(address)) is not None
    ]
    found = session.exec(
        select(Redemption.id)
        .where(
            col(Redemption.participant_id).in_(owing),
            Redemption.status == RedemptionStatus.ALLOCATED,
        )
        .order_by(col(Redemption.id))
        .limit(limit)
    ).all()
    return sum(_hold(session, redemption_id, at) for redemption_id in found)


def _hold(session: Session, redemption_id: UUID, at: datetime) -> bool:
    redemption = service.lock(session, redemption_id)
    if redemption.status is not RedemptionStatus.ALLOCATED or not is_held(session, redemption):
        return False
    redemption.hold_reason = DEBT
    service.advance(session, redemption, to=RedemptionStatus.ON_HOLD, actor=CLOCK, at=at)
    service.tell(session, redemption, ORDER_HELD, at=at)
    return True


def resume_paid(session: Session, *, at: datetime, limit: int = 200) -> int:
    """Let the orders go on whose participant owes nothing any more; how many."""
    found = session.exec(
        select(Redemption.id)
        .where(
            Redemption.status == RedemptionStatus.ON_HOLD,
            Redemption.hold_reason == DEBT,
            ~sa.exists().where(
                col(LedgerAccount.address)
                == sa.func.concat("debt:", sa.cast(col(Redemption.participant_id), sa.Text)),
                col(LedgerAccount.balance) < 0,
            ),
        )
        .order_by(col(Redemption.id))
        .limit(limit)
    ).all()
    resumed = 0
    for redemption_id in found:
        redemption = service.lock(session, redemption_id)
        if redemption.status is RedemptionStatus.ON_HOLD and not is_held(session, redemption):
            redemption.hold_reason = None
            service.advance(session, redemption, to=RedemptionStatus.ALLOCATED, actor=CLOCK, at=at)
            resumed += 1
    return resumed
