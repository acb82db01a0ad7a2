"""One-time codes for signing in: asked for, checked against, used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import secrets
from accounts.contacts import Contact, parse
from accounts.tables import SignInCode
from core.errors import DomainError, Kind, NotFound

PURPOSE = "sign-in-code"
LASTS = timedelta(minutes=10)
RESEND = timedelta(seconds=45)
ATTEMPTS = 5


class CodeTooSoon(DomainError):
    """This browser was sent a code a moment ago; `retry_after_s` until it may ask again."""

    kind = Kind.TOO_MANY
    code = "code-too-soon"


class Outcome(StrEnum):
    """A wrong code has to be counted, so it is a result to commit, not an error."""

    RIGHT = "right"
    WRONG = "wrong"
    ENDED = "ended"  # expired, used, or guessed too often


@dataclass(frozen=True, slots=True)
class Checked:
    outcome: Outcome
    attempts_left: int = 0
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """What the page that asks for a code shows."""

    code_id: UUID
    contact: Contact
    expires_at: datetime
    resend_at: datetime


def issue(session: Session, *, contact: Contact, visitor: str, at: datetime) -> UUID:
    """A new code for this contact, valid only in the browser that asked; its id.

    Raises `CodeTooSoon`. Earlier codes of this contact in this browser end; those of another
    browser go on, or anybody could keep a person from signing in.
    """
    mine = (
        col(SignInCode.contact) == contact.text,
        col(SignInCode.visitor_sha256) == secrets.fingerprint(visitor),
    )
    newest = session.exec(select(sa.func.max(SignInCode.created_at)).where(*mine)).one()
    if newest is not None and at < newest + RESEND:
        left = int((newest + RESEND - at).total_seconds()) + 1
        raise CodeTooSoon(contact.kind, retry_after_s=left)
    session.execute(
        sa.update(SignInCode).where(*mine, col(SignInCode.used_at).is_(None)).values(used_at=at)
    )
    row = SignInCode(
        contact=contact.text,
        visitor_sha256=secrets.fingerprint(visitor),
        salt=secrets.new_salt(),
        created_at=at,
        expires_at=at + LASTS,
    )
    session.add(row)
    session.flush()
    return row.id


def reveal(session: Session, *, key: bytes, code_id: UUID) -> str:
    """The six digits, for the message that carries them. Raises `NotFound`."""
    row = session.get(SignInCode, code_id)
    if row is None:
        raise NotFound("no such code")
    return _digits(row, key)


def find_pending(session: Session, *, code_id: UUID, visitor: str) -> Pending | None:
    """The code that this browser waits for; `None` for any other browser."""
    row = session.get(SignInCode, code_id)
    if row is None or row.visitor_sha256 != secrets.fingerprint(visitor):
        return None
    return Pending(row.id, parse(row.contact), row.expires_at, row.created_at + RESEND)


def check(
    session: Session, *, key: bytes, code_id: UUID, visitor: str, given: str, at: datetime
) -> Checked:
    """Compare what was typed; every comparison counts. Commit whatever the outcome is."""
    row = session.execute(
        sa.update(SignInCode)
        .where(
            col(SignInCode.id) == code_id,
            col(SignInCode.visitor_sha256) == secrets.fingerprint(visitor),
            col(SignInCode.used_at).is_(None),
            col(SignInCode.expires_at) > at,
            col(SignInCode.attempts) < ATTEMPTS,
        )
        .values(attempts=SignInCode.attempts + 1)
        .returning(SignInCode)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        return Checked(Outcome.ENDED)
    if not secrets.equal("".join(given.split()), _digits(row, key)):
        return Checked(Outcome.WRONG, attempts_left=ATTEMPTS - row.attempts)
    row.used_at = at
    session.add(row)
    session.flush()
    return Checked(Outcome.RIGHT, contact=parse(row.contact))


def forget(session: Session, *, before: datetime) -> None:
    """Delete codes that were asked for before that moment."""
    session.execute(sa.delete(SignInCode).where(col(SignInCode.created_at) < before))


def _digits(row: SignInCode, key: bytes) -> str:
    return secrets.digits(key, row.id.bytes, row.salt)
