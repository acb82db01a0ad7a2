"""The participant's level for programs: where they stand and what the next level takes."""

from __future__ import annotations

from pydantic import BaseModel

from core.clock import local_date
from programs import queries
from programs.terms_words import Wording
from web.access import PARTICIPANT, ApiRouter
from web.deps import CurrentViewer, Now, UnitOfWork
from web.members import CurrentMember
from web.routers.levels import level_view

router = ApiRouter(area="points", access=PARTICIPANT, prefix="/level")


class OwnLevel(BaseModel):
    """The caller's level and the way to the next one, in points or zł (`measure`)."""

    level: str
    next_level: str
    measure: str
    measured: int
    needed: int
    sentences: list[str]


@router.get("")
def get_own_level(
    session: UnitOfWork, member: CurrentMember, viewer: CurrentViewer, now: Now
) -> OwnLevel | None:
    """The participant's level; null in programmes without levels."""
    seen = level_view(session, member.participant, at=now, language=viewer.language)
    if seen is None:
        return None
    today = local_date(now)
    _, rules = queries.get_rules_in_force(session, program_id=member.program.id, on=today)
    return OwnLevel(
        level=seen.level,
        next_level=seen.next_level,
        measure=rules.ladder.measure if rules.ladder is not None else "points",
        measured=seen.have,
        needed=seen.need,
        sentences=Wording(viewer.language).levels(rules),
    )
