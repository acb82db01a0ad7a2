"""How a programme's rewards are taxed: the page where its people choose it, and its history."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import DomainError, Invalid
from programs import tax_modes
from programs.tables import Program
from web import pages
from web.access import Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.routers.program_setup import ADMINISTRATORS, administered
from web.views import tax as views

router = Router(access=ADMINISTRATORS)
TEMPLATE = "setup/tax.html"


def _context(
    request: Request, session: Session, program: Program, now: Now, typed: dict[str, str]
) -> dict[str, object]:
    language = pages.viewer_of(request).language
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "tab": "tax",
        "tax": views.view(session, program, now=now, language=language, say=pages.say(request)),
        "options": views.options(language),
        "today": local_date(now).isoformat(),
        "typed": typed,
    }


@router.get("/programs/{program_id}/tax")
def show_tax(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, program_id: UUID, now: Now
) -> Response:
    """What holds, what was chosen before, and the form for another way."""
    program = administered(session, viewer, program_id)
    typed = {"mode": "", "since": local_date(now).isoformat(), "reason": ""}
    return pages.render(request, TEMPLATE, _context(request, session, program, now, typed))


@router.post("/programs/{program_id}/tax")
@idempotent
def choose_tax(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    mode: Annotated[str, Form(max_length=40)] = "",
    since: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    typed = {"mode": mode, "since": since, "reason": reason}
    try:
        try:
            first = date.fromisoformat(since)
        except ValueError as error:
            raise Invalid("what day?", field="since") from error
        tax_modes.choose(
            session,
            program_id=program.id,
            mode=mode,
            since=first,
            reason=reason,
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(request, session, program, now, typed)
        raise pages.refused(request, TEMPLATE, context, error) from error
    flash = _("Zapisane. Zamówienia złożone wcześniej zostają przy dawnym sposobie.")
    return pages.redirect(request, f"/programs/{program.id}/tax", flash=flash)
