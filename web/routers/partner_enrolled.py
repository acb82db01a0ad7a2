"""Participants of a branch: who joined there, the poster with its code, an invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.contacts import parse
from core.clock import local_date
from core.errors import DomainError, NotFound
from core.runtime import App
from messages.kinds import JOIN_INVITATION
from messages.service import notify_contact
from partners.tables import Branch
from programs import joining
from programs.branches import BranchTakesNoPart
from programs.queries import get_manufacturer
from programs.tables import Program
from web import limits, pages
from web.access import CLERK, Router
from web.clerks import Counter, CurrentClerk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.poster_pdf import Poster, render
from web.scopes import Asked, choose
from web.views import enrolled as views

router = Router(access=CLERK)


def _program(request: Request, session: UnitOfWork, counter: CurrentClerk, asked: Asked) -> Program:
    """The programme of the wholesaler that people are enrolled in."""
    return choose(request, asked, joining.list_programs(session, partner_id=counter.partner.id))


Enrolling = Annotated[Program, Depends(_program)]


def _enrolling(session: Session, counter: Counter, program: Program, now: datetime) -> list[Branch]:
    """Those of the desk's branches that take part: a poster elsewhere would lead to nothing."""
    return [
        branch
        for branch in counter.desk.branches
        if joining.enrols(session, branch=branch, program_id=program.id, at=now)
    ]


def _context(
    session: Session, counter: Counter, program: Program, now: datetime, contact: str = ""
) -> dict[str, object]:
    branches = _enrolling(session, counter, program, now)
    return {
        "scope_label": counter.desk.scope_label,
        "program": program.name,
        "rows": views.rows(session, branches=counter.desk.branches, partner_id=counter.partner.id),
        "branches": [(str(branch.id), branch.name) for branch in branches],
        "contact": contact,
    }


@router.get("/enrolled")
def list_enrolled(
    request: Request, session: UnitOfWork, counter: CurrentClerk, program: Enrolling, now: Now
) -> Response:
    """Who joined by this branch and what they do here; nothing of other wholesalers."""
    return pages.render(request, "partner/enrolled.html", _context(session, counter, program, now))


def _branch(
    session: Session, counter: Counter, program: Program, branch_id: UUID, now: datetime
) -> Branch:
    """A branch of the desk. Raises `BranchTakesNoPart` where nobody can join by it."""
    for branch in counter.desk.branches:
        if branch.id == branch_id:
            if not joining.enrols(session, branch=branch, program_id=program.id, at=now):
                raise BranchTakesNoPart
            return branch
    raise NotFound


@router.get("/enrolled/{branch_id}/poster.pdf")
def poster(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    program: Enrolling,
    branch_id: UUID,
    size: str = "a4",
) -> Response:
    """A poster (A4) or a leaflet (A6) whose code leads to the branch's own joining page."""
    branch = _branch(session, counter, program, branch_id, now)
    made = render(
        Poster(
            program=program.name,
            manufacturer=get_manufacturer(session, program).name,
            branch=f"{counter.partner.short_name} {branch.name}",
            address=_address(app, session, branch, program, now),
        ),
        language=pages.viewer_of(request).language,
        leaflet=size == "a6",
    )
    name = "ulotka-a6.pdf" if size == "a6" else "plakat-a4.pdf"
    return Response(
        made,
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _address(app: App, session: Session, branch: Branch, program: Program, now: datetime) -> str:
    link = joining.link_of(session, branch_id=branch.id, program_id=program.id, at=now)
    return f"{app.settings.base_url}/join/{link.code}"


@router.post("/enrolled/invitations")
@idempotent
def invite(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    program: Enrolling,
    now: Now,
    branch_id: Annotated[UUID, Form()],
    contact: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Send the joining page to somebody at the counter: they prove the address and join."""
    _ = pages.say(request)
    try:
        branch = _branch(session, counter, program, branch_id, now)
        known = parse(contact)
        limits.spend(request, limits.CODE_SENDING, f"join:{counter.clerk.person_id}")
    except DomainError as error:
        context = _context(session, counter, program, now, contact)
        raise pages.refused(request, "partner/enrolled.html", context, error) from error
    notify_contact(
        session,
        contact=known,
        kind=JOIN_INVITATION.name,
        event_key=f"join:{branch.id}:{known.text}:{local_date(now)}",
        language=pages.viewer_of(request).language,
        at=now,
        program=program.name,
        partner=counter.partner.short_name,
        address=_address(app, session, branch, program, now),
    )
    return pages.redirect(request, "/enrolled", flash=_("Zaproszenie wysłane."))
