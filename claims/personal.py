"""What claims know about a participant, to show and to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries, service
from claims.document_tables import Document, DocumentFile
from claims.purchase_tables import Purchase
from claims.states import OPEN
from claims.tables import Claim


def show(session: Session, *, participant_id: UUID) -> list[dict[str, Any]]:
    """Every claim with its files, its document, its lines and their verdicts, oldest first."""
    found = session.exec(
        select(Claim)
        .where(Claim.participant_id == participant_id)
        .order_by(col(Claim.submitted_at), col(Claim.id))
    )
    return [_shown(session, claim) for claim in found]


def _shown(session: Session, claim: Claim) -> dict[str, Any]:
    purchase = session.get(Purchase, claim.purchase_id) if claim.purchase_id else None
    return {
        "number": claim.number,
        "status": claim.status,
        "channel": claim.channel,
        "submitted_at": claim.submitted_at,
        "decided_at": claim.decided_at,
        "points": claim.points,
        "note": claim.note,
        "document": {
            "number": purchase.number,
            "seller_nip": purchase.seller_nip,
            "buyer_nip": purchase.buyer_nip,
            "issued_on": purchase.issue_date,
        }
        if purchase
        else None,
        "files": [
            {"name": file.name, "sha256": file.sha256, "bytes": file.file_bytes}
            for file in _files(session, claim.id)
        ],
        "lines": [
            {
                "position": line.position,
                "description": line.description,
                "quantity": line.quantity,
                "verdict": line.verdict,
                "reason": line.reason,
                "points": line.points,
            }
            for line in queries.list_lines(session, claim.id)
        ],
        "events": [
            {"at": event.at, "status": event.status, "note": event.note}
            for event in queries.list_events(session, claim.id)
        ],
    }


def _files(session: Session, claim_id: UUID) -> list[DocumentFile]:
    return list(
        session.exec(
            select(DocumentFile)
            .join(Document, col(Document.id) == col(DocumentFile.document_id))
            .where(Document.claim_id == claim_id)
            .order_by(col(DocumentFile.position))
        )
    )


def forget(session: Session, *, participant_id: UUID, actor: str, at: datetime) -> None:
    """Withdraw what is undecided; words and file names go.

    The documents themselves are the proof of what was paid and stay as long as the programme must
    keep them (GDPR, article 17(3)(e)); nothing beside them says any more whose they were.
    """
    found = session.exec(
        select(Claim).where(Claim.participant_id == participant_id).order_by(col(Claim.id))
    ).all()
    for known in found:
        claim = service.lock(session, known.id)
        if claim.status in OPEN:
            service.cancel(
                session, claim_id=claim.id, participant_id=participant_id, actor=actor, at=at
            )
        claim.note = ""
        session.add(claim)
        for file in _files(session, claim.id):
            file.name = ""
            session.add(file)
    session.flush()
