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
from messages import personal as messages_personal


@dataclass(frozen=True, slots=True)
class Source:
    """One area: `show(session, person_id=)` in plain values, `forget(session, person_id=, at=)`."""

    area: str
    show: Callable[..., Any]
    forget: Callable[..., None] | None = None


# One line per area. Accounts forget last: the others may still need to know who it was.
SOURCES: Sequence[Source] = (
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
