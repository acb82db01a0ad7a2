"""Corrections that KSeF tells of: fetched for what was claimed here, settled like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import corrections as stored
from claims.correction_tables import CorrectionProof
from claims.identity import normalise_number
from claims.purchase_tables import Purchase
from claims.tables import Claim
from core.queue import Job, later
from ocr.reading import Reading
from partners import ksef_connection
from partners import queries as partner_queries
from partners.ksef import Metadata
from partners.ksef_tables import ConnectionStatus, KsefConnection, KsefInvoice
from verification import corrections

FETCH = Job("verification.fetch_ksef_correction", timeout_s=120, lease_s=60)


def ask(
    session: Session, *, connection: KsefConnection, found: Sequence[Metadata], at: datetime
) -> int:
    """Ask for the XML of corrections of invoices that somebody claimed; how many.

    The original is known by its hash, or by the metadata that named it. All others are left alone:
    nobody was paid for them.
    """
    asked = 0
    for one in found:
        if one.corrects is None:
            continue
        for program_id in _programs(session, connection, one.corrects):
            _fetch(session, connection, program_id, one.ksef_number, at)
            asked += 1
    return asked


def ask_for_claim(session: Session, *, claim_id: UUID, at: datetime) -> int:
    """Ask for the corrections of a claimed invoice that were registered before its claim came."""
    purchase = session.exec(
        select(Purchase)
        .join(Claim, col(Claim.purchase_id) == col(Purchase.id))
        .where(Claim.id == claim_id)
    ).one_or_none()
    seller = purchase.seller_nip if purchase is not None else None
    partner = partner_queries.find_by_nip(session, seller) if seller else None
    connection = ksef_connection.find(session, partner_id=partner.id) if partner else None
    if purchase is None or connection is None or connection.status is not ConnectionStatus.ACTIVE:
        return 0
    found = session.exec(
        select(KsefInvoice).where(
            KsefInvoice.partner_id == connection.partner_id,
            col(KsefInvoice.corrects).is_not(None),
            KsefInvoice.buyer_nip == purchase.buyer_nip,
        )
    )
    asked = 0
    for one in found:
        if one.corrects and purchase.program_id in _programs(session, connection, one.corrects):
            _fetch(session, connection, purchase.program_id, one.ksef_number, at)
            asked += 1
    return asked


def _fetch(
    session: Session, connection: KsefConnection, program_id: UUID, ksef_number: str, at: datetime
) -> None:
    later(
        session,
        FETCH,
        key=f"ksef-correction-{program_id}-{ksef_number}",
        at=at,
        connection_id=str(connection.id),
        program_id=str(program_id),
        ksef_number=ksef_number,
    )


def _programs(session: Session, connection: KsefConnection, corrected: bytes) -> Sequence[UUID]:
    """Where the corrected invoice was claimed: by its XML, or on a paper that bears its number."""
    named = session.exec(
        select(KsefInvoice).where(
            KsefInvoice.partner_id == connection.partner_id,
            KsefInvoice.invoice_hash == corrected,
        )
    ).all()
    same = [
        col(Purchase.ksef_hash) == corrected.hex(),
        *(col(Purchase.ksef_number) == one.ksef_number for one in named),
        *(col(Purchase.number_norm) == normalise_number(one.invoice_number) for one in named),
    ]
    return session.exec(
        select(Purchase.program_id)
        .where(Purchase.seller_nip == connection.nip, sa.or_(*same))
        .distinct()
    ).all()


def take_in(
    session: Session, *, connection_id: UUID, program_id: UUID, reading: Reading, at: datetime
) -> bool:
    """Keep and settle a correction that was fetched; False for what is none of this seller's.

    What it does not settle alone waits for a person, as if a participant had sent it.
    """
    connection = session.get_one(KsefConnection, connection_id)
    seller = reading.seller.vat_id
    if not stored.is_correction(reading) or seller is None or seller.value != connection.nip:
        return False
    partner = partner_queries.get_partner(session, connection.partner_id)
    made = stored.register_found(
        session,
        program_id=program_id,
        claim_id=None,
        reading=reading,
        partner_id=partner.id,
        proof=CorrectionProof.KSEF_FETCHED,
        at=at,
    )
    if made is None:
        return False
    corrections.settle(session, correction_id=made.id, at=at)
    return True
