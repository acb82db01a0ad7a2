"""What the programme owes: points that people still hold, and what rewards have cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.periods import Period
from analytics.selection import local_day
from logistics.states import AllocationStatus
from logistics.tables import Allocation, Lot, MovementKind, StockMovement
from points import addresses, ledger
from points.tables import LedgerTransaction, PointLot, Posting
from programs.tables import Participant
from rewards.tables import Redemption, RedemptionLine, Reward


@dataclass(frozen=True, slots=True)
class Liability:
    """Points in people's hands at the end of each day of a period.

    `by_day` holds the days on which it moved; `at_start` is what was owed before the first day.
    """

    now: int
    at_start: int
    at_end: int
    by_day: dict[date, int]


def _ends(program_id: UUID) -> list[str]:
    """The accounts that points come from and end in; all others are people's."""
    return [
        addresses.issued(program_id),
        addresses.spent(program_id),
        addresses.expired(program_id),
        addresses.reversed_(program_id),
    ]


def liability(session: Session, *, program_id: UUID, period: Period) -> Liability:
    """Issued − spent − expired − reversed: what participants and branches can still claim.

    Balances say it for now; the postings since then are taken back day by day.
    """
    ends = _ends(program_id)
    now = -sum(ledger.balances(session, ends).values())
    day = local_day(col(LedgerTransaction.posted_at)).label("day")
    moved: Any = sa.union_all(
        *(
            sa.select(day, (sign * col(Posting.points)).label("points"))
            .select_from(Posting)
            .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
            .where(side.in_(ends), col(LedgerTransaction.posted_at) >= period.starts_at)
            for side, sign in ((col(Posting.source), 1), (col(Posting.destination), -1))
        )
    ).subquery()
    rows: dict[date, int] = {
        found: int(points)
        for found, points in session.execute(
            sa.select(moved.c.day, sa.func.sum(moved.c.points)).group_by(moved.c.day)
        )
    }
    at_start = now - sum(rows.values())
    by_day, running = {}, at_start
    for moved_on in sorted(rows):
        if moved_on > period.last:
            break
        running += rows[moved_on]
        by_day[moved_on] = running
    return Liability(now=now, at_start=at_start, at_end=running, by_day=by_day)


def _references() -> Any:
    """How logistics names an order's line (see rewards.service.line_reference)."""
    return sa.func.concat(
        "redemption:",
        sa.cast(col(RedemptionLine.redemption_id), sa.Text),
        ":line:",
        sa.cast(col(RedemptionLine.id), sa.Text),
    )


def cost_per_point(session: Session, *, program_id: UUID) -> Decimal | None:
    """Grosze that one point costs: goods of ordered rewards ÷ points paid for them.

    Before the first order: the newest purchase price ÷ price in points over the catalogue.
    """
    cost, points = session.execute(
        sa.select(
            sa.func.sum(col(Allocation.quantity) * col(Lot.unit_cost_grosze)),
            sa.func.sum(col(Allocation.quantity) * col(RedemptionLine.price_points)),
        )
        .select_from(RedemptionLine)
        .join(Redemption, col(Redemption.id) == col(RedemptionLine.redemption_id))
        .join(Allocation, col(Allocation.reference) == _references())
        .join(Lot, col(Lot.id) == col(Allocation.lot_id))
        .where(
            col(Redemption.program_id) == program_id,
            col(Allocation.status) != AllocationStatus.RELEASED,
        )
    ).one()
    if not points:
        cost, points = session.execute(
            sa.select(sa.func.sum(col(Lot.unit_cost_grosze)), sa.func.sum(col(Reward.price_points)))
            .select_from(Reward)
            .join(Lot, col(Lot.item_id) == col(Reward.item_id))
            .where(col(Reward.program_id) == program_id)
        ).one()
    return Decimal(cost) / Decimal(points) if points else None


def rewards_cost(session: Session, *, program_id: UUID, period: Period) -> dict[date, int]:
    """Grosze of the goods that left the warehouse, by day: units × purchase price of their lot."""
    day = local_day(col(StockMovement.at)).label("day")
    rows = session.execute(
        sa.select(day, sa.func.sum(col(StockMovement.quantity) * col(Lot.unit_cost_grosze)))
        .select_from(StockMovement)
        .join(Lot, col(Lot.id) == col(StockMovement.lot_id))
        .join(RedemptionLine, _references() == col(StockMovement.reference))
        .join(Redemption, col(Redemption.id) == col(RedemptionLine.redemption_id))
        .where(
            col(Redemption.program_id) == program_id,
            col(StockMovement.kind) == MovementKind.SHIPPED,
            col(StockMovement.at) >= period.starts_at,
            col(StockMovement.at) < period.ends_at,
        )
        .group_by(day)
    )
    return {found: int(grosze) for found, grosze in rows}


def expiring(session: Session, *, program_id: UUID, on: date, until: date) -> int:
    """Points of participants that run out from `on` to `until`."""
    account = sa.func.concat("participant:", sa.cast(col(Participant.id), sa.Text), ":active")
    return int(
        session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(col(PointLot.remaining)), 0))
            .select_from(PointLot)
            .join(Participant, account == col(PointLot.account))
            .where(
                col(Participant.program_id) == program_id,
                col(PointLot.remaining) > 0,
                col(PointLot.expires_on).between(on, until),
            )
        ).scalar_one()
    )


def in_money(points: int, cost: Decimal | None) -> int | None:
    """Grosze that so many points will cost, `None` while nothing says what a point costs."""
    return None if cost is None else int((points * cost).to_integral_value())


def days_until(by_day: dict[date, int], start: int, period: Period) -> list[float]:
    """The value at the end of each day of a period, from the days on which it moved."""
    values, running = [], start
    for day in period.days():
        running = by_day.get(day, running)
        values.append(float(running))
    return values


def quarter_end(at: datetime) -> date:
    """The last day of the calendar quarter of a moment."""
    month = 3 * ((at.month - 1) // 3) + 3
    return date(at.year, month, 31 if month in (3, 12) else 30)
