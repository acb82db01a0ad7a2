"""Keeps what KSeF says of a wholesaler's sales: in full for enrolled firms, else as a hash.

A local store answers every claim; nobody's click ever calls KSeF (its limits are per hour).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.queue import Job, later
from partners.ksef import LONGEST_RANGE_DAYS, Metadata, Page
from partners.ksef_tables import ConnectionStatus, KsefConnection, KsefInvoice, KsefKey
from programs.tables import Participant, ProgramPartner
from verification import ksef_corrections

SYNC = Job("verification.sync_ksef", timeout_s=300, lease_s=60)
KEY_PURPOSE = "ksef-metadata"
EVERY_S = 900  # KSeF asks for at most one round in a quarter of an hour
SLACK_S = 120  # a round ends somewhat after its turn began


@dataclass(frozen=True, slots=True)
class Due:
    """Where the sync of a connection goes on."""

    connection_id: UUID
    partner_id: UUID
    nip: str
    environment: str
    since: datetime
    until: datetime
    offset: int


def metadata_key(key: bytes, *, invoice_hash: bytes, seller_nip: str, buyer_nip: str) -> bytes:
    """What is kept of an invoice to a firm that is not enrolled."""
    text = b"|".join((invoice_hash, seller_nip.encode(), buyer_nip.encode()))
    return hmac.digest(key, text, hashlib.sha256)[:16]


def ask_all(session: Session, *, at: datetime) -> int:
    """Ask for this turn's sync of every living connection that KSeF lets in."""
    rested = at - timedelta(seconds=EVERY_S - SLACK_S)
    due = session.exec(
        select(KsefConnection.id).where(
            KsefConnection.status == ConnectionStatus.ACTIVE,
            sa.or_(col(KsefConnection.busy_until).is_(None), col(KsefConnection.busy_until) <= at),
            # A new connection's first round may lie between two turns.
            sa.or_(
                col(KsefConnection.synced_at).is_(None), col(KsefConnection.synced_at) <= rested
            ),
        )
    ).all()
    turn = int(at.timestamp()) // EVERY_S
    for connection_id in due:
        key = f"ksef-sync-{connection_id}-{turn}"
        later(session, SYNC, key=key, at=at, connection_id=str(connection_id))
    return len(due)


def ask_first(session: Session, *, connection_id: UUID, at: datetime) -> None:
    """A new connection does not wait for the quarter's turn."""
    key = f"ksef-sync-{connection_id}-first"
    later(session, SYNC, key=key, at=at, connection_id=str(connection_id))


def find_due(session: Session, *, connection_id: UUID, at: datetime) -> Due | None:
    """Where to go on, or `None` when the connection ended or KSeF asked to wait."""
    row = session.get_one(KsefConnection, connection_id)
    if row.status is not ConnectionStatus.ACTIVE or (row.busy_until and row.busy_until > at):
        return None
    until = min(at, row.cursor_at + timedelta(days=LONGEST_RANGE_DAYS))
    return Due(
        row.id, row.partner_id, row.nip, row.environment, row.cursor_at, until, row.page_offset
    )


def store(session: Session, due: Due, page: Page, *, key: bytes, at: datetime) -> Due | None:
    """Keep one page and move the cursor in the same transaction; where the next page begins.

    `None` when all is read, or when the connection was ended in the meantime: then nothing is kept.
    """
    row = session.exec(
        select(KsefConnection)
        .where(KsefConnection.id == due.connection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.status is not ConnectionStatus.ACTIVE:
        return None
    _keep(session, due.partner_id, page.invoices, key)
    ksef_corrections.ask(session, connection=row, found=page.invoices, at=at)
    row.invoices += len(page.invoices)
    last = page.invoices[-1].stored_at if page.invoices else None
    if page.truncated and last is not None and last > row.cursor_at:
        # 10,000 records per question: ask anew from the last one; what repeats is kept once.
        row.cursor_at, row.page_offset, goes_on = last, 0, True
    elif page.has_more:
        row.page_offset, goes_on = due.offset + 1, True
    else:
        row.cursor_at = max(row.cursor_at, min(page.complete_until or due.until, due.until))
        row.page_offset, goes_on = 0, at - due.until > timedelta(hours=1)
    row.synced_at, row.busy_until, row.last_error = at, None, ""
    session.add(row)
    session.flush()
    return find_due(session, connection_id=row.id, at=at) if goes_on else None


def _keep(session: Session, partner_id: UUID, found: Sequence[Metadata], key: bytes) -> None:
    enrolled = set(
        session.exec(
            select(Participant.nip)
            .join(ProgramPartner, col(ProgramPartner.program_id) == col(Participant.program_id))
            .where(
                ProgramPartner.partner_id == partner_id,
                col(Participant.nip).in_({one.buyer_nip for one in found}),
            )
        )
    )
    known = [one for one in found if one.buyer_nip in enrolled]
    keys = {
        metadata_key(
            key,
            invoice_hash=one.invoice_hash,
            seller_nip=one.seller_nip,
            buyer_nip=one.buyer_nip,
        ): one.stored_at
        for one in found
        if one.buyer_nip and one.buyer_nip not in enrolled
    }
    if known:
        session.execute(
            insert(KsefInvoice)
            .values([_values(partner_id, one) for one in known])
            .on_conflict_do_nothing()
        )
    if keys:
        session.execute(
            insert(KsefKey)
            .values(
                [{"partner_id": partner_id, "key": k, "stored_at": keys[k]} for k in sorted(keys)]
            )
            .on_conflict_do_nothing()
        )


def _values(partner_id: UUID, one: Metadata) -> dict[str, object]:
    return {
        "partner_id": partner_id,
        "ksef_number": one.ksef_number,
        "invoice_number": one.invoice_number,
        "invoice_hash": one.invoice_hash,
        "seller_nip": one.seller_nip,
        "buyer_nip": one.buyer_nip,
        "issued_on": one.issued_on,
        "kind": one.kind,
        "gross_grosze": one.gross_grosze,
        "stored_at": one.stored_at,
        "corrects": one.corrects,
    }


def note_busy(session: Session, *, connection_id: UUID, until: datetime) -> None:
    """KSeF asked to wait: no call of this connection before then."""
    _update(session, connection_id, busy_until=until, last_error="busy")


def note_refused(session: Session, *, connection_id: UUID) -> None:
    """The token opens nothing: the connection waits for a person, the token is forgotten."""
    _update(
        session,
        connection_id,
        status=ConnectionStatus.REFUSED,
        token_sealed=None,
        last_error="refused",
    )


def note_unavailable(session: Session, *, connection_id: UUID) -> None:
    _update(session, connection_id, last_error="unavailable")


def _update(session: Session, connection_id: UUID, **values: object) -> None:
    session.execute(
        sa.update(KsefConnection)
        .where(
            col(KsefConnection.id) == connection_id,
            col(KsefConnection.status) == ConnectionStatus.ACTIVE,
        )
        .values(**values)
    )
