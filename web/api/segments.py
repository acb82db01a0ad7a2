"""Segments of participants over the API: made, listed, kept; sizes as coarse as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.requests import Request

from analytics import cohorts, groups
from core.clock import local_date
from core.errors import Invalid
from partners.places import VOIVODESHIPS
from programs import segments
from programs.policy_segments import Conditions
from programs.segment_tables import Segment
from programs.tables import Relation
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram
from web.routers.segments import add_firms

router = ApiRouter(area="segments", access=PROGRAM_ANALYST, prefix="/segments")
People = Annotated[int | None, Field(ge=1, le=100_000)]
Codes = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=40)]


class ConditionsIn(BaseModel):
    """All that is filled in must hold; within one list any will do."""

    voivodeships: Codes = Field([], description="two-digit TERYT codes")
    relations: list[Relation] = []
    tiers: Codes = Field([], description="names of levels")
    firm_from: People = Field(None, description="fewest people of the firm in the programme")
    firm_to: People = Field(None, description="most people of the firm in the programme")

    def conditions(self) -> Conditions:
        if not set(self.voivodeships) <= VOIVODESHIPS:
            raise Invalid("no voivodeship", field="voivodeships")
        return Conditions(
            voivodeships=tuple(self.voivodeships),
            relations=tuple(relation.value for relation in self.relations),
            tiers=tuple(self.tiers),
            firm_from=self.firm_from,
            firm_to=self.firm_to,
        )


class SegmentIn(BaseModel):
    """Without conditions a list, to which firms are added one by one."""

    name: str = Field(max_length=200)
    conditions: ConditionsIn | None = None


class SegmentOut(BaseModel):
    """Rules name it by `key`; `firms_at_least` is `null` for one to four firms."""

    id: UUID
    key: str
    name: str
    kind: Literal["list", "conditions"]
    conditions: Conditions | None
    firms_at_least: int | None
    archived: bool


class ListedFirm(BaseModel):
    """Somebody on a list; `firm` is empty without consent."""

    participant_id: UUID
    firm: str
    since: date


class SegmentDetail(SegmentOut):
    members: list[ListedFirm] = Field(description="of a list; conditions name nobody")


class FirmsIn(BaseModel):
    nips: list[Annotated[str, Field(max_length=20)]] = Field(max_length=segments.MOST_MEMBERS)


class FirmsAdded(BaseModel):
    """`left_out` take no part, or did not let the manufacturer see them: which is not said."""

    added: int
    left_out: list[str]


def _facts(segment: Segment, sizes: Mapping[str, int]) -> SegmentOut:
    size = sizes.get(segment.key, 0)
    conditions = segments.conditions_of(segment)
    return SegmentOut(
        id=segment.id,
        key=segment.key,
        name=segment.name,
        kind="list" if conditions is None else "conditions",
        conditions=conditions,
        firms_at_least=None if size == cohorts.FEW else size,
        archived=segment.archived_at is not None,
    )


def _sizes(session: Session, program_id: UUID, now: Now) -> dict[str, int]:
    return groups.sizes(session, program_id, today=local_date(now))[0]


def _detail(session: Session, segment: Segment, now: Now) -> SegmentDetail:
    listed = groups.listed(session, segment) if segment.conditions is None else []
    return SegmentDetail(
        **_facts(segment, _sizes(session, segment.program_id, now)).model_dump(),
        members=[
            ListedFirm(participant_id=one.participant_id, firm=one.firm, since=one.since)
            for one in listed
        ],
    )


@router.get("")
def list_segments(session: UnitOfWork, program: CurrentProgram, now: Now) -> list[SegmentOut]:
    """Those in use, by name."""
    sizes = _sizes(session, program.id, now)
    return [_facts(segment, sizes) for segment in segments.list_segments(session, program.id)]


@router.post(
    "",
    access=PROGRAM_MANAGER,
    status_code=201,
    response_model=SegmentDetail,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def create_segment(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: SegmentIn,
    now: Now,
) -> SegmentDetail:
    """A list, or a segment that attributes describe from now on."""
    del request  # The idempotency around this asks for it.
    made = segments.create(
        session,
        program_id=program.id,
        name=given.name,
        conditions=given.conditions.conditions() if given.conditions else None,
        author=viewer.actor,
        at=now,
    )
    return _detail(session, made, now)


@router.get("/{segment_id}")
def show_segment(
    session: UnitOfWork, program: CurrentProgram, segment_id: UUID, now: Now
) -> SegmentDetail:
    """One segment; a list with who stands on it."""
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    return _detail(session, segment, now)


@router.post(
    "/{segment_id}/members",
    access=PROGRAM_MANAGER,
    response_model=FirmsAdded,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def add_members(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    segment_id: UUID,
    given: FirmsIn,
    now: Now,
) -> FirmsAdded:
    """Put firms on a list by tax number, from today."""
    del request
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    added, left_out = add_firms(session, segment, given.nips, author=viewer.actor, at=now)
    return FirmsAdded(added=added, left_out=left_out)


@router.delete("/{segment_id}/members/{participant_id}", access=PROGRAM_MANAGER, status_code=204)
def remove_member(
    session: UnitOfWork,
    program: ManagedProgram,
    segment_id: UUID,
    participant_id: UUID,
    now: Now,
) -> None:
    """Take somebody off a list: today is the first day without it."""
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    segments.remove_member(session, segment, participant_id=participant_id, at=now)


@router.post(
    "/{segment_id}/archival",
    access=PROGRAM_MANAGER,
    response_model=SegmentDetail,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def archive_segment(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    segment_id: UUID,
    now: Now,
) -> SegmentDetail:
    """No new rule may name it; rules in force go on with it."""
    del request
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    segments.archive(session, segment, at=now)
    return _detail(session, segment, now)
