"""Forgets what nobody can use any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from accounts import codes, rates, sessions

KEEP = timedelta(days=2)


def forget(session: Session, *, at: datetime) -> None:
    """Ended sessions at once, one-time codes and counts of attempts after two days."""
    sessions.forget_ended(session, at=at)
    codes.forget(session, before=at - KEEP)
    rates.forget(session, before=at - KEEP)
