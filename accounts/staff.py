"""Who works in one place, and the end of a person's work there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import grants
from accounts.roles import Grant, Role
from accounts.tables import Password, Person, RoleGrant
from core.errors import DomainError, Kind, NotFound


class LastOne(DomainError):
    """Somebody must be left who can let others in."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "last-one"


@dataclass(frozen=True, slots=True)
class Member:
    """One role of one person. `active` is false until the first password is set."""

    person_id: UUID
    name: str
    email: str
    role: Role
    since: datetime
    active: bool


def list_members(session: Session, *, scope: str) -> list[Member]:
    """The people of a place by name and role."""
    rows = session.execute(
        sa.select(Person, RoleGrant, col(Password.person_id).is_not(None))
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .outerjoin(Password, col(Password.person_id) == col(Person.id))
        .where(
            col(RoleGrant.scope) == scope,
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role) != Role.PARTICIPANT,
        )
        .order_by(col(Person.name), col(RoleGrant.role))
    )
    return [
        Member(person.id, person.name, person.email or "", Role(held.role), held.granted_at, active)
        for person, held, active in rows
    ]


def change_role(
    session: Session,
    *,
    person_id: UUID,
    scope: str,
    old: Role,
    new: Role,
    keep_one: Role,
    by: str,
    at: datetime,
) -> None:
    """One role instead of another, in one step; they sign in again.

    Raises `NotFound` where the old one is not held, `LastOne` as `end_membership` does.
    """
    if old is new:
        return
    end_membership(
        session, person_id=person_id, grant=Grant(old, scope), keep_one=keep_one, by=by, at=at
    )
    grants.grant(session, person_id=person_id, grant=Grant(new, scope), by=by, at=at)


def end_membership(
    session: Session, *, person_id: UUID, grant: Grant, keep_one: Role, by: str, at: datetime
) -> None:
    """Take a role away. Raises `NotFound`; `LastOne` for the last holder of `keep_one` there."""
    if grant.role is keep_one:
        # Locked together: two managers who remove each other at once would leave nobody.
        holders = session.exec(
            select(RoleGrant.person_id)
            .where(
                RoleGrant.role == keep_one,
                RoleGrant.scope == grant.scope,
                col(RoleGrant.ended_at).is_(None),
            )
            .order_by(col(RoleGrant.id))
            .with_for_update()
        ).all()
        if list(holders) == [person_id]:
            raise LastOne
    if not grants.end_grant(session, person_id=person_id, grant=grant, by=by, at=at):
        raise NotFound("no such role")
