"""Taking in a proof that others found, and judging the waiting claim again with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims import service
from core import audit
from programs import service as program_service
from verification import automatic
from verification.proof_tables import ClaimProof, ProofKind


def record_proof(
    session: Session,
    *,
    claim_id: UUID,
    kind: ProofKind,
    evidence: Mapping[str, Any],
    actor: str,
    at: datetime,
) -> ClaimProof:
    """Keep a proof of a claim; the first of its kind stands, however often it is found.

    `evidence` is JSON. For `sales_feed` the key `lines` lists the positions of the claim's lines
    whose product and quantity the seller's rows confirm; without it every line is confirmed.
    `ksef_fetched` has the same `lines`, confirmed by the XML that the platform fetched itself.
    For `ksef_registry` it names what was compared (`ksef_number`, `invoice_hash`, …); exact lines
    stay proven by the reading of the XML or by sums that hold. The claim is judged again at once.
    """
    claim = service.lock(session, claim_id)
    created = session.execute(
        insert(ClaimProof)
        .values(claim_id=claim_id, kind=kind, evidence=dict(evidence), actor=actor, at=at)
        .on_conflict_do_nothing(index_elements=["claim_id", "kind"])
        .returning(col(ClaimProof.id))
    ).scalar_one_or_none()
    if created is not None:
        audit.record(
            session,
            chain=program_service.chain(claim.program_id),
            actor=actor,
            action="claim.proof",
            subject=f"claim:{claim_id}",
            at=at,
            kind=kind,
        )
        automatic.reconsider(session, claim_id=claim_id, at=at)
    return session.exec(
        select(ClaimProof).where(ClaimProof.claim_id == claim_id, ClaimProof.kind == kind)
    ).one()


def list_proofs(session: Session, claim_id: UUID) -> list[ClaimProof]:
    """What is known of a claim from elsewhere, oldest first."""
    return list(
        session.exec(
            select(ClaimProof).where(ClaimProof.claim_id == claim_id).order_by(col(ClaimProof.at))
        )
    )
