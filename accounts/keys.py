"""Keys of programs: made once, shown once, checked by hash, revoked at any time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.grants import list_grants
from accounts.roles import Grant
from accounts.secrets import fingerprint, new_token
from accounts.tables import ApiKey, Person
from core import audit
from core.errors import Invalid, NotFound

PREFIX = "zal_"
USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What a valid key stands for."""

    key_id: UUID
    person_id: UUID
    name: str
    grant: Grant
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the list of keys."""

    key_id: UUID
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def create(
    session: Session,
    *,
    person_id: UUID,
    grant: Grant,
    name: str,
    permissions: Iterable[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new key that acts with one of its maker's grants; returns the token, stored nowhere.

    Raises `Invalid` for a grant that the person does not hold, no name or no permission.
    """
    wanted = sorted(set(permissions))
    if not name.strip():
        raise Invalid("a key needs a name", field="name")
    if not wanted:
        raise Invalid("a key needs a permission", field="permissions")
    if grant not in list_grants(session, person_id=person_id):
        raise Invalid("this role is not held", field="grant")
    token = PREFIX + new_token()
    key = ApiKey(
        person_id=person_id,
        name=name.strip()[:100],
        role=grant.role,
        scope=grant.scope,
        permissions=wanted,
        secret_sha256=fingerprint(token),
        created_at=at,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    _record(session, "api key created", key.id, person_id, at)
    return token


def find(session: Session, *, token: str, at: datetime) -> KeyHolder | None:
    """What the token stands for; `None` when unknown, expired, revoked, or its grant has ended."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    row = session.exec(
        select(ApiKey, Person)
        .join(Person, col(Person.id) == ApiKey.person_id)
        .where(ApiKey.secret_sha256 == fingerprint(token), col(ApiKey.revoked_at).is_(None))
    ).first()
    if row is None:
        return None
    key, person = row
    grant = Grant(key.role, key.scope)
    if (
        (key.expires_at is not None and key.expires_at <= at)
        or person.disabled_at
        or person.erased_at
        or grant not in list_grants(session, person_id=person.id)
    ):
        return None
    if key.used_at is None or at - key.used_at >= USED_STEP:
        session.execute(sa.update(ApiKey).where(col(ApiKey.id) == key.id).values(used_at=at))
    return KeyHolder(key.id, person.id, key.name, grant, frozenset(key.permissions))


def revoke(session: Session, *, key_id: UUID, person_id: UUID, at: datetime) -> None:
    """End a key of this person at once. Raises `NotFound`."""
    done = session.execute(
        sa.update(ApiKey)
        .where(
            col(ApiKey.id) == key_id,
            col(ApiKey.person_id) == person_id,
            col(ApiKey.revoked_at).is_(None),
        )
        .values(revoked_at=at)
        .returning(col(ApiKey.id))
    ).first()
    if done is None:
        raise NotFound("no such key")
    _record(session, "api key revoked", key_id, person_id, at)


def list_keys(session: Session, *, person_id: UUID) -> Sequence[KeyLine]:
    """All keys a person made, the newest first."""
    rows = session.exec(
        select(ApiKey).where(ApiKey.person_id == person_id).order_by(col(ApiKey.id).desc())
    )
    return [
        KeyLine(
            key_id=row.id,
            name=row.name,
            permissions=tuple(row.permissions),
            created_at=row.created_at,
            used_at=row.used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def _record(session: Session, action: str, key_id: UUID, person_id: UUID, at: datetime) -> None:
    audit.record(
        session,
        chain="accounts",
        actor=f"person:{person_id}",
        action=action,
        subject=f"api_key:{key_id}",
        at=at,
    )
