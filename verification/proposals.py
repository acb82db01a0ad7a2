"""The participant says which product a line is; a clerk confirms it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import extraction, line_units, queries, service
from claims.service import ClaimNotFound
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimEvent, ClaimLine
from core.errors import DomainError, Invalid, Kind
from programs import queries as program_queries
from programs.product_tables import Product

PROPOSED = "proposed"  # the reason of a match that the participant made
# Below every threshold: what a claimant says is looked at by a person.
SCORE = Decimal("0.5")
OPEN_TO = (ClaimStatus.AWAITING_PARTNER, ClaimStatus.NEEDS_INFORMATION)
MOST_CANDIDATES = 4


class TooLateToPropose(DomainError):
    """The claim is not read yet, or decided already."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "too-late-to-propose"


def may_propose(claim: Claim) -> bool:
    return claim.status in OPEN_TO


def propose(
    session: Session,
    *,
    claim_id: UUID,
    participant_id: UUID,
    position: int,
    product_id: UUID,
    at: datetime,
) -> ClaimLine:
    """Name the product of a line; the estimate follows, the decision stays with the clerk.

    Raises `ClaimNotFound`, `TooLateToPropose`, `Invalid` for a product of another programme.
    """
    claim = service.lock(session, claim_id)
    if claim.participant_id != participant_id:
        raise ClaimNotFound
    if not may_propose(claim):
        raise TooLateToPropose(claim.number, status=claim.status)
    lines = queries.list_lines(session, claim_id)
    line = next((x for x in lines if x.position == position), None)
    if line is None:
        raise ClaimNotFound
    product = session.exec(
        select(Product).where(Product.id == product_id, Product.program_id == claim.program_id)
    ).one_or_none()
    if product is None:
        raise Invalid("no such product in the programme", field="product")
    others = [c for c in line.candidates if c["product_id"] != str(product.id)]
    line.candidates = [
        {"product_id": str(product.id), "score": str(SCORE), "reason": PROPOSED},
        *({**other, "score": str(min(Decimal(other["score"]), SCORE))} for other in others),
    ][:MOST_CANDIDATES]
    line.proposed_product_id = line.product_id = product.id
    line.match_score, line.match_reason = SCORE, PROPOSED
    line_units.name(session, line, product)
    session.add(line)
    session.flush()
    extraction.estimate_again(session, claim)
    session.add_all(
        [
            claim,
            ClaimEvent(
                claim_id=claim.id,
                status=claim.status,
                actor=f"person:{_person(session, claim)}",
                at=at,
                facts={"proposed_line": position, "sku": product.sku},
            ),
        ]
    )
    session.flush()
    return line


def _person(session: Session, claim: Claim) -> UUID:
    return program_queries.get_participant(session, claim.participant_id).person_id


def find_products(
    session: Session, *, program_id: UUID, text: str, limit: int = 20
) -> list[Product]:
    """Products whose symbol or name holds every word, by name."""
    chosen = select(Product).where(Product.program_id == program_id)
    for word in text.split()[:6]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        chosen = chosen.where(
            sa.or_(col(Product.sku).ilike(pattern), col(Product.name).ilike(pattern))
        )
    return list(session.exec(chosen.order_by(col(Product.name)).limit(limit)))
