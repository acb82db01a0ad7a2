"""What accounts know about a person, to show and to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from accounts import consents, grants, keys, people


def show(session: Session, *, person_id: UUID) -> dict[str, Any]:
    """Profile, roles, consents, keys."""
    return {
        "profile": people.get_profile(session, person_id=person_id),
        "roles": sorted(grants.list_grants(session, person_id=person_id)),
        "consents": consents.list_standing(session, person_id=person_id),
        "keys": keys.list_keys(session, person_id=person_id),
    }


def forget(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Everything that tells who the person was."""
    people.erase(session, person_id=person_id, by=f"person:{person_id}", at=at)
