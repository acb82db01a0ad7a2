"""A claim whose proof is a code from a product: one line, one unit, nothing to read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from claims import service
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
    actor: str,
    at: datetime,
) -> tuple[Claim, ClaimLine]:
    """A claim for one unit of a product whose code was just used up; it is ready to be judged.

    The code of the packaging names product and quantity, so nothing is read or matched. Raises
    `ProgramClosed`.
    """
    service.require_open(program, at)
    claim = Claim(
        id=claim_id,
        number=service.next_number(session, at),
        program_id=program.id,
        participant_id=participant.id,
        channel=Channel.CODE,
        status=ClaimStatus.SUBMITTED,
        submitted_at=at,
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
    line = ClaimLine(
        claim_id=claim.id,
        position=1,
        description=product.name,
        quantity=Decimal(1),
        unit=product.unit,
        proof=Proof.CHECKSUM,
        product_id=product.id,
        match_score=Decimal(1),
        match_reason=MatchReason.CODE,
    )
    session.add(line)
    session.flush()
    for status in (ClaimStatus.READING, ClaimStatus.MATCHING):
        service.advance(session, claim, to=status, actor=actor, at=at)
    return claim, line
