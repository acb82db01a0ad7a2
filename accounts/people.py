"""People: found by contact, made on their first proven contact, changed by themselves, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import grants, sessions
from accounts.contacts import Contact, ContactKind
from accounts.tables import ApiKey, Password, Person, RecoveryCode, SecondFactor
from core import audit
from core.columns import new_id
from core.errors import DomainError, Invalid, Kind, NotFound

LANGUAGES = ("pl", "en", "uk", "de")
THEMES = ("system", "light", "dark")
LONGEST_NAME = 200


class ContactTaken(DomainError):
    """Another account already has this address or number."""

    kind = Kind.CONFLICT
    code = "contact-taken"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person sees of their own account."""

    person_id: UUID
    name: str
    email: str
    phone: str
    language: str
    theme: str
    created_at: datetime
    has_password: bool


def _holds(contact: Contact) -> sa.ColumnElement[bool]:
    column = Person.email if contact.kind is ContactKind.EMAIL else Person.phone
    return col(column) == contact.text


def find_by_contact(session: Session, contact: Contact) -> Person | None:
    """The person of this contact; disabled ones are found too."""
    return session.exec(select(Person).where(_holds(contact))).first()


def get_or_create(
    session: Session, *, contact: Contact, language: str, at: datetime, name: str = ""
) -> Person:
    """The person of a contact that was just proven; made when it is their first time."""
    values = {
        "id": new_id(),
        "name": name.strip()[:LONGEST_NAME],
        contact.kind.value: contact.text,
        "language": language if language in LANGUAGES else "pl",
        "theme": "system",
        "created_at": at,
    }
    # Two first sign-ins at once make one person: the loser finds the winner's row.
    session.execute(insert(Person).values(values).on_conflict_do_nothing())
    person = find_by_contact(session, contact)
    assert person is not None
    return person


def get(session: Session, person_id: UUID) -> Person:
    """Raises `NotFound`."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("no such person")
    return person


def get_profile(session: Session, *, person_id: UUID) -> Profile:
    """Raises `NotFound`."""
    person = get(session, person_id)
    return Profile(
        person_id=person.id,
        name=person.name,
        email=person.email or "",
        phone=person.phone or "",
        language=person.language,
        theme=person.theme,
        created_at=person.created_at,
        has_password=session.get(Password, person_id) is not None,
    )


def rename(session: Session, *, person_id: UUID, name: str) -> None:
    """Raises `Invalid` for an empty or endless name."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("a name has 1 to 200 letters", field="name")
    get(session, person_id).name = name


def prefer(
    session: Session, *, person_id: UUID, language: str | None = None, theme: str | None = None
) -> None:
    """Set language or theme; what we do not offer is ignored."""
    person = get(session, person_id)
    if language in LANGUAGES:
        person.language = language
    if theme in THEMES:
        person.theme = theme


def add_contact(session: Session, *, person_id: UUID, contact: Contact) -> None:
    """Put a proven contact beside or in the place of the old one. Raises `ContactTaken`."""
    owner = find_by_contact(session, contact)
    if owner is not None and owner.id != person_id:
        raise ContactTaken(contact.kind, field="contact")
    person = get(session, person_id)
    if contact.kind is ContactKind.EMAIL:
        person.email = contact.text
    else:
        person.phone = contact.text
    session.flush()


def disable(session: Session, *, person_id: UUID, by: str, at: datetime) -> None:
    """Shut an account: every session ends, keys stop, nothing is deleted. Raises `NotFound`."""
    person = get(session, person_id)
    if person.disabled_at is None:
        person.disabled_at = at
        sessions.end_all(session, person_id=person_id)
        _record(session, "account disabled", person_id, by, at)


def erase(session: Session, *, person_id: UUID, by: str, at: datetime) -> None:
    """Forget who this was; the id stays, so that ledgers and history still add up.

    What other areas know about the person is erased by them (see web.personal_data).
    Raises `NotFound`.
    """
    person = get(session, person_id)
    if person.erased_at is not None:
        return
    person.name, person.email, person.phone, person.erased_at = "", None, None, at
    sessions.end_all(session, person_id=person_id)
    for held in grants.list_grants(session, person_id=person_id):
        grants.end_grant(session, person_id=person_id, grant=held, by=by, at=at)
    for table in (Password, SecondFactor, RecoveryCode):
        session.execute(sa.delete(table).where(col(table.person_id) == person_id))
    session.execute(
        sa.update(ApiKey)
        .where(col(ApiKey.person_id) == person_id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=at)
    )
    _record(session, "account erased", person_id, by, at)


def _record(session: Session, action: str, person_id: UUID, by: str, at: datetime) -> None:
    subject = f"person:{person_id}"
    audit.record(session, chain="accounts", actor=by, action=action, subject=subject, at=at)
