"""Segments of a programme's participants: made, their lists kept, and who belongs on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.clock import local_date
from core.columns import new_id
from core.errors import DomainError, Invalid, Kind, NotFound
from programs.policy_segments import Conditions, Person
from programs.queries import settings_of
from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant, Program

MOST_MEMBERS = 5_000


class SegmentNotFound(NotFound):
    code = "segment-not-found"


class SegmentNameTaken(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "segment-name-taken"


class SegmentInUse(DomainError):
    """The programme's settings say that this segment's people may claim."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "segment-in-use"


def key_of(name: str) -> str:
    """What rules call a segment of that name: `Śląsk – duże firmy` → `slask-duze-firmy`."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ł", "l"))
    plain = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def create(
    session: Session,
    *,
    program_id: UUID,
    name: str,
    conditions: Conditions | None = None,
    author: str,
    at: datetime,
) -> Segment:
    """A list without conditions, else a segment by attributes that stays as it is.

    Raises `Invalid` (`name`, `conditions`), `SegmentNameTaken`.
    """
    name, key = name.strip(), key_of(name)
    if not key or len(name) > 80:
        raise Invalid("a segment has a name", field="name")
    if conditions is not None and conditions.empty:
        raise Invalid("say at least one attribute", field="conditions")
    low, high = (conditions.firm_from, conditions.firm_to) if conditions else (None, None)
    if low is not None and high is not None and low > high:
        raise Invalid("from is not above to", field="firm_to")
    made = session.execute(
        insert(Segment)
        .values(
            id=new_id(),
            program_id=program_id,
            key=key,
            name=name,
            conditions=conditions.model_dump(mode="json") if conditions else None,
            created_by=author,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["program_id", "key"])
        .returning(col(Segment.id))
    ).scalar_one_or_none()
    if made is None:
        raise SegmentNameTaken(field="name")
    return session.get_one(Segment, made)


def get(session: Session, *, program_id: UUID, segment_id: UUID) -> Segment:
    """Raises `SegmentNotFound` for what is not the programme's."""
    segment = session.get(Segment, segment_id)
    if segment is None or segment.program_id != program_id:
        raise SegmentNotFound
    return segment


def list_segments(session: Session, program_id: UUID) -> list[Segment]:
    """Those in use, by name."""
    return list(
        session.exec(
            select(Segment)
            .where(Segment.program_id == program_id, col(Segment.archived_at).is_(None))
            .order_by(col(Segment.name))
        )
    )


def names(session: Session, program_id: UUID) -> dict[str, str]:
    """Names by key, archived ones too: published rules may still speak of them."""
    rows = session.execute(
        sa.select(col(Segment.key), col(Segment.name))
        .where(col(Segment.program_id) == program_id)
        .order_by(col(Segment.name))
    )
    return {key: name for key, name in rows}


def conditions_of(segment: Segment) -> Conditions | None:
    return Conditions.model_validate(segment.conditions) if segment.conditions else None


def archive(session: Session, segment: Segment, *, at: datetime) -> None:
    """No new rule may name it; rules in force go on with it. Raises `SegmentInUse`."""
    program = session.get_one(Program, segment.program_id, with_for_update=True)
    if settings_of(program).eligible_segment == segment.key:
        raise SegmentInUse(segment.key)
    segment.archived_at = segment.archived_at or at
    session.add(segment)
    session.flush()


def add_members(
    session: Session, segment: Segment, *, nips: Collection[str], author: str, at: datetime
) -> tuple[int, list[str]]:
    """Put the participants of these firms on a list from today; how many, and unknown numbers.

    Raises `Invalid` for a segment that attributes describe.
    """
    if segment.conditions is not None:
        raise Invalid("attributes say who belongs", field="nips")
    wanted = list(dict.fromkeys(re.sub(r"\D", "", nip) for nip in nips))[:MOST_MEMBERS]
    people = session.exec(
        select(Participant).where(
            Participant.program_id == segment.program_id,
            col(Participant.nip).in_(wanted),
            col(Participant.left_at).is_(None),
        )
    ).all()
    made = 0
    for person in people:
        added = session.execute(
            insert(SegmentMember)
            .values(
                id=new_id(),
                segment_id=segment.id,
                participant_id=person.id,
                since=local_date(at),
                added_by=author,
                added_at=at,
            )
            .on_conflict_do_nothing()
            .returning(col(SegmentMember.id))
        ).first()
        made += added is not None
    known = {person.nip for person in people}
    return made, [nip for nip in wanted if nip not in known]


def remove_member(
    session: Session, segment: Segment, *, participant_id: UUID, at: datetime
) -> None:
    """Take somebody off a list: today is the first day without it."""
    session.execute(
        sa.update(SegmentMember)
        .where(
            col(SegmentMember.segment_id) == segment.id,
            col(SegmentMember.participant_id) == participant_id,
            col(SegmentMember.until).is_(None),
        )
        .values(until=local_date(at))
    )


def keys_of(
    session: Session, participant: Participant, *, wanted: Collection[str], on: date, tier: str
) -> frozenset[str]:
    """Which of the wanted segments a participant belonged to on a day."""
    if not wanted:
        return frozenset()
    found = session.exec(
        select(Segment).where(
            Segment.program_id == participant.program_id, col(Segment.key).in_(list(wanted))
        )
    ).all()
    listed = listed_in(session, [s.id for s in found], participant_id=participant.id, on=on)
    person = person_of(session, participant, on=on, tier=tier)
    return frozenset(
        segment.key
        for segment in found
        if (
            conditions.admit(person)
            if (conditions := conditions_of(segment)) is not None
            else segment.id in listed
        )
    )


def listed_in(
    session: Session, segment_ids: Sequence[UUID], *, participant_id: UUID, on: date
) -> set[UUID]:
    """On which lists somebody stood on a day."""
    return set(
        session.exec(
            select(SegmentMember.segment_id).where(
                col(SegmentMember.segment_id).in_(segment_ids),
                SegmentMember.participant_id == participant_id,
                SegmentMember.since <= on,
                sa.or_(col(SegmentMember.until).is_(None), col(SegmentMember.until) > on),
            )
        )
    )


def person_of(session: Session, participant: Participant, *, on: date, tier: str) -> Person:
    """What attributes look at, as it was on a day: who joins or leaves later changes nothing of it.

    Where a firm is and how somebody belongs to it stays as it was enrolled.
    """
    colleagues = session.execute(
        sa.select(sa.func.count()).where(
            col(Participant.program_id) == participant.program_id,
            col(Participant.nip) == participant.nip,
            _local_date(col(Participant.enrolled_at)) <= on,
            sa.or_(col(Participant.left_at).is_(None), _local_date(col(Participant.left_at)) > on),
        )
    ).scalar_one()
    return Person(
        voivodeship=participant.voivodeship,
        relation=participant.relation,
        colleagues=max(int(colleagues), 1),
        tier=tier,
    )


def _local_date(moment: Any) -> Any:
    return sa.cast(sa.func.timezone("Europe/Warsaw", moment), sa.Date)
