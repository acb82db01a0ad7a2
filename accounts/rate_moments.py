"""Limits over any stretch of time: the moments of one window, kept in one row for each key.

Whoever counts holds the row until the end of the transaction, so that any number at once are
counted one by one, and exactly. A refused attempt is not counted: it tried nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts.tables import RateMoments
from core.errors import DomainError, Kind

Slots = Sequence[tuple[str, int]]  # keys, each with its limit


class TooManyAttempts(DomainError):
    """The limit of a window is used up; `retry_after_s` says when the next attempt is free."""

    kind = Kind.TOO_MANY
    code = "too-many-attempts"


def spend(session: Session, slots: Slots, window_s: int, *, at: datetime) -> None:
    """Count one attempt under every key. Raises `TooManyAttempts`, after which nothing counts."""
    with session.begin_nested():
        for key, limit in slots:
            wanted = insert(RateMoments).values(key=key, moments=[at], last_at=at)
            # A change that changes nothing takes the row, whoever else is at it, also a deletion.
            found, is_new = session.execute(
                wanted.on_conflict_do_update(
                    index_elements=["key"], set_={"last_at": RateMoments.last_at}
                ).returning(col(RateMoments.moments), sa.literal_column("xmax = 0"))
            ).one()
            if is_new:
                continue
            kept = _kept(found, window_s, at)
            if len(kept) >= limit:
                raise _too_many(kept, limit, window_s, at)
            _write(session, key, [*kept, at])


def give_back(session: Session, slots: Slots, *, at: datetime) -> None:
    """Take back the attempt that was counted at this very moment; another one stays."""
    for key, _ in slots:
        found = _lock(session, key)
        if at in found:
            found.remove(at)
            _write(session, key, found)


def look(session: Session, slots: Slots, window_s: int, *, at: datetime) -> None:
    """Raise `TooManyAttempts` when a limit is used up, counting nothing."""
    for key, limit in slots:
        row = session.exec(select(RateMoments.moments).where(RateMoments.key == key)).first()
        kept = _kept(row or [], window_s, at)
        if len(kept) >= limit:
            raise _too_many(kept, limit, window_s, at)


def _lock(session: Session, key: str) -> list[datetime]:
    row = session.execute(
        sa.select(col(RateMoments.moments)).where(col(RateMoments.key) == key).with_for_update()
    ).scalar_one_or_none()
    return list(row or [])


def _write(session: Session, key: str, moments: Sequence[datetime]) -> None:
    mine = col(RateMoments.key) == key
    if moments:
        written = sa.update(RateMoments).where(mine).values(moments=moments, last_at=max(moments))
        session.execute(written)
    else:
        session.execute(sa.delete(RateMoments).where(mine))


def _kept(moments: Sequence[datetime], window_s: int, at: datetime) -> list[datetime]:
    return sorted(one for one in moments if one > at - timedelta(seconds=window_s))


def _too_many(kept: Sequence[datetime], limit: int, window_s: int, at: datetime) -> TooManyAttempts:
    """The next is free when so many of the oldest have left the window that one fits in."""
    leaves = kept[len(kept) - limit] + timedelta(seconds=window_s)
    return TooManyAttempts(retry_after_s=max(1, int((leaves - at).total_seconds())))
