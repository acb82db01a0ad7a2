"""Forgetting what was kept for later claims once no claim can ask for it any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.clock import local_date
from partners.ksef_tables import KsefInvoice, KsefKey
from programs import queries as program_queries
from programs.tables import Program, ProgramPartner
from verification.feed_tables import FeedStatus, SalesCorrection, SalesFeed, SalesKey

PORTION = 20_000  # rows a statement
MOST = 20  # statements a run; the next run goes on


def kept_for(session: Session, partner_id: UUID, *, at: datetime) -> timedelta:
    """How long a sale of this wholesaler can still be claimed: its programmes' longest window.

    Nothing where no programme of it takes claims any more.
    """
    programs = session.exec(
        select(Program)
        .join(ProgramPartner, col(ProgramPartner.program_id) == col(Program.id))
        .where(ProgramPartner.partner_id == partner_id, Program.claim_until >= local_date(at))
    ).all()
    days = [program_queries.settings_of(program).claim_window_days for program in programs]
    return timedelta(days=max(days, default=0))


def forget_kept(session: Session, *, at: datetime, portion: int = PORTION, most: int = MOST) -> int:
    """Delete the hashes of sales files and of KSeF, and KSeF's metadata, whose time has passed.

    What is in them was sold before they came, so a claim's window counts from then. How many rows;
    at most `most` statements of `portion` rows.
    """
    gone = 0
    partners = session.execute(
        sa.union(
            sa.select(col(SalesFeed.partner_id)).where(
                col(SalesFeed.keys_forgotten_at).is_(None),
                col(SalesFeed.status) == FeedStatus.DONE,
            ),
            sa.select(col(KsefKey.partner_id)).distinct(),
            sa.select(col(KsefInvoice.partner_id)).distinct(),
        )
    ).scalars()
    for partner_id in list(partners):
        end = at - kept_for(session, partner_id, at=at)
        for table, condition in _due(session, partner_id, end):
            while most > 0:
                most -= 1
                deleted = _delete(session, table, condition, portion)
                gone += deleted
                if deleted < portion:
                    break
        if most <= 0:
            break
        session.execute(
            sa.update(SalesFeed)
            .where(
                col(SalesFeed.partner_id) == partner_id,
                col(SalesFeed.status) == FeedStatus.DONE,
                col(SalesFeed.created_at) < end,
                col(SalesFeed.keys_forgotten_at).is_(None),
            )
            .values(keys_forgotten_at=at)
        )
    return gone


def _due(session: Session, partner_id: UUID, end: datetime) -> list[tuple[Any, Any]]:
    feeds = session.exec(
        select(SalesFeed.id).where(
            SalesFeed.partner_id == partner_id,
            SalesFeed.status == FeedStatus.DONE,
            SalesFeed.created_at < end,
            col(SalesFeed.keys_forgotten_at).is_(None),
        )
    ).all()
    found: list[tuple[Any, Any]] = [
        (KsefKey, sa.and_(col(KsefKey.partner_id) == partner_id, col(KsefKey.stored_at) < end)),
        (
            KsefInvoice,
            sa.and_(
                col(KsefInvoice.partner_id) == partner_id,
                col(KsefInvoice.issued_on) < local_date(end),
            ),
        ),
    ]
    if feeds:
        mine = sa.and_(col(SalesKey.partner_id) == partner_id, col(SalesKey.feed_id).in_(feeds))
        found.append((SalesKey, mine))
        found.append((SalesCorrection, col(SalesCorrection.feed_id).in_(feeds)))
    return found


def _delete(session: Session, table: Any, condition: Any, portion: int) -> int:
    key = sa.tuple_(*sa.inspect(table).primary_key)
    some = sa.select(*sa.inspect(table).primary_key).where(condition).limit(portion)
    result: Any = session.execute(
        sa.delete(table).where(key.in_(some)).execution_options(synchronize_session=False)
    )
    return int(result.rowcount)
