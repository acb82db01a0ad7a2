"""People for tests, valid by default."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel import Session

from accounts.grants import grant
from accounts.roles import EVERYWHERE, Grant, Role
from accounts.tables import Person
from tests.conftest import NOON


def person(session: Session, *roles: Role, scope: str = EVERYWHERE, **facts: object) -> Person:
    """Somebody with these roles in one place; any fact by name."""
    values: dict[str, object] = {
        "name": "Marek Nowak",
        "email": f"{uuid4().hex[:12]}@example.com",
        "created_at": NOON,
    }
    made = Person(**(values | facts))
    session.add(made)
    session.flush()
    for role in roles:
        grant(session, person_id=made.id, grant=Grant(role, scope), by="test", at=NOON)
    return made
