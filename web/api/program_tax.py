"""How the programme's rewards are taxed, over the API: what holds, its history, another way."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from programs import tax_modes
from programs.tables import Program
from programs.tax import TaxMode
from programs.tax_modes import LONGEST_REASON, SHORTEST_REASON
from web import pages
from web.access import ApiRouter
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import AdministeredProgram
from web.routers.program_setup import ADMINISTRATORS
from web.views import tax as views

router = ApiRouter(area="program", access=ADMINISTRATORS, prefix="/program/tax")


class TaxChoiceOut(BaseModel):
    """One choice: rewards ordered from `since` on are treated so, until a later one begins."""

    model_config = ConfigDict(from_attributes=True)

    mode: TaxMode
    since: date
    reason: str
    chosen_by: str
    chosen_at: datetime


class TaxOut(BaseModel):
    """`mode` holds today; null while nobody has chosen one: there is no default."""

    mode: TaxMode | None
    note: list[str] = Field(description="what terms, rewards and orders say of it")
    choices: list[TaxChoiceOut]


class TaxChoiceIn(BaseModel):
    """Another way, from today or a later day on, and on whose word."""

    model_config = ConfigDict(extra="forbid")

    mode: TaxMode
    since: date
    reason: str = Field(min_length=SHORTEST_REASON, max_length=LONGEST_REASON)


def _shown(request: Request, session: Session, program: Program, now: Now) -> TaxOut:
    language = pages.viewer_of(request).language
    found = views.view(session, program, now=now, language=language, say=pages.say(request))
    return TaxOut(
        mode=found.mode,
        note=list(found.sentences),
        choices=[TaxChoiceOut.model_validate(row) for row in found.rows],
    )


@router.get("")
def show_tax(
    request: Request, session: UnitOfWork, program: AdministeredProgram, now: Now
) -> TaxOut:
    """How rewards are taxed today, and every choice, that of the latest day first."""
    return _shown(request, session, program, now)


@router.post("", response_model=TaxOut, openapi_extra=MAY_REPEAT)
@idempotent
def choose_tax(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    given: TaxChoiceIn,
    now: Now,
) -> TaxOut:
    """From a day on rewards are treated this way; what was ordered before stays as it was."""
    tax_modes.choose(
        session,
        program_id=program.id,
        mode=given.mode,
        since=given.since,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(request, session, program, now)
