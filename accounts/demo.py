"""The personas of the demo that anybody may become with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts.tables import DemoSignIn
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Persona:
    """`title` and `description` are Polish source texts; the page translates them."""

    persona: str
    person_id: UUID
    title: str
    description: str


def offer_demo_signin(
    session: Session,
    *,
    persona: str,
    person_id: UUID,
    title: str,
    description: str,
    position: int,
) -> None:
    """Offer a persona, or change what is offered under its name."""
    values = {
        "person_id": person_id,
        "title": title,
        "description": description,
        "position": position,
    }
    session.execute(
        insert(DemoSignIn)
        .values(persona=persona, **values)
        .on_conflict_do_update(index_elements=["persona"], set_=values)
    )


def list_demo_signins(session: Session) -> Sequence[Persona]:
    """The offered personas in their order; empty outside the demo."""
    rows = session.exec(
        select(DemoSignIn).order_by(col(DemoSignIn.position), col(DemoSignIn.persona))
    )
    return [Persona(row.persona, row.person_id, row.title, row.description) for row in rows]


def get_demo_signin(session: Session, *, persona: str) -> Persona:
    """Raises `NotFound`."""
    for offered in list_demo_signins(session):
        if offered.persona == persona:
            return offered
    raise NotFound("no such persona")
