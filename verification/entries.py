"""Claims that a clerk entered at the counter for somebody: another person decides on them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.states import ClaimStatus
from claims.tables import Channel, Claim, ClaimEvent
from core.errors import Forbidden
from partners.tables import PartnerUser


class OwnEntry(Forbidden):
    """The decider entered this claim at the counter: they would be both sides."""

    code = "own-entry"


def entered_by(session: Session, claim: Claim) -> UUID | None:
    """Who entered a claim at a counter; `None` where its participant sent it."""
    if claim.channel is not Channel.COUNTER:
        return None
    actor = session.execute(
        sa.select(col(ClaimEvent.actor))
        .where(
            col(ClaimEvent.claim_id) == claim.id, col(ClaimEvent.status) == ClaimStatus.SUBMITTED
        )
        .order_by(col(ClaimEvent.at))
        .limit(1)
    ).scalar_one_or_none()
    kind, _, person = (actor or "").partition(":")
    return UUID(person) if kind == "person" else None


def refuse_own(session: Session, *, person_id: UUID, claim: Claim) -> None:
    """Raise `OwnEntry`. The database refuses such a decision as well."""
    if entered_by(session, claim) == person_id:
        raise OwnEntry


def is_own(person_id: UUID) -> Any:
    """The condition of a query over `Claim`: this person entered it at the counter."""
    return sa.and_(
        col(Claim.channel) == Channel.COUNTER,
        sa.exists().where(
            col(ClaimEvent.claim_id) == col(Claim.id),
            col(ClaimEvent.status) == ClaimStatus.SUBMITTED,
            col(ClaimEvent.actor) == f"person:{person_id}",
        ),
    )


def sees_another(
    session: Session, *, partner_id: UUID, branch_id: UUID | None, but: Collection[UUID]
) -> bool:
    """Whether others than `but` work on the reviews of a branch; else the programme does."""
    others = sa.exists().where(
        col(PartnerUser.partner_id) == partner_id,
        col(PartnerUser.left_at).is_(None),
        col(PartnerUser.person_id).not_in(list(but)),
        sa.or_(col(PartnerUser.branch_id).is_(None), col(PartnerUser.branch_id) == branch_id),
    )
    return bool(session.execute(sa.select(others)).scalar_one())
