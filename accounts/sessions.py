"""Signed-in browsers: made, recognised, rotated and ended on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.grants import list_grants
from accounts.roles import STAFF, Grant
from accounts.secrets import fingerprint, new_token
from accounts.tables import LoginSession, Person, SessionStage

STAFF_IDLE = timedelta(minutes=30)
PARTICIPANT_IDLE = timedelta(days=30)
LONGEST = timedelta(days=90)
STAFF_LONGEST = timedelta(hours=12)
UNFINISHED = timedelta(minutes=15)  # between the password and the second factor
SEEN_STEP = timedelta(minutes=1)  # a row is written at most once a minute


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session belongs to, as it stands now."""

    session_id: UUID
    stage: SessionStage
    person_id: UUID
    name: str
    language: str
    theme: str
    grants: frozenset[Grant]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A line of the list of signed-in devices."""

    session_id: UUID
    device: str
    created_at: datetime
    seen_at: datetime


def begin(
    session: Session,
    *,
    person_id: UUID,
    at: datetime,
    device: str = "",
    stage: SessionStage = SessionStage.FULL,
) -> str:
    """A new session; returns the token for the cookie, which is stored nowhere else."""
    grants = list_grants(session, person_id=person_id)
    staff = any(grant.role in STAFF for grant in grants)
    longest = STAFF_LONGEST if staff else LONGEST
    if stage is not SessionStage.FULL:
        longest = UNFINISHED
    token = new_token()
    session.add(
        LoginSession(
            token_sha256=fingerprint(token),
            person_id=person_id,
            stage=stage,
            idle_s=int((STAFF_IDLE if staff else PARTICIPANT_IDLE).total_seconds()),
            device=device[:80],
            created_at=at,
            seen_at=at,
            expires_at=at + longest,
        )
    )
    session.flush()
    return token


def find(session: Session, *, token: str, at: datetime) -> SignedIn | None:
    """Who the cookie's token stands for, or `None`: unknown, idle too long, ended, disabled."""
    if not 16 <= len(token) <= 100:
        return None
    row = session.exec(
        select(LoginSession, Person)
        .join(Person, col(Person.id) == LoginSession.person_id)
        .where(LoginSession.token_sha256 == fingerprint(token))
    ).first()
    if row is None:
        return None
    login, person = row
    idle_until = login.seen_at + timedelta(seconds=login.idle_s)
    if at >= min(idle_until, login.expires_at) or person.disabled_at or person.erased_at:
        return None
    if at - login.seen_at >= SEEN_STEP:
        # Two requests at once may both write: the later time wins, nothing else depends on it.
        session.execute(
            sa.update(LoginSession)
            .where(col(LoginSession.id) == login.id, col(LoginSession.seen_at) < at)
            .values(seen_at=at)
        )
    return SignedIn(
        session_id=login.id,
        stage=login.stage,
        person_id=person.id,
        name=person.name,
        language=person.language,
        theme=person.theme,
        grants=list_grants(session, person_id=person.id),
    )


def end(session: Session, *, session_id: UUID) -> None:
    session.execute(sa.delete(LoginSession).where(col(LoginSession.id) == session_id))


def end_all(session: Session, *, person_id: UUID, but: UUID | None = None) -> int:
    """End every session of a person, except one; the number of ended ones."""
    statement = sa.delete(LoginSession).where(col(LoginSession.person_id) == person_id)
    if but is not None:
        statement = statement.where(col(LoginSession.id) != but)
    return len(session.execute(statement.returning(col(LoginSession.id))).all())


def list_open(session: Session, *, person_id: UUID, at: datetime) -> Sequence[OpenSession]:
    """The devices a person is signed in on, the last used first."""
    rows = session.exec(
        select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.stage == SessionStage.FULL,
            col(LoginSession.expires_at) > at,
        )
        .order_by(col(LoginSession.seen_at).desc())
    )
    return [
        OpenSession(row.id, row.device, row.created_at, row.seen_at)
        for row in rows
        if row.seen_at + timedelta(seconds=row.idle_s) > at
    ]


def forget_ended(session: Session, *, at: datetime) -> None:
    """Delete the rows of sessions that ended by themselves."""
    idle_end = col(LoginSession.seen_at) + sa.func.make_interval(
        0, 0, 0, 0, 0, 0, col(LoginSession.idle_s)
    )
    session.execute(
        sa.delete(LoginSession).where(sa.or_(col(LoginSession.expires_at) < at, idle_end < at))
    )
