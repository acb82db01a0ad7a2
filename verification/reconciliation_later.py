"""A claim that comes after the export that proves it, or that tells of its correction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from claims.purchase_tables import Purchase
from claims.tables import Claim
from partners.tables import Partner
from programs.tables import Participant
from verification import feed_memory, feed_sealed
from verification.feed_claims import list_open
from verification.feed_tables import SalesFeed
from verification.reconciliation_run import answer, is_linked


def answer_from_kept(session: Session, *, claim_id: UUID, key: bytes, at: datetime) -> bool:
    """Ask the keys of earlier exports about a claim; True when they prove it.

    `key` is the installation's, derived for `verification.feed_keys.PURPOSE`.
    """
    partner = session.exec(
        select(Partner)
        .join(Purchase, col(Purchase.seller_nip) == col(Partner.nip))
        .join(Claim, col(Claim.purchase_id) == col(Purchase.id))
        .where(Claim.id == claim_id)
    ).one_or_none()
    if partner is None:
        return False
    _settle_kept(session, claim_id=claim_id, partner=partner, key=key, at=at)
    for claim in list_open(session, partner=partner, claim_id=claim_id):
        found = feed_memory.find(session, partner=partner, claim=claim, key=key)
        if found is None:
            continue
        feed_id, compared = found
        feed = session.get_one(SalesFeed, feed_id)
        if not is_linked(session, claim_id=claim_id, feed=feed):
            answer(session, claim=claim, feed=feed, compared=compared, at=at)
            return True
    return False


def _settle_kept(
    session: Session, *, claim_id: UUID, partner: Partner, key: bytes, at: datetime
) -> None:
    """Settle what earlier exports said of corrections of the claimed invoice."""
    claim = session.get_one(Claim, claim_id)
    purchase = session.get_one(Purchase, claim.purchase_id)
    if purchase.number_norm is None:
        return
    own = session.get_one(Participant, claim.participant_id).nip
    feed_sealed.settle_for(
        session,
        partner=partner,
        program_id=claim.program_id,
        buyer=purchase.buyer_nip or own,
        number_norm=purchase.number_norm,
        key=key,
        at=at,
    )
