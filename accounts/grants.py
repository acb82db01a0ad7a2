"""Who holds which role where: given, ended, looked up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts.roles import STAFF, Grant, Role
from accounts.tables import LoginSession, RoleGrant
from core import audit
from core.columns import new_id


def list_grants(session: Session, *, person_id: UUID) -> frozenset[Grant]:
    """What a person may do at this moment, and where."""
    rows = session.exec(
        select(RoleGrant.role, RoleGrant.scope).where(
            RoleGrant.person_id == person_id, col(RoleGrant.ended_at).is_(None)
        )
    )
    return frozenset(Grant(Role(role), scope) for role, scope in rows)


def list_holders(session: Session, *, role: Role, scope: str) -> Sequence[UUID]:
    """The people who hold a role in exactly that place, in the order of their ids."""
    return session.exec(
        select(RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.scope == scope, col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.person_id))
    ).all()


def grant(session: Session, *, person_id: UUID, grant: Grant, by: str, at: datetime) -> bool:
    """Give a role; False when the person already had it there.

    A staff role ends the person's sessions: more power begins with a new, stronger sign-in.
    """
    made = session.execute(
        insert(RoleGrant)
        .values(
            id=new_id(),
            person_id=person_id,
            role=grant.role,
            scope=grant.scope,
            granted_by=by,
            granted_at=at,
        )
        .on_conflict_do_nothing(
            index_elements=["person_id", "role", "scope"],
            index_where=sa.text("ended_at IS NULL"),
        )
        .returning(col(RoleGrant.id))
    ).first()
    if made is None:
        return False
    if grant.role in STAFF:
        _end_sessions(session, person_id)
    _record(session, "role granted", person_id, grant, by, at)
    return True


def end_grant(session: Session, *, person_id: UUID, grant: Grant, by: str, at: datetime) -> bool:
    """Take a role away and end the person's sessions; False when there was nothing to take."""
    ended = session.execute(
        sa.update(RoleGrant)
        .where(
            col(RoleGrant.person_id) == person_id,
            col(RoleGrant.role) == grant.role,
            col(RoleGrant.scope) == grant.scope,
            col(RoleGrant.ended_at).is_(None),
        )
        .values(ended_at=at, ended_by=by)
        .returning(col(RoleGrant.id))
    ).first()
    if ended is None:
        return False
    _end_sessions(session, person_id)
    _record(session, "role ended", person_id, grant, by, at)
    return True


def _end_sessions(session: Session, person_id: UUID) -> None:
    session.execute(sa.delete(LoginSession).where(col(LoginSession.person_id) == person_id))


def _record(
    session: Session, action: str, person_id: UUID, grant: Grant, by: str, at: datetime
) -> None:
    # Whoever joins a programme is found in its own history; the chain keeps who has power.
    if grant.role not in STAFF:
        return
    audit.record(
        session,
        chain="accounts",
        actor=by,
        action=action,
        subject=f"person:{person_id}",
        at=at,
        role=grant.role.value,
        scope=grant.scope,
    )
