"""Reads of notices: a person's own list, and the outbox of the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.settings import Settings
from messages.kinds import Channel
from messages.render import Words, words
from messages.reveal import revealed
from messages.tables import Delivery, DeliveryStatus, Notice


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A message as it left, or waits to leave."""

    delivery_id: UUID
    channel: Channel
    address: str
    status: DeliveryStatus
    created_at: datetime
    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a person's own list."""

    notice_id: UUID
    kind: str
    created_at: datetime
    is_new: bool
    words: Words


def list_outbox(
    session: Session, *, settings: Settings, limit: int = 50, before: UUID | None = None
) -> Sequence[OutboxLine]:
    """The newest messages to anybody, secrets included: only for the demo."""
    statement = select(Delivery, Notice).join(Notice, col(Notice.id) == Delivery.notice_id)
    if before is not None:
        statement = statement.where(col(Delivery.id) < before)
    rows = session.exec(statement.order_by(col(Delivery.id).desc()).limit(limit)).all()
    return [
        OutboxLine(
            delivery_id=delivery.id,
            channel=delivery.channel,
            address=delivery.address,
            status=delivery.status,
            created_at=delivery.created_at,
            kind=notice.kind,
            words=_said(session, settings, notice),
        )
        for delivery, notice in rows
    ]


def list_notices(
    session: Session, *, settings: Settings, person_id: UUID, language: str = "", limit: int = 50
) -> Sequence[NoticeLine]:
    """A person's newest notices, in the language they read now or else as they were sent."""
    rows = session.exec(
        select(Notice)
        .where(Notice.person_id == person_id)
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(limit)
    ).all()
    return [
        NoticeLine(
            notice_id=notice.id,
            kind=notice.kind,
            created_at=notice.created_at,
            is_new=notice.read_at is None,
            words=_said(session, settings, notice, language),
        )
        for notice in rows
    ]


def count_new(session: Session, *, person_id: UUID) -> int:
    """How many notices the person has not seen in the list."""
    return session.exec(
        select(sa.func.count())
        .select_from(Notice)
        .where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    ).one()


def mark_read(session: Session, *, person_id: UUID, at: datetime) -> None:
    """The person has seen their list."""
    session.execute(
        sa.update(Notice)
        .where(col(Notice.person_id) == person_id, col(Notice.read_at).is_(None))
        .values(read_at=at)
    )


def _said(session: Session, settings: Settings, notice: Notice, language: str = "") -> Words:
    return words(
        notice.kind,
        language=language or notice.language,
        context=revealed(session, settings, notice),
        base_url=settings.base_url,
    )
