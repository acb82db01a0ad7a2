"""Reads of claims; the scope functions fetch and check permission in one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.brought import IS_CORRECTION
from claims.document_tables import Document, DocumentPage, Extraction
from claims.purchase_tables import Purchase
from claims.service import ClaimNotFound
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimEvent, ClaimLine
from ocr.codec import decode
from ocr.reading import Reading


def get_claim(session: Session, claim_id: UUID) -> Claim:
    """Any claim, for those whose right to it was checked by another row. Raises `ClaimNotFound`."""
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise ClaimNotFound
    return claim


def get_for_participant(session: Session, *, claim_id: UUID, participant_id: UUID) -> Claim:
    """The participant's own claim. Raises `ClaimNotFound` for anybody else's."""
    claim = session.exec(
        select(Claim).where(Claim.id == claim_id, Claim.participant_id == participant_id)
    ).one_or_none()
    if claim is None:
        raise ClaimNotFound
    return claim


def list_for_participant(
    session: Session,
    *,
    participant_id: UUID,
    statuses: Sequence[ClaimStatus] = (),
    corrections: bool = True,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> list[Claim]:
    """The participant's claims, newest first, older than `before`; or only those of invoices."""
    chosen = select(Claim).where(Claim.participant_id == participant_id)
    if statuses:
        chosen = chosen.where(col(Claim.status).in_(list(statuses)))
    if not corrections:
        chosen = chosen.where(sa.not_(IS_CORRECTION))
    if before is not None:
        chosen = chosen.where(
            sa.tuple_(col(Claim.submitted_at), col(Claim.id)) < sa.tuple_(*map(sa.literal, before))
        )
    return list(
        session.exec(
            chosen.order_by(col(Claim.submitted_at).desc(), col(Claim.id).desc()).limit(limit)
        )
    )


def list_lines(session: Session, claim_id: UUID) -> list[ClaimLine]:
    return list(
        session.exec(
            select(ClaimLine)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(col(ClaimLine.position))
        )
    )


def list_events(session: Session, claim_id: UUID) -> list[ClaimEvent]:
    return list(
        session.exec(
            select(ClaimEvent)
            .where(ClaimEvent.claim_id == claim_id)
            .order_by(col(ClaimEvent.at), col(ClaimEvent.id))
        )
    )


def list_pages(session: Session, claim_id: UUID) -> list[DocumentPage]:
    return list(
        session.exec(
            select(DocumentPage)
            .join(Document, col(Document.id) == col(DocumentPage.document_id))
            .where(Document.claim_id == claim_id)
            .order_by(col(DocumentPage.number))
        )
    )


def find_forgotten(session: Session, claim_id: UUID) -> datetime | None:
    """When the claim's document was deleted because its time was over."""
    return session.exec(select(Document.forgotten_at).where(Document.claim_id == claim_id)).first()


def find_reading(session: Session, claim_id: UUID) -> Reading | None:
    """The newest reading of a claim's document."""
    stored = session.exec(
        select(Extraction.reading)
        .join(Document, col(Document.id) == col(Extraction.document_id))
        .where(Document.claim_id == claim_id)
        .order_by(col(Extraction.created_at).desc())
        .limit(1)
    ).first()
    return decode(Reading, stored) if stored is not None else None


def find_purchase(session: Session, claim: Claim) -> Purchase | None:
    return session.get(Purchase, claim.purchase_id) if claim.purchase_id else None


def pending_points(session: Session, *, participant_id: UUID) -> int:
    """Estimated points of the participant's claims that wait for a decision."""
    total = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(Claim.estimate_points)), 0)).where(
            col(Claim.participant_id) == participant_id,
            col(Claim.status).in_(
                [
                    ClaimStatus.SUBMITTED,
                    ClaimStatus.READING,
                    ClaimStatus.MATCHING,
                    ClaimStatus.NEEDS_INFORMATION,
                    ClaimStatus.AWAITING_PARTNER,
                ]
            ),
        )
    ).scalar_one()
    return int(total)
