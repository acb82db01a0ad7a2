"""Correcting invoices taken in once and linked to what they correct; their effect lies above."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims import purchases
from claims.correction_tables import (
    Correction,
    CorrectionOriginal,
    CorrectionProof,
    CorrectionStatus,
)
from claims.identity import normalise_number
from claims.keys import ksef_key, nip_of, number_key, text_of
from claims.purchase_tables import Purchase
from claims.tables import Claim
from core.columns import new_id
from core.errors import NotFound
from ocr.codec import encode
from ocr.reading import DocumentKind, Reading

UNKNOWN_ENCODING = "?"


class CorrectionNotFound(NotFound):
    code = "correction-not-found"


def is_correction(reading: Reading) -> bool:
    """Whether the document takes back or changes an earlier one instead of proving a purchase."""
    return reading.correction is not None or reading.kind in (
        DocumentKind.CORRECTED_INVOICE,
        DocumentKind.CREDIT_NOTE,
    )


def register(
    session: Session,
    claim: Claim,
    *,
    reading: Reading,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
    at: datetime,
) -> Correction | None:
    """Keep a correction that came with a claim; the same one twice is kept once.

    `None` when its seller or number could not be read: a person has to look.
    """
    return register_found(
        session,
        program_id=claim.program_id,
        claim_id=claim.id,
        reading=reading,
        partner_id=partner_id,
        proof=proof,
        at=at,
    )


def register_found(
    session: Session,
    *,
    program_id: UUID,
    claim_id: UUID | None,
    reading: Reading,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
    at: datetime,
) -> Correction | None:
    """As `register`, also for a correction that nobody claimed: a register told of it.

    One with a proof takes the place of one without, unless a person settled that already.
    """
    seller, number = nip_of(reading.seller.vat_id), text_of(reading.invoice_number)
    if seller is None or number is None:
        return None
    facts = _facts(reading, seller=seller, number=number, partner_id=partner_id, proof=proof)
    made = session.execute(
        insert(Correction)
        .values(
            id=new_id(),
            program_id=program_id,
            claim_id=claim_id,
            status=CorrectionStatus.WAITING,
            doubts=[],
            created_at=at,
            **facts,
        )
        .on_conflict_do_nothing()
        .returning(col(Correction.id))
    ).scalar_one_or_none()
    if made is None:
        known = _known(session, program_id, facts)
        if proof is None or known.proof is not None or known.settled_by is not None:
            return known
        for original in list_originals(session, known.id):
            session.delete(original)
        for name, value in {**facts, "doubts": [], "settled_at": None}.items():
            setattr(known, name, value)
        known.status, made = CorrectionStatus.WAITING, known.id
        session.add(known)
        session.flush()
    _name_originals(session, made, reading)
    return session.get_one(Correction, made, populate_existing=True)


def _facts(
    reading: Reading,
    *,
    seller: str,
    number: str,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
) -> dict[str, Any]:
    """The columns that a reading fills. An unproven file gets no hold on a number of KSeF."""
    seen = reading.correction
    return {
        "partner_id": partner_id,
        "seller_nip": seller,
        "number": number,
        "number_norm": normalise_number(number),
        "ksef_number": text_of(reading.ksef_number) if proof is not None else None,
        "issue_date": reading.issue_date.value if reading.issue_date else None,
        "encoding": seen.encoding if seen else UNKNOWN_ENCODING,
        "reason": seen.reason[:500] if seen else "",
        "proof": proof,
        "reading": encode(reading),
    }


def _known(session: Session, program_id: UUID, facts: dict[str, Any]) -> Correction:
    """The correction with the same number, locked, or with the same number of KSeF."""
    same = [
        sa.and_(
            col(Correction.seller_nip) == facts["seller_nip"],
            col(Correction.number_norm) == facts["number_norm"],
        )
    ]
    if facts["ksef_number"]:
        same.insert(0, col(Correction.ksef_number) == facts["ksef_number"])
    return session.exec(
        select(Correction)
        .where(Correction.program_id == program_id, sa.or_(*same))
        # One that KSeF numbered is proven: it is the one that stands.
        .order_by(sa.case((same[0], 0), else_=1))
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _name_originals(session: Session, correction_id: UUID, reading: Reading) -> None:
    seen = reading.correction
    session.add_all(
        CorrectionOriginal(
            correction_id=correction_id,
            position=position,
            number=original.number,
            number_norm=normalise_number(original.number),
            ksef_number=original.ksef_number,
            issue_date=original.issue_date,
        )
        for position, original in enumerate(seen.originals if seen else (), start=1)
    )
    session.flush()


def lock(session: Session, correction_id: UUID) -> Correction:
    """The correction, locked until the end of the transaction. Raises `CorrectionNotFound`."""
    found = session.exec(
        select(Correction)
        .where(Correction.id == correction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise CorrectionNotFound
    return found


def list_originals(session: Session, correction_id: UUID) -> list[CorrectionOriginal]:
    return list(
        session.exec(
            select(CorrectionOriginal)
            .where(CorrectionOriginal.correction_id == correction_id)
            .order_by(col(CorrectionOriginal.position))
        )
    )


def link(session: Session, correction: Correction) -> list[CorrectionOriginal]:
    """Point the originals to their purchases where these are known by now; all of them."""
    found = list_originals(session, correction.id)
    for original in found:
        if original.purchase_id is None:
            original.purchase_id = _purchase_of(session, correction, original)
            session.add(original)
    session.flush()
    return found


def _purchase_of(
    session: Session, correction: Correction, original: CorrectionOriginal
) -> UUID | None:
    """By the KSeF number, else by seller, number and, where both are known, the day."""
    program_id = correction.program_id
    if original.ksef_number:
        known = purchases.find_by_key(
            session, program_id=program_id, key=ksef_key(original.ksef_number)
        )
        if known is not None:
            return known
    known = purchases.find_by_key(
        session, program_id=program_id, key=number_key(correction.seller_nip, original.number)
    )
    if known is None:
        return None
    issued_on = session.get_one(Purchase, known).issue_date
    same_day = None in (issued_on, original.issue_date) or issued_on == original.issue_date
    return known if same_day else None


def find_named(session: Session, correction: Correction, number_norm: str) -> Correction | None:
    """The earlier correction that this one names as its original: a link of a chain."""
    return session.exec(
        select(Correction).where(
            Correction.program_id == correction.program_id,
            Correction.seller_nip == correction.seller_nip,
            Correction.number_norm == number_norm,
            Correction.id != correction.id,
        )
    ).one_or_none()


def waiting_for(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str | None,
    number_norm: str | None,
    ksef_number: str | None = None,
) -> list[UUID]:
    """The corrections that wait for a document with these marks, oldest first."""
    same = []
    if seller_nip and number_norm:
        same.append(
            sa.and_(
                col(Correction.seller_nip) == seller_nip,
                col(CorrectionOriginal.number_norm) == number_norm,
            )
        )
    if ksef_number:
        same.append(col(CorrectionOriginal.ksef_number) == ksef_number)
    if not same:
        return []
    rows = session.execute(
        sa.select(col(Correction.id))
        .join(CorrectionOriginal, col(CorrectionOriginal.correction_id) == col(Correction.id))
        .where(
            col(Correction.program_id) == program_id,
            col(Correction.status) == CorrectionStatus.WAITING,
            sa.or_(*same),
        )
        .order_by(col(Correction.created_at), col(Correction.id))
    )
    return list(dict.fromkeys(row[0] for row in rows))
