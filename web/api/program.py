"""The programme itself over the API: its period, its last days and its settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session

from core.clock import local_date
from programs import queries, setup, tax_modes
from programs.settings import ProgramSettings
from programs.setup import LONGEST_NAME, ProgramFacts
from programs.tables import Program
from programs.tax import TaxMode
from web.access import ApiRouter
from web.deps import CurrentViewer, Now, UnitOfWork
from web.program_people import AdministeredProgram
from web.routers.program_setup import ADMINISTRATORS

router = ApiRouter(area="program", access=ADMINISTRATORS, prefix="/program")
LastDay = Annotated[date | None, Field(description="a last day, itself included")]


class Owner(BaseModel):
    name: str
    nip: str


class ProgramOut(BaseModel):
    """Purchases count from `starts_on` to `ends_on`; the other days are the last to act."""

    id: UUID
    manufacturer: Owner
    name: str
    starts_on: date
    ends_on: date
    claim_until: date
    redeem_until: date
    settings: ProgramSettings
    tax_mode: TaxMode | None = Field(
        description="how rewards are taxed today; null while nobody has chosen (see `/program/tax`)"
    )


class ProgramChange(BaseModel):
    """What is to be different; everything that is left out stays as it is."""

    name: str | None = Field(None, max_length=LONGEST_NAME)
    starts_on: date | None = None
    ends_on: LastDay = None
    claim_until: LastDay = None
    redeem_until: LastDay = None
    settings: dict[str, Any] = Field({}, description="some of the settings, by name", max_length=60)


def shown(session: Session, program: Program, now: datetime) -> ProgramOut:
    owner = queries.get_manufacturer(session, program)
    return ProgramOut(
        id=program.id,
        manufacturer=Owner(name=owner.name, nip=owner.nip),
        name=program.name,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        claim_until=program.claim_until,
        redeem_until=program.redeem_until,
        settings=queries.settings_of(program),
        tax_mode=tax_modes.mode_on(session, program_id=program.id, on=local_date(now)),
    )


@router.get("")
def show_program(session: UnitOfWork, program: AdministeredProgram, now: Now) -> ProgramOut:
    """The programme with all its settings."""
    return shown(session, program, now)


@router.patch("")
def change_program(
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    given: ProgramChange,
    now: Now,
) -> ProgramOut:
    """Change days or settings; what was decided before stays as it is."""
    # Two that change one day each must not take back each other's.
    session.refresh(program, with_for_update=True)
    told = given.model_dump(exclude_none=True, exclude={"settings"})
    known = {name: getattr(program, name) for name in ProgramFacts.__dataclass_fields__}
    changed = setup.change_program(
        session,
        program_id=program.id,
        facts=ProgramFacts(**{**known, **told}),
        settings=given.settings,
        actor=viewer.actor,
        at=now,
    )
    return shown(session, changed, now)
