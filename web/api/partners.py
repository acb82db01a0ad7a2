"""The wholesalers of a programme over the API: listed, admitted, dismissed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from partners import queries
from partners.places import BranchFacts
from partners.tables import Partner
from programs import setup
from programs.tables import Program, ProgramPartner
from web.access import ApiRouter
from web.api.partner_branches import BranchIn
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import AdministeredProgram
from web.routers.program_setup import ADMINISTRATORS

router = ApiRouter(area="partners", access=ADMINISTRATORS, prefix="/partners")
NO_BRANCH = BranchFacts(name="", street="", postcode="", city="", voivodeship="")


class PlaceOut(BranchIn):
    """A branch that is open; whether it takes part is asked at `/partners/{id}/branches`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID


class StretchOut(BaseModel):
    """Purchases from `joined_on` until before `left_on` counted."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    joined_on: date
    left_on: date


class PartnerOut(BaseModel):
    """A wholesaler. Purchases count from the day of `joined_at` until before that of `left_at`, and
    in `earlier` parts."""

    id: UUID
    nip: str
    name: str
    short_name: str
    branches: list[PlaceOut]
    joined_at: datetime
    left_at: datetime | None
    earlier: list[StretchOut]


class PartnerIn(BaseModel):
    """Who takes part; one that has no branch here yet brings its first and its manager."""

    nip: str = Field(max_length=20)
    name: str = Field("", max_length=300, description="of a wholesaler that is new here")
    short_name: str = Field("", max_length=300)
    branch: BranchIn | None = None
    manager: str = Field("", max_length=300, description="name of the person who runs its side")
    email: str = Field("", max_length=300, description="where the manager gets the way in")
    since: date | None = Field(None, description="first day whose purchases count; empty: today")


def _shown(session: Session, partner: Partner, place: ProgramPartner) -> PartnerOut:
    branches = queries.list_branches(session, partner.id)
    return PartnerOut(
        id=partner.id,
        nip=partner.nip,
        name=partner.name,
        short_name=partner.short_name,
        branches=[PlaceOut.model_validate(branch) for branch in branches],
        joined_at=place.joined_at,
        left_at=place.left_at,
        earlier=[StretchOut.model_validate(past) for past in setup.list_earlier(session, place)],
    )


def _one(session: Session, program: Program, partner: Partner) -> PartnerOut:
    return _shown(session, partner, session.get_one(ProgramPartner, (program.id, partner.id)))


@router.get("")
def list_partners(session: UnitOfWork, program: AdministeredProgram) -> list[PartnerOut]:
    """Who takes part, or did; those who do first."""
    return [_shown(session, *found) for found in setup.list_partners(session, program.id)]


@router.post("", status_code=201, response_model=PartnerOut, openapi_extra=MAY_REPEAT)
@idempotent
def admit_partner(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    given: PartnerIn,
    now: Now,
) -> PartnerOut:
    """Let a wholesaler take part, also one whose part had ended."""
    del request  # The idempotency around this asks for it.
    partner = setup.admit_with_branch(
        session,
        program=program,
        nip=given.nip,
        name=given.name,
        short_name=given.short_name,
        branch=given.branch.facts() if given.branch else NO_BRANCH,
        prefix="branch.",
        manager=given.manager,
        email=given.email,
        since=given.since,
        actor=viewer.actor,
        at=now,
    )
    return _one(session, program, partner)


@router.post("/{partner_id}/dismissal", response_model=PartnerOut, openapi_extra=MAY_REPEAT)
@idempotent
def dismiss_partner(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    partner_id: UUID,
    now: Now,
) -> PartnerOut:
    """End a wholesaler's part: new purchases there bring nothing, what waits is still decided."""
    del request
    setup.dismiss_partner(
        session, program=program, partner_id=partner_id, actor=viewer.actor, at=now
    )
    return _one(session, program, queries.get_partner(session, partner_id))
