"""A participant's level: how far it is to the next one, and the levels held so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import levels
from core.clock import local_date
from core.formats import Formats
from programs import queries, tiers
from programs.policy import Measure
from programs.tables import Participant
from programs.terms_words import Wording
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.members import CurrentMember

router = Router(access=PARTICIPANT)


@dataclass(frozen=True, slots=True)
class LevelView:
    """`have` and `need` are whole points or zł; `next_level` is empty at the top."""

    level: str
    next_level: str
    have: int
    need: int
    missing: str
    reached: bool


def level_view(
    session: Session, participant: Participant, *, at: datetime, language: str
) -> LevelView | None:
    """The card on the first page; `None` in programmes without levels."""
    found = levels.progress_of(session, participant, at=at)
    if found is None:
        return None
    ladder, way = found
    formats = Formats(language)
    missing = int(way.missing.to_integral_value(rounding="ROUND_CEILING"))
    by_points = ladder.measure is Measure.POINTS
    return LevelView(
        level=way.level,
        next_level=way.next_level.name if way.next_level else "",
        have=int(way.measured),
        need=int(way.next_level.at_least) if way.next_level else int(way.measured) or 1,
        missing=formats.points(missing) if by_points else formats.money(missing * 100),
        reached=way.next_level is not None and missing == 0,
    )


@router.get("/level")
def show_level(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    viewer: CurrentViewer,
    now: Now,
) -> Response:
    """All levels of today's rules, where the participant stands, and since when."""
    seen = level_view(session, member.participant, at=now, language=viewer.language)
    rules = None
    if seen is not None:
        _, rules = queries.get_rules_in_force(
            session, program_id=member.program.id, on=local_date(now)
        )
    history = tiers.history_of(session, member.participant.id)
    context = {
        "scope_label": member.scope_label,
        "level": seen,
        "sentences": Wording(viewer.language).levels(rules) if rules is not None else [],
        "terms_href": f"/terms/{member.program.slug}",
        "history": [(standing.since, standing.level) for standing in history],
    }
    return pages.render(request, "participant/level.html", context)
