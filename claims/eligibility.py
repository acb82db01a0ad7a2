"""Who may claim in a programme: every participant, or those of one segment."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Session

from core.clock import local_date
from core.errors import DomainError, Kind
from programs import segments, tiers
from programs.queries import settings_of
from programs.tables import Participant, Program


class NotEligible(DomainError):
    """The programme takes claims of one segment's people only, and this is none of them."""

    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "not-eligible"


def is_eligible(
    session: Session, *, program: Program, participant: Participant, at: datetime
) -> bool:
    """Whether somebody may claim on this day; what was claimed before stays as it is."""
    wanted = settings_of(program).eligible_segment
    if not wanted:
        return True
    today = local_date(at)
    tier = tiers.level_on(session, participant.id, today)
    return wanted in segments.keys_of(session, participant, wanted={wanted}, on=today, tier=tier)


def require_eligible(
    session: Session, *, program: Program, participant: Participant, at: datetime
) -> None:
    """Raise `NotEligible` unless the participant may claim today."""
    if not is_eligible(session, program=program, participant=participant, at=at):
        raise NotEligible(program.slug)
