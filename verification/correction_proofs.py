"""Whether a correction that was sent in is proven: by the register, or by a clerk of its seller.

A made-up correction would take somebody's points, or add units to be paid for. So an upload alone
is believed as little as an uploaded invoice: a person of the seller looks at it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.correction_tables import CorrectionProof
from claims.tables import Claim
from ocr.reading import Reading
from partners.ksef_tables import KsefInvoice
from partners.tables import Partner, PartnerUser
from programs.tables import Participant
from verification import entries


def of_upload(
    session: Session, claim: Claim, *, reading: Reading, partner: Partner | None
) -> CorrectionProof | None:
    """What stands behind a correction that came as a claim; `None` for the sender's word alone.

    `partner` is the seller that the document names, where it takes part in the programme.
    """
    if partner is None:
        return None
    if _is_registered(session, reading, partner):
        return CorrectionProof.KSEF_REGISTRY
    if _was_sent_by(session, claim, reading, partner):
        return CorrectionProof.SELLER
    return None


def _is_registered(session: Session, reading: Reading, partner: Partner) -> bool:
    """Whether this very XML stands in the seller's metadata: header and every line (level 4)."""
    if not reading.route.startswith("ksef-xml") or not reading.document_sha256:
        return False
    found = sa.select(col(KsefInvoice.ksef_number)).where(
        col(KsefInvoice.partner_id) == partner.id,
        col(KsefInvoice.seller_nip) == partner.nip,
        col(KsefInvoice.invoice_hash) == bytes.fromhex(reading.document_sha256),
    )
    return session.execute(found.limit(1)).first() is not None


def _was_sent_by(session: Session, claim: Claim, reading: Reading, partner: Partner) -> bool:
    """Whether somebody who works for the seller, and gains nothing here, entered what reads well.

    Who takes part in the programme themselves is a participant first.
    """
    person_id = entries.entered_by(session, claim)
    if person_id is None or not _is_read(reading):
        return False
    works = sa.exists().where(
        col(PartnerUser.person_id) == person_id,
        col(PartnerUser.partner_id) == partner.id,
        col(PartnerUser.left_at).is_(None),
    )
    takes_part = sa.exists().where(
        col(Participant.person_id) == person_id,
        col(Participant.program_id) == claim.program_id,
    )
    return bool(session.execute(sa.select(sa.and_(works, sa.not_(takes_part)))).scalar_one())


def _is_read(reading: Reading) -> bool:
    """Whether the quantities that change stand fast: exact data, or sums that hold."""
    return all(
        line.quantity is not None and line.quantity.proof.proven
        for line in reading.lines
        if line.unit_delta != 0
    )
