"""The second factor of staff: time-based codes (RFC 6238) and recovery codes."""

from __future__ import annotations

import base64
import secrets as random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import secrets
from accounts.tables import Person, RecoveryCode, SecondFactor
from core import audit

PURPOSE = "second-factor"
STEP_S = 30
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator application needs: the address in the QR code and the bare secret."""

    uri: str
    secret: str


def is_enrolled(session: Session, *, person_id: UUID) -> bool:
    row = session.get(SecondFactor, person_id)
    return row is not None and row.confirmed_at is not None


def begin_enrolment(session: Session, *, key: bytes, person: Person) -> Enrolment:
    """The secret to scan; the same one until it is confirmed."""
    session.execute(
        insert(SecondFactor)
        .values(person_id=person.id, salt=secrets.new_salt(), last_step=0)
        .on_conflict_do_nothing()
    )
    row = session.get_one(SecondFactor, person.id)
    secret = _secret(row, key)
    account = person.email or person.phone or person.name
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Zalicz")
    return Enrolment(uri, secret)


def confirm(
    session: Session, *, key: bytes, person_id: UUID, given: str, at: datetime
) -> list[str] | None:
    """Finish the enrolment with a first code; the recovery codes to show once, `None` if wrong."""
    if not _use(session, key=key, person_id=person_id, given=given, at=at):
        return None
    session.execute(
        sa.update(SecondFactor)
        .where(col(SecondFactor.person_id) == person_id, col(SecondFactor.confirmed_at).is_(None))
        .values(confirmed_at=at)
    )
    _record(session, "second factor enrolled", person_id, at)
    return new_recovery_codes(session, key=key, person_id=person_id, at=at)


def check(session: Session, *, key: bytes, person_id: UUID, given: str, at: datetime) -> bool:
    """Whether a code is right; each is accepted once. Takes recovery codes too."""
    given = "".join(given.split()).replace("-", "").lower()
    if len(given) == 6:
        return is_enrolled(session, person_id=person_id) and _use(
            session, key=key, person_id=person_id, given=given, at=at
        )
    used = session.execute(
        sa.update(RecoveryCode)
        .where(
            col(RecoveryCode.person_id) == person_id,
            col(RecoveryCode.code_hmac) == _hmac(key, person_id, given),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=at)
        .returning(col(RecoveryCode.id))
    ).first()
    if used is not None:
        _record(session, "recovery code used", person_id, at)
    return used is not None


def new_recovery_codes(session: Session, *, key: bytes, person_id: UUID, at: datetime) -> list[str]:
    """Ten new codes of 49 random bits; earlier ones stop working."""
    session.execute(sa.delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    made = ["".join(random.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    for code in made:
        session.add(
            RecoveryCode(person_id=person_id, code_hmac=_hmac(key, person_id, code), created_at=at)
        )
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in made]


def count_recovery_codes(session: Session, *, person_id: UUID) -> int:
    """How many are left."""
    return session.exec(
        select(sa.func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, col(RecoveryCode.used_at).is_(None))
    ).one()


def reset(session: Session, *, person_id: UUID, by: str, at: datetime) -> None:
    """Forget the factor of somebody who lost it; the next sign-in enrols a new one."""
    for table in (SecondFactor, RecoveryCode):
        session.execute(sa.delete(table).where(col(table.person_id) == person_id))
    _record(session, "second factor reset", person_id, at, by=by)


def _use(session: Session, *, key: bytes, person_id: UUID, given: str, at: datetime) -> bool:
    row = session.get(SecondFactor, person_id)
    if row is None:
        return False
    totp = pyotp.TOTP(_secret(row, key))
    now = int(at.timestamp()) // STEP_S
    # One step of drift to each side (RFC 6238 §5.2).
    steps = [
        step for step in (now - 1, now, now + 1) if secrets.equal(totp.at(step * STEP_S), given)
    ]
    if not steps:
        return False
    used = session.execute(
        sa.update(SecondFactor)
        .where(col(SecondFactor.person_id) == person_id, col(SecondFactor.last_step) < max(steps))
        .values(last_step=max(steps))
        .returning(col(SecondFactor.person_id))
    ).first()
    return used is not None


def _secret(row: SecondFactor, key: bytes) -> str:
    return base64.b32encode(secrets.keyed(key, row.person_id.bytes, row.salt)[:20]).decode()


def _hmac(key: bytes, person_id: UUID, code: str) -> bytes:
    return secrets.keyed(key, b"recovery", person_id.bytes, code.encode())


def _record(session: Session, action: str, person_id: UUID, at: datetime, *, by: str = "") -> None:
    subject = f"person:{person_id}"
    audit.record(
        session, chain="accounts", actor=by or subject, action=action, subject=subject, at=at
    )
