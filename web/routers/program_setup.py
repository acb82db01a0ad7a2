"""Programmes that somebody runs: founding one, its period and its settings."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from core.clock import local_date
from core.errors import DomainError, Invalid
from programs import founding, queries, segments, setup, tax_modes
from programs.setup import ProgramFacts
from programs.tables import Program
from web import pages
from web.access import OPERATOR, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import label_of, programs_of
from web.viewer import Viewer
from web.views import program_settings as views

ADMINISTRATORS = PROGRAM_MANAGER | OPERATOR
ROLES = (Role.PROGRAM_MANAGER, Role.OPERATOR)

router = Router(access=ADMINISTRATORS)
Text = Annotated[str, Form(max_length=300)]
DAYS = ("starts_on", "ends_on", "claim_until", "redeem_until")


def administered(session: Session, viewer: Viewer, program_id: UUID) -> Program:
    """The programme, if the viewer may set it up. Raises `ProgramNotFound`."""
    found = [p for p in programs_of(session, viewer, *ROLES) if p.id == program_id]
    if not found:
        raise queries.ProgramNotFound
    return found[0]


async def _typed(request: Request) -> FormData:
    return await request.form()


Typed = Annotated[FormData, Depends(_typed)]


class Texts(dict[str, str]):
    """What was typed, by field; a field that was not sent is empty."""

    def __missing__(self, field: str) -> str:
        return ""


def texts_of(form: FormData) -> Texts:
    return Texts((key, value[:300]) for key, value in form.items() if isinstance(value, str))


@router.get("/programs")
def list_programs(request: Request, session: UnitOfWork, viewer: CurrentViewer) -> Response:
    """The programmes that the viewer may set up; the only one opens at once."""
    found = programs_of(session, viewer, *ROLES)
    may_found = viewer.has(Role.OPERATOR)
    if len(found) == 1 and not may_found:
        return pages.redirect(request, f"/programs/{found[0].id}/settings")
    rows = [(p, queries.get_manufacturer(session, p).name) for p in found]
    label = label_of(found, pages.say(request))
    context = {"scope_label": label, "rows": rows, "may_found": may_found}
    return pages.render(request, "setup/programs.html", context)


@router.get("/programs/new", access=OPERATOR)
def ask_program(request: Request) -> Response:
    return pages.render(request, "setup/new_program.html", {"facts": Texts()})


@router.post("/programs", access=OPERATOR)
@idempotent
def create_program(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, form: Typed
) -> Response:
    """Found a programme and invite the person who will run it."""
    _ = pages.say(request)
    typed = texts_of(form)
    try:
        program = founding.found_with_manager(
            session,
            manufacturer=typed.get("manufacturer", ""),
            nip=typed.get("nip", ""),
            facts=facts_of(typed),
            manager=typed.get("manager", ""),
            email=typed.get("email", ""),
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = {"facts": typed}
        raise pages.refused(request, "setup/new_program.html", context, error) from error
    flash = _("Program założony. Osoba, która go poprowadzi, dostanie list z odnośnikiem.")
    return pages.redirect(request, f"/programs/{program.id}/settings", flash=flash)


def facts_of(typed: dict[str, str]) -> ProgramFacts:
    """The days and the name as they were typed. Raises `Invalid`."""
    days = {name: day_of(typed, name) for name in DAYS}
    return ProgramFacts(name=typed.get("name", "").strip(), **days)


def day_of(typed: dict[str, str], name: str) -> date:
    """The day that stands in a field. Raises `Invalid`."""
    try:
        return date.fromisoformat(typed.get(name, ""))
    except ValueError as error:
        raise Invalid("what day?", field=name) from error


def _context(
    request: Request,
    session: Session,
    program: Program,
    now: Now,
    typed: dict[str, str] | None = None,
) -> dict[str, object]:
    stored = {"name": program.name, **{day: getattr(program, day).isoformat() for day in DAYS}}
    settings = queries.settings_of(program)
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "facts": typed if typed is not None else stored,
        "groups": views.groups(
            settings,
            typed,
            pages.say(request),
            [(s.key, s.name) for s in segments.list_segments(session, program.id)],
        ),
        "tab": "settings",
        "tax_mode": tax_modes.mode_on(session, program_id=program.id, on=local_date(now)),
    }


@router.get("/programs/{program_id}/settings")
def show_settings(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, program_id: UUID, now: Now
) -> Response:
    program = administered(session, viewer, program_id)
    return pages.render(request, "setup/settings.html", _context(request, session, program, now))


@router.post("/programs/{program_id}/settings")
@idempotent
def save_settings(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    form: Typed,
) -> Response:
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    typed = texts_of(form)
    try:
        setup.change_program(
            session,
            program_id=program.id,
            facts=facts_of(typed),
            settings=views.parsed(typed),
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(request, session, program, now, typed)
        raise pages.refused(request, "setup/settings.html", context, error) from error
    return pages.redirect(request, f"/programs/{program.id}/settings", flash=_("Zapisane."))
