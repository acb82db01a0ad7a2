"""A wholesaler's connection to KSeF: made with a token that nobody sees again, ended at will."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.errors import DomainError, Invalid, Kind, NotFound
from partners.ksef_tables import ConnectionStatus, KsefConnection, KsefInvoice, KsefKey
from partners.queries import get_partner

PURPOSE = "ksef-token"
ENVIRONMENTS = ("production", "demo", "test")
STAND_IN = "stand_in"  # a register of our own, for demos
LOOK_BACK = timedelta(days=80)


class AlreadyConnected(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "ksef-already-connected"


class NotConnected(NotFound):
    code = "ksef-not-connected"


def seal(key: bytes, *, connection_id: UUID, token: str) -> bytes:
    """The token under AES-256-GCM, bound to its connection; `key` is outside the database."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - of the extra

    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, token.encode(), connection_id.bytes)


def unseal(key: bytes, connection: KsefConnection) -> str:
    """The token of a living connection. Raises `NotConnected` when it was forgotten."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    sealed = connection.token_sealed
    if sealed is None:
        raise NotConnected
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], connection.id.bytes).decode()
    except InvalidTag as error:
        raise NotConnected("the token was sealed with another key") from error


def find(session: Session, *, partner_id: UUID) -> KsefConnection | None:
    """The wholesaler's connection that was not ended."""
    return session.exec(
        select(KsefConnection).where(
            KsefConnection.partner_id == partner_id,
            col(KsefConnection.status) != ConnectionStatus.REVOKED,
        )
    ).one_or_none()


def connect(
    session: Session,
    *,
    partner_id: UUID,
    person_id: UUID,
    environment: str,
    token: str,
    key: bytes,
    at: datetime,
) -> KsefConnection:
    """Connect a wholesaler; its sales of the last months are synced in the background.

    Raises `AlreadyConnected`, `Invalid`.
    """
    token = token.strip()
    if environment not in (*ENVIRONMENTS, STAND_IN):
        raise Invalid("no such environment", field="environment")
    if not 16 <= len(token) <= 500 or not token.isascii() or not token.isprintable():
        raise Invalid("this is no KSeF token", field="token")
    if find(session, partner_id=partner_id) is not None:
        raise AlreadyConnected
    connection = KsefConnection(
        partner_id=partner_id,
        nip=get_partner(session, partner_id).nip,
        environment=environment,
        connected_by=person_id,
        connected_at=at,
        cursor_at=at - LOOK_BACK,
    )
    connection.token_sealed = seal(key, connection_id=connection.id, token=token)
    session.add(connection)
    session.flush()
    _record(session, connection, person_id, "ksef.connect", at)
    return connection


def revoke(session: Session, *, partner_id: UUID, person_id: UUID, at: datetime) -> None:
    """End the connection and forget the token at once; synced metadata goes too.

    Proofs that were recorded stay: they are history. Raises `NotConnected`.
    """
    connection = session.exec(
        select(KsefConnection)
        .where(
            KsefConnection.partner_id == partner_id,
            col(KsefConnection.status) != ConnectionStatus.REVOKED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if connection is None:
        raise NotConnected
    connection.status, connection.token_sealed = ConnectionStatus.REVOKED, None
    connection.revoked_by, connection.revoked_at = person_id, at
    session.add(connection)
    session.flush()
    for table in (KsefInvoice, KsefKey):
        session.execute(sa.delete(table).where(col(table.partner_id) == partner_id))
    _record(session, connection, person_id, "ksef.revoke", at)


def _record(
    session: Session, connection: KsefConnection, person_id: UUID, action: str, at: datetime
) -> None:
    audit.record(
        session,
        chain="partners",
        actor=f"person:{person_id}",
        action=action,
        subject=f"partner:{connection.partner_id}",
        at=at,
        environment=connection.environment,
    )
