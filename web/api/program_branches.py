"""Which branches of a wholesaler count in a programme, over the API."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from core.clock import local_date
from partners.queries import PartnerNotFound
from programs import branches
from programs.branches import LONGEST_REASON
from programs.tables import Program, ProgramPartner
from web.access import ApiRouter
from web.api.partners import PlaceOut
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import AdministeredProgram
from web.routers.program_setup import ADMINISTRATORS

router = ApiRouter(area="partners", access=ADMINISTRATORS, prefix="/partners/{partner_id}/branches")


class BranchScope(StrEnum):
    """`all`: every branch, a new one by itself; `chosen`: those on the programme's list."""

    ALL = "all"
    CHOSEN = "chosen"


class PartOut(BaseModel):
    """An open branch; `counts` says whether purchases of today there bring points.

    `since` and `until` are of its latest stretch on the list; from `until` on it counts no more.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    branch: PlaceOut
    counts: bool
    since: date | None
    until: date | None
    reason: str


class PartsOut(BaseModel):
    """`scope` is today's; the list decides from `chosen_from` until before `chosen_until`."""

    scope: BranchScope
    chosen_from: date | None
    chosen_until: date | None
    branches: list[PartOut]


class FromDay(BaseModel):
    """From which day of purchase, and why; the reason stays in the programme's history."""

    since: date
    reason: str = Field("", max_length=LONGEST_REASON)


class ChoiceIn(FromDay):
    branch_ids: list[UUID] = Field(min_length=1, max_length=500)


def _shown(session: Session, program: Program, partner_id: UUID, now: Now) -> PartsOut:
    place = session.get(ProgramPartner, (program.id, partner_id))
    if place is None:
        raise PartnerNotFound
    on = local_date(now)
    return PartsOut(
        scope=BranchScope(branches.scope_of(place, on)),
        chosen_from=place.chosen_from,
        chosen_until=place.chosen_until,
        branches=[
            PartOut.model_validate(part)
            for part in branches.list_parts(session, place=place, on=on)
        ],
    )


@router.get("")
def list_parts(
    session: UnitOfWork, program: AdministeredProgram, partner_id: UUID, now: Now
) -> PartsOut:
    """The wholesaler's branches and which of them take part."""
    return _shown(session, program, partner_id, now)


@router.post("/choice", response_model=PartsOut, openapi_extra=MAY_REPEAT)
@idempotent
def choose(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    partner_id: UUID,
    given: ChoiceIn,
    now: Now,
) -> PartsOut:
    """From a day on, today or later, only these branches count."""
    del request  # The idempotency around this asks for it.
    branches.choose(
        session,
        program=program,
        partner_id=partner_id,
        branch_ids=given.branch_ids,
        since=given.since,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program, partner_id, now)


@router.post("/all", response_model=PartsOut, openapi_extra=MAY_REPEAT)
@idempotent
def take_all(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    partner_id: UUID,
    given: FromDay,
    now: Now,
) -> PartsOut:
    """From a day on, today or later, all branches count again, new ones too."""
    del request
    branches.take_all(
        session,
        program=program,
        partner_id=partner_id,
        since=given.since,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program, partner_id, now)


@router.post("/{branch_id}/enrolment", response_model=PartsOut, openapi_extra=MAY_REPEAT)
@idempotent
def enrol(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    partner_id: UUID,
    branch_id: UUID,
    given: FromDay,
    now: Now,
) -> PartsOut:
    """Put a branch on the list, also one whose part had ended; the day may lie in the past."""
    del request
    branches.enrol(
        session,
        program=program,
        partner_id=partner_id,
        branch_id=branch_id,
        since=given.since,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program, partner_id, now)


@router.post("/{branch_id}/end", response_model=PartsOut, openapi_extra=MAY_REPEAT)
@idempotent
def end(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    partner_id: UUID,
    branch_id: UUID,
    given: FromDay,
    now: Now,
) -> PartsOut:
    """Take a branch off the list: purchases from the day on, today or later, count no more."""
    del request
    branches.end(
        session,
        program=program,
        partner_id=partner_id,
        branch_id=branch_id,
        since=given.since,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program, partner_id, now)
