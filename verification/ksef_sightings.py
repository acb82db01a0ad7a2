"""What a reviewer saw on the Ministry's page behind a claim's KOD I: header proof, on record."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import queries
from claims.purchase_tables import Purchase
from core.errors import Invalid
from ocr import kod
from verification import proofs
from verification.decisions import actor_name
from verification.ksef_tables import KsefSighting, Sight
from verification.proof_tables import ProofKind
from verification.queue import Decider
from verification.tables import Review

LEVEL = 3  # of the trust ladder: a person saw the registration


def link_of(purchase: Purchase | None) -> str | None:
    """The production KOD I of a purchase, built from what was read; never taken from a document."""
    if purchase is None or not purchase.ksef_hash or not purchase.seller_nip:
        return None
    if purchase.issue_date is None:
        return None
    digest = kod.encoded_hash(bytes.fromhex(purchase.ksef_hash))
    day = f"{purchase.issue_date:%d-%m-%Y}"
    return f"https://qr.ksef.mf.gov.pl/invoice/{purchase.seller_nip}/{day}/{digest}"


def record(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    sight: Sight,
    note: str = "",
    at: datetime,
) -> KsefSighting:
    """Keep what was seen; a registered invoice's header counts as proven from now on.

    The caller fetched the review through the decider's own scope: nobody looks for their own
    claim. Raises `Invalid` when there is no link to open.
    """
    claim = queries.get_claim(session, review.claim_id)
    purchase = queries.find_purchase(session, claim)
    link = link_of(purchase)
    if link is None or purchase is None:
        raise Invalid("there is no code of this invoice", field="sight")
    seen = KsefSighting(
        claim_id=claim.id,
        link=link,
        sight=sight,
        seen_by=clerk.person_id,
        seen_at=at,
        note=note.strip()[:300],
    )
    session.add(seen)
    session.flush()
    if sight is Sight.REGISTERED:
        session.execute(
            sa.update(Purchase)
            .where(col(Purchase.id) == purchase.id, col(Purchase.trust) < LEVEL)
            .values(trust=LEVEL)
        )
        proofs.record_proof(
            session,
            claim_id=claim.id,
            kind=ProofKind.SEEN_IN_REGISTER,
            evidence={"link": link, "sighting_id": str(seen.id)},
            actor=actor_name(clerk.person_id),
            at=at,
        )
    return seen


def list_sightings(session: Session, *, review: Review) -> list[KsefSighting]:
    """All that was seen for a claim, oldest first."""
    return list(
        session.exec(
            select(KsefSighting)
            .where(KsefSighting.claim_id == review.claim_id)
            .order_by(col(KsefSighting.seen_at))
        )
    )
