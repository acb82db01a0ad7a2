"""A correcting invoice that came in as a claim: it brings no points, and does its own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from claims import corrections as stored
from claims import extraction, service
from claims.brought import READER
from claims.extraction import PageImage
from claims.keys import nip_of
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim
from core import audit
from core.clock import local_date
from ocr.reading import Reading
from partners import queries as partner_queries
from programs import queries as program_queries
from programs import service as program_service
from verification import correction_proofs, corrections
from verification.tables import Decision


def take_in(
    session: Session,
    claim: Claim,
    *,
    reading: Reading,
    pages: Sequence[PageImage],
    at: datetime,
) -> bool:
    """Keep the correction, apply it if it is proven, and close the claim that brought it.

    False when its seller or number was not read: a person has to look at the claim.
    """
    extraction.store(session, claim, reading=reading, pages=pages, at=at)
    service.advance(
        session, claim, to=ClaimStatus.MATCHING, actor=READER, at=at, lines=0,
        route=reading.route,
    )  # fmt: skip
    seller = nip_of(reading.seller.vat_id)
    partner = partner_queries.find_by_nip(session, seller) if seller else None
    if partner is not None and not _took_part(session, claim, partner.id, reading):
        partner = None
    made = stored.register(
        session,
        claim,
        reading=reading,
        partner_id=partner.id if partner else None,
        proof=correction_proofs.of_upload(session, claim, reading=reading, partner=partner),
        at=at,
    )
    if made is None:
        return False
    corrections.settle(session, correction_id=made.id, at=at)
    _close(session, claim, number=made.number, at=at)
    return True


def _took_part(session: Session, claim: Claim, partner_id: UUID, reading: Reading) -> bool:
    """Whether the seller was in the programme when the goods were bought, as far as it is read."""
    originals = reading.correction.originals if reading.correction else ()
    days = [one.issue_date for one in originals if one.issue_date is not None]
    issued = reading.issue_date.value if reading.issue_date else None
    return any(
        program_queries.takes_part(
            session, program_id=claim.program_id, partner_id=partner_id, on=day
        )
        for day in days or [issued or local_date(claim.submitted_at)]
    )


def _close(session: Session, claim: Claim, *, number: str, at: datetime) -> None:
    """The claim ends without points; its page tells what became of the correction."""
    claim.points, claim.estimate_points, claim.decided_at = 0, 0, at
    service.advance(
        session,
        claim,
        to=ClaimStatus.REJECTED,
        actor=READER,
        at=at,
        note=number,
        reason=ReasonCode.RETURNED_GOODS,
    )
    participant = program_queries.get_participant(session, claim.participant_id)
    session.add(
        Decision(
            claim_id=claim.id,
            outcome=ClaimStatus.REJECTED,
            reason=ReasonCode.RETURNED_GOODS,
            automatic=True,
            submitted_by=participant.person_id,
            decided_at=at,
        )
    )
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(claim.program_id),
        actor=READER,
        action="claim.decide",
        subject=f"claim:{claim.id}",
        at=at,
        outcome=ClaimStatus.REJECTED,
        points=0,
        rule_version=None,
    )
