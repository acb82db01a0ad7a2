"""What programmes know about a person, to show and to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant, Program
from programs.tier_tables import TierStanding

# Ten noughts are no tax number: they name nobody.
NO_NIP = "0000000000"


def participants(session: Session, person_id: UUID) -> list[Participant]:
    """Every membership of a person, also those that ended."""
    return list(
        session.exec(
            select(Participant)
            .where(Participant.person_id == person_id)
            .order_by(col(Participant.enrolled_at), col(Participant.id))
        )
    )


def show(session: Session, *, person_id: UUID) -> list[dict[str, Any]]:
    """Memberships with firm, levels and lists."""
    return [_shown(session, one) for one in participants(session, person_id)]


def _shown(session: Session, one: Participant) -> dict[str, Any]:
    program = session.get_one(Program, one.program_id)
    levels = session.exec(
        select(TierStanding)
        .where(TierStanding.participant_id == one.id)
        .order_by(col(TierStanding.since))
    )
    lists = session.execute(
        sa.select(col(Segment.name), col(SegmentMember.since), col(SegmentMember.until))
        .join(SegmentMember, col(SegmentMember.segment_id) == col(Segment.id))
        .where(col(SegmentMember.participant_id) == one.id)
        .order_by(col(SegmentMember.since), col(SegmentMember.id))
    )
    return {
        "id": one.id,
        "program": program.name,
        "firm": one.company_name,
        "nip": one.nip,
        "relation": one.relation,
        "voivodeship": one.voivodeship,
        "enrolled_at": one.enrolled_at,
        "left_at": one.left_at,
        "levels": [{"level": level.level, "since": level.since} for level in levels],
        "lists": [{"name": n, "since": since, "until": until} for n, since, until in lists],
    }


def forget(session: Session, *, person_id: UUID, at: datetime) -> None:
    """The membership stays as a number without firm and tax number, and ends."""
    for one in participants(session, person_id):
        one.company_name, one.nip = "", NO_NIP
        one.left_at = one.left_at or at
        session.add(one)
        session.execute(sa.delete(SegmentMember).where(col(SegmentMember.participant_id) == one.id))
    session.flush()
