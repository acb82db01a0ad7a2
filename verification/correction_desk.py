"""Corrections that wait for a person, as this person may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import queries
from claims.correction_tables import (
    Correction,
    CorrectionLine,
    CorrectionOriginal,
    CorrectionStatus,
)
from claims.corrections import CorrectionNotFound, is_correction, list_originals
from claims.identity import normalise_number
from claims.keys import nip_of, text_of
from claims.tables import Claim
from programs.tables import Participant
from verification.queue import Clerk, Decider

OPEN = (CorrectionStatus.NEEDS_PERSON, CorrectionStatus.WAITING)


def _scope(decider: Decider) -> Any:
    """A wholesaler's own corrections, or those of the programme; never of one's own claims, nor
    one that this very person sent in."""
    mine = (
        sa.select(col(CorrectionOriginal.correction_id))
        .join(Claim, col(Claim.purchase_id) == col(CorrectionOriginal.purchase_id))
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .where(col(Participant.person_id) == decider.person_id)
    )
    sent = (
        sa.select(col(Claim.id))
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .where(col(Participant.person_id) == decider.person_id)
    )
    conditions: list[Any] = [
        col(Correction.id).not_in(mine),
        sa.or_(col(Correction.claim_id).is_(None), col(Correction.claim_id).not_in(sent)),
    ]
    if isinstance(decider, Clerk):
        conditions.append(col(Correction.partner_id) == decider.partner_id)
    elif decider.program_ids is not None:
        conditions.append(col(Correction.program_id).in_(decider.program_ids))
    return sa.and_(*conditions)


def list_open(session: Session, *, decider: Decider, limit: int = 100) -> list[Correction]:
    """What is not settled: first what needs a person, then what waits, oldest first."""
    return list(
        session.exec(
            select(Correction)
            .where(_scope(decider), col(Correction.status).in_(OPEN))
            .order_by(col(Correction.status), col(Correction.created_at), col(Correction.id))
            .limit(limit)
        )
    )


def list_confirmed(session: Session, *, decider: Decider, limit: int = 20) -> list[Correction]:
    """What people settled, newest first: their word can be taken back."""
    return list(
        session.exec(
            select(Correction)
            .where(
                _scope(decider),
                col(Correction.status) == CorrectionStatus.APPLIED,
                col(Correction.settled_by).is_not(None),
            )
            .order_by(col(Correction.settled_at).desc(), col(Correction.id))
            .limit(limit)
        )
    )


def get(session: Session, *, correction_id: UUID, decider: Decider) -> Correction:
    """Raises `CorrectionNotFound` also for what is somebody else's."""
    found = session.exec(
        select(Correction).where(Correction.id == correction_id, _scope(decider))
    ).one_or_none()
    if found is None:
        raise CorrectionNotFound
    return found


def brought_by(session: Session, claim_id: UUID) -> Correction | None:
    """The correction that came in as this claim, or of which this claim is a copy."""
    return session.exec(select(Correction).where(Correction.claim_id == claim_id)).first() or (
        _copied_by(session, claim_id)
    )


def _copied_by(session: Session, claim_id: UUID) -> Correction | None:
    """The correction with the seller and the number of the claim's document, whoever sent it."""
    seen = queries.find_reading(session, claim_id)
    if seen is None or not is_correction(seen):
        return None
    seller, number = nip_of(seen.seller.vat_id), text_of(seen.invoice_number)
    if seller is None or number is None:
        return None
    found = session.exec(
        select(Correction)
        .where(
            Correction.program_id == queries.get_claim(session, claim_id).program_id,
            Correction.seller_nip == seller,
            Correction.number_norm == normalise_number(number),
        )
        .order_by(col(Correction.part))
    ).all()
    originals = seen.correction.originals if seen.correction else ()
    named = {normalise_number(one.number) for one in originals}
    for one in found:
        if named & {original.number_norm for original in list_originals(session, one.id)}:
            return one
    return next(iter(found), None)


def concerns_own(session: Session, correction: Correction, *, participant_id: UUID) -> bool:
    """Whether a participant claimed an invoice that the correction names; others learn nothing."""
    found = (
        sa.select(col(Claim.id))
        .join(CorrectionOriginal, col(CorrectionOriginal.purchase_id) == col(Claim.purchase_id))
        .where(
            col(CorrectionOriginal.correction_id) == correction.id,
            col(Claim.participant_id) == participant_id,
        )
    )
    return session.execute(found.limit(1)).first() is not None


def lines_of(
    session: Session, correction_ids: Sequence[UUID]
) -> list[tuple[Correction, CorrectionLine]]:
    """Every line of some corrections, with its correction: what the ledger's references name."""
    if not correction_ids:
        return []
    rows = session.exec(
        select(Correction, CorrectionLine)
        .join(CorrectionLine, col(CorrectionLine.correction_id) == col(Correction.id))
        .where(col(Correction.id).in_(set(correction_ids)))
    )
    return [(row[0], row[1]) for row in rows]


def taken_from(session: Session, claim_id: UUID) -> list[tuple[Correction, CorrectionLine]]:
    """What corrections took from the lines of a claim, oldest first."""
    rows = session.exec(
        select(Correction, CorrectionLine)
        .join(CorrectionLine, col(CorrectionLine.correction_id) == col(Correction.id))
        .where(CorrectionLine.claim_id == claim_id)
        .order_by(col(CorrectionLine.at), col(CorrectionLine.number))
    )
    return [(row[0], row[1]) for row in rows]
