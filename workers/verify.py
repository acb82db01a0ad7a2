"""`verify`: re-adds what was added, re-hashes what was stored, names what is wrong."""

from __future__ import annotations

import sys

from sqlmodel import Session, col, select

from claims import proofs as claim_proofs
from claims.document_tables import Document, DocumentFile
from core import audit
from core.blobs import BlobMissing
from core.runtime import App
from logistics import proofs as stock_proofs
from points import anchors, booking_proofs, proofs
from rewards import proofs as order_proofs
from verification import correction_booking_proofs, decision_proofs
from workers import seals


def faults(app: App) -> list[str]:
    """Every fault that was found, in words; an empty list means that all holds."""
    found: list[str] = []
    with app.database.unit_of_work() as session:
        chains = session.exec(
            select(audit.AuditHead.chain).order_by(col(audit.AuditHead.chain))
        ).all()
        for chain in chains:
            fault = audit.first_fault(session, chain=chain, key=app.settings.derive_key("audit"))
            if fault:
                found.append(fault)
        found += in_rows(session)
        hashes = session.exec(
            select(DocumentFile.sha256)
            .join(Document)
            .where(col(Document.forgotten_at).is_(None))
            .distinct()
        ).all()
    for sha256 in hashes:
        try:
            app.blobs.get(sha256)
        except BlobMissing as error:
            found.append(f"file {error}")
    return found


def in_rows(session: Session) -> list[str]:
    """Rows that contradict each other, the ledger or the digests in the audit log, in words."""
    return [
        *proofs.faults(session),
        *booking_proofs.faults(session),
        *anchors.faults(session),
        *claim_proofs.faults(session),
        *decision_proofs.faults(session),
        *correction_booking_proofs.faults(session),
        *order_proofs.faults(session),
        *stock_proofs.faults(session),
        *seals.faults(session),
    ]


def run(app: App) -> int:
    found = faults(app)
    for fault in found:
        sys.stdout.write(f"FAULT {fault}\n")
    sys.stdout.write("All holds.\n" if not found else f"{len(found)} faults.\n")
    return 1 if found else 0
