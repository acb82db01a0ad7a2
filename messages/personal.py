"""What messages know about a person, to show and to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from messages.tables import Delivery, Notice, NoticeChoice


def show(session: Session, *, person_id: UUID) -> list[dict[str, Any]]:
    """Every notice with its facts and the addresses it went to."""
    notices = session.exec(
        select(Notice).where(Notice.person_id == person_id).order_by(col(Notice.id))
    ).all()
    deliveries = session.exec(
        select(Delivery)
        .join(Notice, col(Notice.id) == Delivery.notice_id)
        .where(Notice.person_id == person_id)
    ).all()
    return [
        {
            "kind": notice.kind,
            "at": notice.created_at,
            "facts": notice.context,
            "sent_to": sorted(d.address for d in deliveries if d.notice_id == notice.id),
        }
        for notice in notices
    ]


def forget(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Delete what was written to the person."""
    del at
    mine = sa.select(col(Notice.id)).where(col(Notice.person_id) == person_id)
    session.execute(sa.delete(Delivery).where(col(Delivery.notice_id).in_(mine)))
    session.execute(sa.delete(Notice).where(col(Notice.person_id) == person_id))
    session.execute(sa.delete(NoticeChoice).where(col(NoticeChoice.person_id) == person_id))
