"""Who works for a programme: inviting people, and ending their work."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import people, staff
from accounts.contacts import parse
from accounts.roles import Grant, Role, scope_of
from accounts.staff import Member
from core.errors import DomainError, Invalid, NotFound
from messages.sign_in import invite_staff
from programs.tables import Program
from web import pages
from web.access import Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.routers.program_setup import ADMINISTRATORS, Texts, administered

router = Router(access=ADMINISTRATORS)
Text = Annotated[str, Form(max_length=300)]

ROLE_WORDS = {
    Role.PROGRAM_MANAGER: (N_("Kierownik programu"), N_("zmienia wszystko, co dotyczy programu")),
    Role.ANALYST: (N_("Analityk"), N_("ogląda sprzedaż i eksportuje, niczego nie zmienia")),
    Role.LOGISTICS: (N_("Magazyn nagród"), N_("przyjmuje, pakuje i wysyła nagrody")),
    Role.SUPPORT: (N_("Pomoc uczestnikom"), N_("odpowiada uczestnikom, widzi ich zgłoszenia")),
    Role.AUDITOR: (N_("Audytor"), N_("sprawdza punkty i łańcuch zdarzeń, niczego nie zmienia")),
}


def _context(
    request: Request, session: Session, program: Program, **typed: str
) -> dict[str, object]:
    _ = pages.say(request)
    members = staff.list_members(session, scope=scope_of("program", program.id))
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "members": [(m, _(ROLE_WORDS[m.role][0])) for m in members if m.role in ROLE_WORDS],
        "roles": [(r.value, f"{_(name)}: {_(what)}") for r, (name, what) in ROLE_WORDS.items()],
        "typed": Texts(typed),
        "tab": "team",
    }


def _role(text: str, *, field: str = "role") -> Role:
    role = next((role for role in ROLE_WORDS if role.value == text), None)
    if role is None:
        raise Invalid("no such role", field=field)
    return role


@router.get("/programs/{program_id}/team")
def show_team(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, program_id: UUID
) -> Response:
    program = administered(session, viewer, program_id)
    return pages.render(request, "setup/team.html", _context(request, session, program))


@router.post("/programs/{program_id}/team")
@idempotent
def invite(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    name: Text = "",
    email: Text = "",
    role: Text = "",
) -> Response:
    """Give a role; somebody without a password gets the link for their first one."""
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    try:
        if not name.strip():
            raise Invalid("a person has a name", field="name")
        invite_staff(
            session,
            contact=parse(email, field="email"),
            name=name.strip(),
            grant=Grant(_role(role), scope_of("program", program.id)),
            by=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(request, session, program, name=name, email=email, role=role)
        raise pages.refused(request, "setup/team.html", context, error) from error
    return pages.redirect(request, f"/programs/{program.id}/team", flash=_("Zaproszenie wysłane."))


def _held(session: Session, program: Program, person_id: UUID, role: str) -> Member:
    """A role that somebody holds here. Raises `NotFound`."""
    for member in staff.list_members(session, scope=scope_of("program", program.id)):
        if (member.person_id, member.role.value) == (person_id, role) and member.role in ROLE_WORDS:
            return member
    raise NotFound("no such role")


def _changing(
    request: Request, program: Program, held: Member, new_role: str = ""
) -> dict[str, object]:
    _ = pages.say(request)
    home = f"/programs/{program.id}/team"
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "name": held.name,
        "role_name": _(ROLE_WORDS[held.role][0]),
        "roles": [
            (r.value, f"{_(name)}: {_(what)}")
            for r, (name, what) in ROLE_WORDS.items()
            if r is not held.role
        ],
        "action": f"{home}/{held.person_id}/{held.role.value}/change",
        "back": home,
        "typed": Texts(new_role=new_role),
        "tab": "team",
    }


@router.get("/programs/{program_id}/team/{person_id}/{role}/change")
def ask_role(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program_id: UUID,
    person_id: UUID,
    role: str,
) -> Response:
    program = administered(session, viewer, program_id)
    held = _held(session, program, person_id, role)
    return pages.render(request, "setup/team_role.html", _changing(request, program, held))


@router.post("/programs/{program_id}/team/{person_id}/{role}/change")
@idempotent
def change_role(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    person_id: UUID,
    role: str,
    new_role: Text = "",
) -> Response:
    """Another role instead of the one somebody has."""
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    held = _held(session, program, person_id, role)
    try:
        staff.change_role(
            session,
            person_id=person_id,
            scope=scope_of("program", program.id),
            old=held.role,
            new=_role(new_role, field="new_role"),
            keep_one=Role.PROGRAM_MANAGER,
            by=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _changing(request, program, held, new_role)
        raise pages.refused(request, "setup/team_role.html", context, error) from error
    return pages.redirect(request, f"/programs/{program.id}/team", flash=_("Rola zmieniona."))


@router.get("/programs/{program_id}/team/{person_id}/{role}/end")
def ask_end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program_id: UUID,
    person_id: UUID,
    role: str,
) -> Response:
    """The question first: the person is signed out everywhere."""
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    held = _held(session, program, person_id, role)
    context = {
        "heading": _("Zakończyć pracę w programie?"),
        "text": _("%(name)s straci dostęp (%(role)s) i zostanie od razu wylogowana.")
        % {"name": held.name, "role": _(ROLE_WORDS[held.role][0])},
        "action": f"/programs/{program.id}/team/{person_id}/{role}/end",
        "confirm_label": _("Zakończ"),
        "cancel_href": f"/programs/{program.id}/team",
        "danger": True,
    }
    return pages.render(request, "confirm.html", context)


@router.post("/programs/{program_id}/team/{person_id}/{role}/end")
def end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    person_id: UUID,
    role: str,
) -> Response:
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    try:
        staff.end_membership(
            session,
            person_id=people.get(session, person_id).id,
            grant=Grant(_role(role), scope_of("program", program.id)),
            keep_one=Role.PROGRAM_MANAGER,
            by=viewer.actor,
            at=now,
        )
    except staff.LastOne as error:
        context = _context(request, session, program)
        raise pages.refused(request, "setup/team.html", context, error) from error
    flash = _("Dostęp zakończony.")
    return pages.redirect(request, f"/programs/{program.id}/team", flash=flash)
