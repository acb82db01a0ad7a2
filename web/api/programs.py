"""The programmes that a key may set up over the API; an operator's founds new ones."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.requests import Request

from core.errors import Invalid
from programs import founding, queries
from programs.setup import LONGEST_NAME, ProgramFacts
from programs.tables import Program
from web.access import OPERATOR, ApiRouter
from web.api.paging import Cursor, Limit, Page, after, page
from web.api.posting import MAY_REPEAT
from web.api.program import Owner, ProgramOut, shown
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import programs_of
from web.routers.program_setup import ADMINISTRATORS, ROLES

router = ApiRouter(area="program", access=ADMINISTRATORS, prefix="/programs")
FACTS = tuple(ProgramFacts.__dataclass_fields__)


class ProgramIn(BaseModel):
    """A new programme; a manufacturer with a known tax number needs no name."""

    manufacturer: str = Field("", max_length=300)
    nip: str = Field(max_length=20, description="of the manufacturer")
    name: str = Field(max_length=LONGEST_NAME)
    starts_on: date
    ends_on: date
    claim_until: date
    redeem_until: date
    manager: str = Field(max_length=300, description="name of the person who runs it")
    email: str = Field(max_length=300, description="where that person gets the way in")


class ProgramRow(BaseModel):
    """One programme of a list; `?program=<id>` makes every other path speak of it."""

    id: UUID
    slug: str
    name: str
    manufacturer: Owner
    starts_on: date
    ends_on: date


def _row(session: Session, program: Program) -> ProgramRow:
    owner = queries.get_manufacturer(session, program)
    return ProgramRow(
        id=program.id,
        slug=program.slug,
        name=program.name,
        manufacturer=Owner(name=owner.name, nip=owner.nip),
        starts_on=program.starts_on,
        ends_on=program.ends_on,
    )


@router.get("")
def list_programs(
    session: UnitOfWork, viewer: CurrentViewer, limit: Limit = 50, cursor: Cursor = ""
) -> Page[ProgramRow]:
    """The programmes that the key may set up, oldest first."""
    last, mine = after(cursor), programs_of(session, viewer, *ROLES)
    if last is not None:
        places = [place for place, program in enumerate(mine) if program.id == last]
        if not places:
            raise Invalid("no cursor of ours", field="cursor")
        mine = mine[places[0] + 1 :]
    return page(
        mine[: limit + 1],
        limit=limit,
        id_of=lambda program: program.id,
        item=lambda program: _row(session, program),
    )


@router.post(
    "", status_code=201, access=OPERATOR, response_model=ProgramOut, openapi_extra=MAY_REPEAT
)
@idempotent
def found_program(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, given: ProgramIn, now: Now
) -> ProgramOut:
    """Found a programme and invite the person who will run it; an operator's key only."""
    del request  # The idempotency around this asks for it.
    program = founding.found_with_manager(
        session,
        manufacturer=given.manufacturer,
        nip=given.nip,
        facts=ProgramFacts(**{name: getattr(given, name) for name in FACTS}),
        manager=given.manager,
        email=given.email,
        actor=viewer.actor,
        at=now,
    )
    return shown(session, program, now)
