"""Reads of the catalogue and of redemptions; scope functions fetch and check at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import NotFound
from logistics import stock
from rewards.states import RedemptionStatus
from rewards.tables import Redemption, RedemptionEvent, RedemptionLine, Reward


class RewardNotFound(NotFound):
    code = "reward-not-found"


class RedemptionNotFound(NotFound):
    code = "redemption-not-found"


def list_published(session: Session, *, program_id: UUID, at: datetime) -> list[Reward]:
    return list(
        session.exec(
            select(Reward)
            .where(
                Reward.program_id == program_id,
                col(Reward.published_at) <= at,
                sa.or_(col(Reward.withdrawn_at).is_(None), col(Reward.withdrawn_at) > at),
            )
            .order_by(col(Reward.price_points), col(Reward.name))
        )
    )


def get_published(session: Session, *, program_id: UUID, reward_id: UUID, at: datetime) -> Reward:
    """A reward that can be ordered now. Raises `RewardNotFound`."""
    reward = session.get(Reward, reward_id)
    if (
        reward is None
        or reward.program_id != program_id
        or reward.published_at is None
        or reward.published_at > at
        or (reward.withdrawn_at is not None and reward.withdrawn_at <= at)
    ):
        raise RewardNotFound
    return reward


def available(session: Session, rewards: Sequence[Reward], *, on: date) -> dict[UUID, int]:
    """Units of each reward that can be promised today."""
    levels = stock.levels(session, item_ids=[reward.item_id for reward in rewards], on=on)
    return {reward.id: levels[reward.item_id].available for reward in rewards}


def get_for_participant(
    session: Session, *, redemption_id: UUID, participant_id: UUID
) -> Redemption:
    redemption = session.get(Redemption, redemption_id)
    if redemption is None or redemption.participant_id != participant_id:
        raise RedemptionNotFound
    return redemption


def get_for_program(session: Session, *, redemption_id: UUID, program_id: UUID) -> Redemption:
    """For the programme's logistics people."""
    redemption = session.get(Redemption, redemption_id)
    if redemption is None or redemption.program_id != program_id:
        raise RedemptionNotFound
    return redemption


def list_for_participant(
    session: Session,
    *,
    participant_id: UUID,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> list[Redemption]:
    chosen = select(Redemption).where(Redemption.participant_id == participant_id)
    if before is not None:
        chosen = chosen.where(
            sa.tuple_(col(Redemption.placed_at), col(Redemption.id))
            < sa.tuple_(*map(sa.literal, before))
        )
    return list(
        session.exec(
            chosen.order_by(col(Redemption.placed_at).desc(), col(Redemption.id).desc()).limit(
                limit
            )
        )
    )


def list_for_program(
    session: Session,
    *,
    program_id: UUID,
    statuses: Sequence[RedemptionStatus],
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Redemption]:
    """The order queue: what was placed first comes first."""
    chosen = select(Redemption).where(
        Redemption.program_id == program_id, col(Redemption.status).in_(list(statuses))
    )
    if after is not None:
        chosen = chosen.where(
            sa.tuple_(col(Redemption.placed_at), col(Redemption.id))
            > sa.tuple_(*map(sa.literal, after))
        )
    return list(
        session.exec(chosen.order_by(col(Redemption.placed_at), col(Redemption.id)).limit(limit))
    )


def count_by_status(session: Session, program_id: UUID) -> dict[RedemptionStatus, int]:
    rows = session.execute(
        sa.select(col(Redemption.status), sa.func.count())
        .where(col(Redemption.program_id) == program_id)
        .group_by(col(Redemption.status))
    )
    return {status: int(number) for status, number in rows}


def list_lines(session: Session, redemption_id: UUID) -> list[tuple[RedemptionLine, Reward]]:
    rows = session.exec(
        select(RedemptionLine, Reward)
        .join(Reward, col(Reward.id) == col(RedemptionLine.reward_id))
        .where(RedemptionLine.redemption_id == redemption_id)
        .order_by(col(RedemptionLine.id))
    )
    return [(line, reward) for line, reward in rows]


def list_events(session: Session, redemption_id: UUID) -> list[RedemptionEvent]:
    return list(
        session.exec(
            select(RedemptionEvent)
            .where(RedemptionEvent.redemption_id == redemption_id)
            .order_by(col(RedemptionEvent.at), col(RedemptionEvent.id))
        )
    )
