"""Codes and links on their way to people who want to sign in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from accounts import codes, grants, passwords, people
from accounts.contacts import Contact, ContactInvalid, ContactKind
from accounts.roles import Grant
from messages.kinds import PASSWORD_LINK, SIGN_IN_CODE
from messages.service import notify, notify_contact


def send_code(
    session: Session, *, contact: Contact, visitor: str, language: str, at: datetime
) -> UUID:
    """Send a one-time code to a contact, known to us or not: the answer tells nobody which.

    The id of the code. Raises `CodeTooSoon`.
    """
    code_id = codes.issue(session, contact=contact, visitor=visitor, at=at)
    notify_contact(
        session,
        contact=contact,
        kind=SIGN_IN_CODE.name,
        event_key=f"sign-in-code:{code_id}",
        language=language,
        at=at,
        code_id=str(code_id),
    )
    return code_id


def invite_staff(
    session: Session, *, contact: Contact, name: str, grant: Grant, by: str, at: datetime
) -> UUID:
    """Give somebody a role and send them the link for their first password; the person's id.

    `contact` is an e-mail address: a second factor and a link by SMS would be the same telephone.
    Raises `ContactInvalid`.
    """
    if contact.kind is not ContactKind.EMAIL:
        raise ContactInvalid("staff are invited by e-mail", field="contact")
    person = people.get_or_create(session, contact=contact, language="pl", at=at, name=name)
    grants.grant(session, person_id=person.id, grant=grant, by=by, at=at)
    if not passwords.has_password(session, person_id=person.id):
        send_password_link(session, person_id=person.id, at=at)
    return person.id


def send_password_link(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Send a person the link with which they set their password."""
    link_id = passwords.issue_link(session, person_id=person_id, at=at)
    notify(
        session,
        person_id=person_id,
        kind=PASSWORD_LINK.name,
        event_key=f"password-link:{link_id}",
        at=at,
        link_id=str(link_id),
    )
