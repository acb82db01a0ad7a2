"""Participants who did not agree that the manufacturer sees who they are: no name leaves here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from analytics.consent import firms
from programs.tables import Participant
from web.error_texts import N_

NAMELESS = N_("Uczestnik bez nazwy")


def nameless(session: Session, participants: Iterable[Participant]) -> frozenset[UUID]:
    """The ids of those whose name a manufacturer's page must not hold."""
    asked = list(participants)
    named: set[UUID] = set()
    for program_id in {one.program_id for one in asked}:
        ids = [one.id for one in asked if one.program_id == program_id]
        named |= set(firms(session, program_id=program_id, participant_ids=ids))
    return frozenset(one.id for one in asked) - named
