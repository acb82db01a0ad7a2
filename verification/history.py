"""Past decisions of a desk, and the questions that wait for participants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.tables import Person
from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim
from programs.tables import Participant
from verification.queue import Decider, scope
from verification.tables import Decision, Review, ReviewStatus


def list_decisions(
    session: Session,
    *,
    clerk: Decider,
    mine: bool = False,
    text: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[tuple[Decision, Claim]]:
    """The decisions of the desk, newest first; undone ones too.

    `mine` leaves out colleagues; `text` is part of a claim's or document's number or of a name.
    """
    query = (
        select(Decision, Claim)
        .join(Review, col(Review.id) == col(Decision.review_id))
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(scope(clerk))
    )
    if mine:
        query = query.where(Decision.decided_by == clerk.person_id)
    if text:
        query = query.where(_names(text))
    if before is not None:
        query = query.where(
            sa.tuple_(col(Decision.decided_at), col(Decision.id))
            < sa.tuple_(*map(sa.literal, before))
        )
    newest = query.order_by(col(Decision.decided_at).desc(), col(Decision.id).desc())
    return [(decision, claim) for decision, claim in session.exec(newest.limit(limit))]


def _names(text: str) -> Any:
    """Claims whose number, document, participant or firm contains a text."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    purchases = sa.select(col(Purchase.id)).where(col(Purchase.number).ilike(like))
    participants = (
        sa.select(col(Participant.id))
        .join(Person, col(Person.id) == col(Participant.person_id))
        .where(sa.or_(col(Participant.company_name).ilike(like), col(Person.name).ilike(like)))
    )
    return sa.or_(
        col(Claim.number).ilike(like),
        col(Claim.purchase_id).in_(purchases),
        col(Claim.participant_id).in_(participants),
    )


def list_asked(session: Session, *, clerk: Decider, limit: int = 100) -> list[tuple[Review, Claim]]:
    """The reviews whose participant was asked and has not answered, longest wait first."""
    rows = session.exec(
        select(Review, Claim)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(
            scope(clerk),
            Review.status == ReviewStatus.WAITING,
            col(Claim.status).in_([ClaimStatus.NEEDS_INFORMATION, ClaimStatus.READING]),
        )
        .order_by(col(Review.waiting_since), col(Review.id))
        .limit(limit)
    )
    return [(review, claim) for review, claim in rows]
