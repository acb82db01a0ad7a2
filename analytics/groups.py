"""How many firms belong to each segment and hold each level; lists with names only by consent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import cohorts, consent, past_claims
from programs import tiers
from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant


@dataclass(frozen=True, slots=True)
class Group:
    """A level by its name, with the firms that hold it."""

    key: str
    firms: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a list; `firm` is empty without consent."""

    participant_id: UUID
    firm: str
    since: date


def sizes(session: Session, program_id: UUID, *, today: date) -> tuple[dict[str, int], list[Group]]:
    """At least how many firms each segment has (`cohorts.told`), and how many hold each level."""
    held = tiers.levels_on(session, program_id, today)
    found = past_claims.segments_of(session, program_id)
    in_segment: defaultdict[str, set[str]] = defaultdict(set)
    on_level: defaultdict[str, set[str]] = defaultdict(set)
    people = session.execute(
        sa.select(col(Participant.id), col(Participant.nip)).where(
            col(Participant.program_id) == program_id, col(Participant.left_at).is_(None)
        )
    )
    for participant_id, nip in people:
        level = held[participant_id].level if participant_id in held else ""
        on_level[level].add(nip)
        for key in found(participant_id, today, level):
            in_segment[key].add(nip)
    made = session.execute(
        sa.select(col(Segment.key))
        .where(col(Segment.program_id) == program_id)
        .order_by(col(Segment.created_at), col(Segment.id))
    ).scalars()
    everybody = set[str]().union(*on_level.values())
    return (
        cohorts.told(
            {key: in_segment[key] for key in made}, others=[everybody, *on_level.values()]
        ),
        [Group(level, len(firms)) for level, firms in sorted(on_level.items())],
    )


def listed(session: Session, segment: Segment) -> list[Listed]:
    """Who stands on a list today, by firm; the nameless ones last."""
    rows = session.execute(
        sa.select(col(SegmentMember.participant_id), col(SegmentMember.since)).where(
            col(SegmentMember.segment_id) == segment.id, col(SegmentMember.until).is_(None)
        )
    ).all()
    firms = consent.firms(
        session, program_id=segment.program_id, participant_ids=[row[0] for row in rows]
    )
    made = [Listed(person, firms.get(person, ""), since) for person, since in rows]
    return sorted(made, key=lambda one: (one.firm == "", one.firm, str(one.participant_id)))


def nips_that_agreed(session: Session, program_id: UUID, nips: Collection[str]) -> set[str]:
    """Those tax numbers whose participants let the manufacturer see them.

    A list is written by number: without this filter it would tell who takes part.
    """
    return set(
        session.execute(
            sa.select(col(Participant.nip)).where(
                col(Participant.program_id) == program_id,
                col(Participant.nip).in_(list(nips)),
                col(Participant.person_id).in_(consent.agreed(program_id)),
            )
        ).scalars()
    )
