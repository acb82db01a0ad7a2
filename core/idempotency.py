"""A retried POST has one effect: key and answer are stored in the effect's transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col

from core.columns import json_field, moment
from core.errors import DomainError, Invalid, Kind


class IdempotentAnswer(SQLModel, table=True):
    """What the first request with this key was answered; another's key is invisible."""

    __tablename__ = "idempotent_answer"

    actor: str = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    route: str
    body_sha256: str
    status: int | None = None
    headers: dict[str, str] = json_field(default_factory=dict)
    body: bytes = b""
    created_at: datetime = moment(index=True)


class KeyReused(DomainError):
    """The same key came with another request: a client's mistake."""

    kind = Kind.INVALID
    code = "idempotency-key-reused"


class StillRunning(DomainError):
    """The first request with this key has not been answered yet."""

    kind = Kind.CONFLICT
    code = "still-running"


def begin(
    session: Session, *, actor: str, key: str, route: str, body_sha256: str, at: datetime
) -> IdempotentAnswer | None:
    """`None`: go on, the key is ours. Else the stored answer of the first request.

    A loser of the race waits on the primary key until the winner commits. Raises `KeyReused`,
    `StillRunning`, `Invalid` for a key that is no key.
    """
    if not 8 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise Invalid(
            "an idempotency key has 8 to 200 printable characters", field="idempotency_key"
        )
    made = session.execute(
        insert(IdempotentAnswer)
        .values(
            actor=actor,
            key=key,
            route=route,
            body_sha256=body_sha256,
            headers={},
            body=b"",
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(col(IdempotentAnswer.key))
    ).first()
    if made is not None:
        return None
    known = session.get_one(IdempotentAnswer, (actor, key))
    if known.route != route or known.body_sha256 != body_sha256:
        raise KeyReused(key)
    if known.status is None:
        raise StillRunning(key)
    return known


def answer(
    session: Session, *, actor: str, key: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Store the answer beside its effect."""
    session.execute(
        sa.update(IdempotentAnswer)
        .where(col(IdempotentAnswer.actor) == actor, col(IdempotentAnswer.key) == key)
        .values(status=status, headers=headers, body=body)
    )


def forget(session: Session, *, before: datetime) -> None:
    session.execute(sa.delete(IdempotentAnswer).where(col(IdempotentAnswer.created_at) < before))
