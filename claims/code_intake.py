"""A claim whose proof is a code from a product: one line, nothing to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims import extraction, service
from claims.document_tables import DocumentKind
from claims.eligibility import require_eligible
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Channel, Claim, ClaimEvent, ClaimLine
from ocr.reading import Proof
from programs.matching import MatchReason
from programs.product_tables import Product
from programs.tables import Participant, Program


def open_claim(
    session: Session,
    *,
    claim_id: UUID,
    program: Program,
    participant: Participant,
    product: Product,
    units: int = 1,
    actor: str,
    at: datetime,
    submitted_at: datetime | None = None,
) -> tuple[Claim, ClaimLine]:
    """A claim for the units of a product whose code was just used up; it is ready to be judged.

    The code of the packaging names product and quantity, so nothing is read or matched. What was
    sent before it was read keeps that moment as `submitted_at`. Raises `ProgramClosed`,
    `NotEligible`.
    """
    service.require_open(program, submitted_at or at)
    require_eligible(session, program=program, participant=participant, at=at)
    claim = Claim(
        id=claim_id,
        number=service.next_number(session, at),
        program_id=program.id,
        participant_id=participant.id,
        channel=Channel.CODE,
        status=ClaimStatus.SUBMITTED,
        submitted_at=submitted_at or at,
    )
    session.add(claim)
    session.flush()
    session.add(
        ClaimEvent(
            claim_id=claim.id,
            status=ClaimStatus.SUBMITTED,
            actor=actor,
            at=at,
            facts={"channel": Channel.CODE},
        )
    )
    service.advance(session, claim, to=ClaimStatus.READING, actor=actor, at=at)
    return claim, _match(session, claim, product, units, actor, at)


def take_label(
    session: Session,
    claim: Claim,
    *,
    pages: Sequence[PageImage],
    product: Product,
    units: int,
    actor: str,
    at: datetime,
) -> ClaimLine:
    """Make a code claim of a locked one that is being read: its picture shows a label.

    Of the reading nothing is kept, because it spells the code.
    """
    claim.channel = Channel.CODE
    document = extraction.get_document(session, claim.id)
    document.kind = DocumentKind.CODE_PHOTO
    session.add_all([claim, document])
    extraction.store_pages(session, document, pages)
    return _match(session, claim, product, units, actor, at)


def _match(
    session: Session, claim: Claim, product: Product, units: int, actor: str, at: datetime
) -> ClaimLine:
    line = ClaimLine(
        claim_id=claim.id,
        position=1,
        description=product.name,
        quantity=Decimal(units),
        unit=product.unit,
        proof=Proof.CHECKSUM,
        product_id=product.id,
        match_score=Decimal(1),
        match_reason=MatchReason.CODE,
    )
    session.add(line)
    session.flush()
    service.advance(session, claim, to=ClaimStatus.MATCHING, actor=actor, at=at)
    return line
