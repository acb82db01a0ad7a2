"""What is known about a person: each area says how to show it and how to forget it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi.encoders import jsonable_encoder
from sqlmodel import Session

from accounts import personal as accounts_personal
from claims import personal as claims_personal
from messages import personal as messages_personal
from points import personal as points_personal
from programs import personal as programs_personal
from rewards import personal as rewards_personal


@dataclass(frozen=True, slots=True)
class Source:
    """One area: `show(session, person_id=)` in plain values, `forget(session, person_id=, at=)`."""

    area: str
    show: Callable[..., Any]
    forget: Callable[..., None] | None = None


def _each(session: Session, person_id: UUID) -> list[UUID]:
    return [one.id for one in programs_personal.participants(session, person_id)]


def _shown_by_participant(show: Callable[..., Any]) -> Callable[..., Any]:
    """What an area knows of each membership of a person."""

    def of(session: Session, *, person_id: UUID) -> dict[str, Any]:
        return {str(id): show(session, participant_id=id) for id in _each(session, person_id)}

    return of


def _forget_orders(session: Session, *, person_id: UUID, at: datetime) -> None:
    for id in _each(session, person_id):
        rewards_personal.forget(session, participant_id=id, actor=f"person:{person_id}", at=at)


def _forget_claims(session: Session, *, person_id: UUID, at: datetime) -> None:
    for id in _each(session, person_id):
        claims_personal.forget(session, participant_id=id, actor=f"person:{person_id}", at=at)


def _forget_points(session: Session, *, person_id: UUID, at: datetime) -> None:
    for id in _each(session, person_id):
        points_personal.forget(session, participant_id=id, at=at)


# One line per area, in the order of forgetting: cancelled orders give points back before these
# expire. Accounts forget last: the others may still need to know who it was.
SOURCES: Sequence[Source] = (
    Source("orders", _shown_by_participant(rewards_personal.show), _forget_orders),
    Source("claims", _shown_by_participant(claims_personal.show), _forget_claims),
    Source("points", _shown_by_participant(points_personal.show), _forget_points),
    Source("programs", programs_personal.show, programs_personal.forget),
    Source("messages", messages_personal.show, messages_personal.forget),
    Source("account", accounts_personal.show, accounts_personal.forget),
)


def show(session: Session, *, person_id: UUID) -> dict[str, Any]:
    """Everything about a person as JSON values, by area (GDPR, articles 15 and 20)."""
    return {
        source.area: jsonable_encoder(source.show(session, person_id=person_id))
        for source in SOURCES
    }


def forget(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Erase a person (GDPR, article 17): ids stay in ledgers and history, nothing tells whose."""
    for source in SOURCES:
        if source.forget is not None:
            source.forget(session, person_id=person_id, at=at)
