"""A claim that comes after the export that proves it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from claims.purchase_tables import Purchase
from claims.tables import Claim
from partners.tables import Partner
from verification import feed_memory
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
