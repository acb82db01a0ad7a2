"""The programme's rewards with price, stock and what a point of each costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.periods import Period
from logistics import stock
from logistics.tables import Lot
from rewards.states import RedemptionStatus
from rewards.tables import Redemption, RedemptionLine, Reward


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A reward; `cost_grosze` is the newest purchase price of a unit, if one was ever received."""

    reward_id: UUID
    name: str
    category: str
    price_points: int
    cost_grosze: int | None
    on_hand: int
    reserved: int
    available: int
    ordered: int
    published_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def grosze_per_point(self) -> float | None:
        return self.cost_grosze / self.price_points if self.cost_grosze is not None else None


def shelf(
    session: Session,
    *,
    program_id: UUID,
    period: Period,
    on: date,
    offset: int = 0,
    limit: int = 50,
) -> list[ShelfRow]:
    """Rewards by price; `ordered` counts units of orders of the period that were not cancelled."""
    cost = (
        sa.select(col(Lot.unit_cost_grosze))
        .where(col(Lot.item_id) == col(Reward.item_id))
        .order_by(col(Lot.received_at).desc(), col(Lot.id).desc())
        .limit(1)
        .correlate(Reward)
        .scalar_subquery()
    )
    ordered = (
        sa.select(sa.func.coalesce(sa.func.sum(col(RedemptionLine.quantity)), 0))
        .select_from(RedemptionLine)
        .join(Redemption, col(Redemption.id) == col(RedemptionLine.redemption_id))
        .where(
            col(RedemptionLine.reward_id) == col(Reward.id),
            col(Redemption.placed_at) >= period.starts_at,
            col(Redemption.placed_at) < period.ends_at,
            col(Redemption.status) != RedemptionStatus.CANCELLED,
        )
        .correlate(Reward)
        .scalar_subquery()
    )
    rows: Any = session.execute(
        sa.select(Reward, cost, ordered)
        .where(col(Reward.program_id) == program_id)
        .order_by(col(Reward.price_points), col(Reward.name), col(Reward.id))
        .offset(offset)
        .limit(limit)
    ).all()
    levels = stock.levels(session, item_ids=[reward.item_id for reward, _, _ in rows], on=on)
    return [
        ShelfRow(
            reward_id=reward.id,
            name=reward.name,
            category=reward.category,
            price_points=reward.price_points,
            cost_grosze=grosze,
            on_hand=levels[reward.item_id].on_hand,
            reserved=levels[reward.item_id].reserved,
            available=levels[reward.item_id].available,
            ordered=int(number),
            published_at=reward.published_at,
            withdrawn_at=reward.withdrawn_at,
        )
        for reward, grosze, number in rows
    ]
