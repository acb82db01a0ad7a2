"""Closing a branch: its people, offers and open reviews go to another one of the wholesaler."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import grants
from core import audit
from core.errors import DomainError, Invalid, Kind
from partners import places, team
from partners.tables import Branch, PartnerUser
from partners.team_tables import PartnerInvitation
from verification.decisions import actor_name
from verification.tables import Review, ReviewStatus


class LastBranch(DomainError):
    """A wholesaler that takes part has a place where its claims are verified."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "last-branch"


def close_branch(
    session: Session,
    *,
    partner_id: UUID,
    branch_id: UUID,
    successor_id: UUID | None,
    by: UUID,
    at: datetime,
) -> Branch:
    """Close a place of sale; what waits there waits at its successor with the same promise.

    Decided claims keep the branch that sold. The poster's link of a closed branch ends. Raises
    `BranchNotFound`, `LastBranch`, `Invalid`.
    """
    places.get_branch(session, partner_id=partner_id, branch_id=branch_id)
    branch = session.exec(
        select(Branch)
        .where(Branch.id == branch_id)
        .with_for_update()  # Until here reviews come in; after it they go to the successor.
        .execution_options(populate_existing=True)
    ).one()
    others = session.exec(
        select(Branch.id)
        .where(
            Branch.partner_id == partner_id,
            col(Branch.closed_at).is_(None),
            col(Branch.id) != branch_id,
        )
        .with_for_update()
    ).all()
    if not others:
        raise LastBranch
    if successor_id not in others:
        raise Invalid("who takes its work over", field="successor")
    actor = actor_name(by)
    moved = session.exec(
        select(PartnerUser).where(
            PartnerUser.branch_id == branch_id, col(PartnerUser.left_at).is_(None)
        )
    ).all()
    for user in moved:
        before = team.grant_of(user)
        user.branch_id = successor_id
        session.add(user)
        after = team.grant_of(user)
        if after != before:
            grants.end_grant(session, person_id=user.person_id, grant=before, by=actor, at=at)
            grants.grant(session, person_id=user.person_id, grant=after, by=actor, at=at)
    session.flush()
    session.execute(
        sa.update(PartnerInvitation)
        .where(
            col(PartnerInvitation.branch_id) == branch_id,
            col(PartnerInvitation.accepted_at).is_(None),
            col(PartnerInvitation.revoked_at).is_(None),
        )
        .values(branch_id=successor_id)
    )
    waiting = session.execute(
        sa.update(Review)
        .where(col(Review.branch_id) == branch_id, col(Review.status) != ReviewStatus.DONE)
        .values(branch_id=successor_id)
        .returning(col(Review.id))
    ).all()
    branch.closed_at, branch.succeeded_by = at, successor_id
    session.add(branch)
    session.flush()
    audit.record(
        session,
        chain="partners",
        actor=actor,
        action="branch.close",
        subject=f"branch:{branch_id}",
        at=at,
        successor=str(successor_id),
        reviews=len(waiting),
        people=len(moved),
    )
    return branch


def count_waiting(session: Session, branch_id: UUID) -> int:
    """Reviews that would go to the successor."""
    number: int = session.execute(
        sa.select(sa.func.count())
        .select_from(Review)
        .where(col(Review.branch_id) == branch_id, col(Review.status) != ReviewStatus.DONE)
    ).scalar_one()
    return number
