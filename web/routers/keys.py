"""Keys of programs: made and revoked by the people they act for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import keys
from accounts.roles import Grant, Role
from core.errors import Invalid
from web import pages
from web.access import (
    LOGISTICS,
    OPERATOR,
    PARTICIPANT,
    PARTNER_MANAGER,
    PROGRAM_MANAGER,
    GuardedRoute,
    Router,
)
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.viewer import Viewer
from web.views.permissions import name_of

router = Router(access=OPERATOR | PROGRAM_MANAGER | PARTNER_MANAGER | LOGISTICS | PARTICIPANT)
Text = Annotated[str, Form(max_length=300)]

_ROLE_NAMES = {
    Role.OPERATOR: N_("Operator programu"),
    Role.PROGRAM_MANAGER: N_("Kierownik programu"),
    Role.PARTNER_MANAGER: N_("Kierownik hurtowni"),
    Role.LOGISTICS: N_("Magazyn"),
    Role.PARTICIPANT: N_("Uczestnik"),
}


def permissions_of(request: Request, roles: Iterable[Role]) -> list[str]:
    """What a key may be allowed to do for these roles: the areas of routes that admit them."""
    wanted = frozenset(roles)
    return sorted(
        {
            route.rules.permission
            for route in request.app.router.routes
            if isinstance(route, GuardedRoute)
            and route.rules is not None
            and route.rules.permission
            and (route.rules.access.anyone_signed_in or wanted & route.rules.access.roles)
        }
    )


def _context(
    request: Request, session: Session, viewer: Viewer, *, made: str = "", name: str = ""
) -> dict[str, Any]:
    _ = pages.say(request)
    grants = [
        (f"{grant.role.value} {grant.scope}", _(_ROLE_NAMES[grant.role]))
        for grant in sorted(viewer.grants)
        if grant.role in _ROLE_NAMES
    ]
    return {
        "keys": keys.list_keys(session, person_id=viewer.id),
        "grants": grants,
        "permissions": [
            (permission, name_of(permission, _))
            for permission in permissions_of(
                request, {g.role for g in viewer.grants if g.role in _ROLE_NAMES}
            )
        ],
        "name_all": lambda chosen: ", ".join(name_of(one, _) for one in chosen),
        "made": made,
        "name": name,
    }


@router.get("/account/keys")
def list_keys(request: Request, session: UnitOfWork, viewer: CurrentViewer) -> Response:
    """The person's keys and a form for a new one."""
    return pages.render(request, "accounts/keys.html", _context(request, session, viewer))


@router.post("/account/keys")
def create_key(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    name: Text = "",
    grant: Text = "",
    permissions: Annotated[list[str], Form(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
    lasts_days: Annotated[int, Form(ge=0, le=3650)] = 365,
) -> Response:
    """Make a key and show it once."""
    role, _sep, scope = grant.partition(" ")
    mine = {(held.role.value, held.scope): held for held in viewer.grants}
    try:
        held = mine.get((role, scope))
        if held is None or held.role not in _ROLE_NAMES:
            raise Invalid("this role is not held", field="grant")
        if not set(permissions) <= set(permissions_of(request, [held.role])):
            raise Invalid("no such permission", field="permissions")
        made = keys.create(
            session,
            person_id=viewer.id,
            grant=Grant(held.role, held.scope),
            name=name,
            permissions=permissions,
            at=now,
            expires_at=now + timedelta(days=lasts_days) if lasts_days else None,
        )
    except Invalid as error:
        context = _context(request, session, viewer, name=name)
        raise pages.refused(request, "accounts/keys.html", context, error) from error
    return pages.render(
        request, "accounts/keys.html", _context(request, session, viewer, made=made)
    )


@router.post("/account/keys/{key_id}/revocation")
def revoke_key(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, key_id: UUID
) -> Response:
    """End a key at once."""
    keys.revoke(session, key_id=key_id, person_id=viewer.id, at=now)
    _ = pages.say(request)
    return pages.redirect(request, "/account/keys", flash=_("Klucz unieważniony."))
