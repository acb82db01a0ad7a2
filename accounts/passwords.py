"""Passwords of staff: hashed with Argon2id, checked in constant effort, set by a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from accounts import people, secrets, sessions
from accounts.contacts import Contact
from accounts.policy import PasswordFault, password_fault
from accounts.tables import Password, PasswordLink, Person
from core import audit
from core.errors import Invalid, Kind, NotFound

PURPOSE = "password-link"
LINK_LASTS = timedelta(hours=24)

# OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class PasswordWeak(Invalid):
    """`fault` says why the password was refused."""

    code = "password-weak"


class LinkEnded(Invalid):
    """The link was used, has expired, or never was."""

    kind = Kind.NOT_FOUND
    code = "link-ended"


@cache
def _dummy() -> str:
    return _HASHER.hash(secrets.new_token())


def set_password(session: Session, *, person_id: UUID, password: str, at: datetime) -> None:
    """Replace the password and end every session. Raises `PasswordWeak`, `NotFound`."""
    person = people.get(session, person_id)
    about = [person.name, person.email or "", person.phone or ""]
    fault: PasswordFault | None = password_fault(password, about=about)
    if fault is not None:
        raise PasswordWeak(fault.value, field="password", fault=fault.value)
    made = {"hash": _HASHER.hash(password), "changed_at": at}
    session.execute(
        insert(Password)
        .values(person_id=person_id, **made)
        .on_conflict_do_update(index_elements=["person_id"], set_=made)
    )
    sessions.end_all(session, person_id=person_id)
    audit.record(
        session,
        chain="accounts",
        actor=f"person:{person_id}",
        action="password set",
        subject=f"person:{person_id}",
        at=at,
    )


def check_password(session: Session, *, contact: Contact | None, password: str) -> Person | None:
    """The person whose password this is, or `None`. An unknown person costs the same time."""
    person = people.find_by_contact(session, contact) if contact is not None else None
    stored = session.get(Password, person.id) if person is not None else None
    try:
        _HASHER.verify(stored.hash if stored else _dummy(), password[:1000])
    except (VerificationError, InvalidHashError):
        return None
    if stored is None or person is None or person.disabled_at or person.erased_at:
        return None
    if _HASHER.check_needs_rehash(stored.hash):
        stored.hash = _HASHER.hash(password)
    return person


def has_password(session: Session, *, person_id: UUID) -> bool:
    return session.get(Password, person_id) is not None


def issue_link(session: Session, *, person_id: UUID, at: datetime) -> UUID:
    """A link with which the person may set a password; earlier links end."""
    session.execute(
        sa.update(PasswordLink)
        .where(col(PasswordLink.person_id) == person_id, col(PasswordLink.used_at).is_(None))
        .values(used_at=at)
    )
    link = PasswordLink(
        person_id=person_id, salt=secrets.new_salt(), created_at=at, expires_at=at + LINK_LASTS
    )
    session.add(link)
    session.flush()
    return link.id


def reveal_link(session: Session, *, key: bytes, link_id: UUID) -> str:
    """The secret part of the link's address, for the message. Raises `NotFound`."""
    link = session.get(PasswordLink, link_id)
    if link is None:
        raise NotFound("no such link")
    return secrets.words(key, link.id.bytes, link.salt)


def check_link(session: Session, *, key: bytes, link_id: UUID, token: str, at: datetime) -> UUID:
    """Whose link this is, without using it up. Raises `LinkEnded`."""
    link = session.get(PasswordLink, link_id)
    if link is None or link.used_at is not None or link.expires_at <= at:
        raise LinkEnded("the link has ended")
    if not secrets.equal(token, secrets.words(key, link.id.bytes, link.salt)):
        raise LinkEnded("the link has ended")
    return link.person_id


def use_link(
    session: Session, *, key: bytes, link_id: UUID, token: str, password: str, at: datetime
) -> UUID:
    """Set the password that the link allows; the person's id.

    Raises `LinkEnded`, `PasswordWeak`.
    """
    person_id = check_link(session, key=key, link_id=link_id, token=token, at=at)
    used = session.execute(
        sa.update(PasswordLink)
        .where(col(PasswordLink.id) == link_id, col(PasswordLink.used_at).is_(None))
        .values(used_at=at)
        .returning(col(PasswordLink.id))
    ).first()
    if used is None:
        raise LinkEnded("the link was used a moment ago")
    set_password(session, person_id=person_id, password=password, at=at)
    return person_id
