"""The wholesaler's team: invitations, roles, absences; and the page behind an invitation's link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import passwords
from core.errors import DomainError, Invalid
from messages import sign_in
from messages.reveal import INVITATIONS
from partners import team
from partners.queries import get_partner, list_branches
from partners.tables import PartnerRole
from web import pages
from web.access import PARTNER_MANAGER, PUBLIC, Router
from web.clerks import Counter, CurrentClerk
from web.deps import Now, Opened, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.views import team as views

router = Router(access=PARTNER_MANAGER)
Text = Annotated[str, Form(max_length=200)]
T = TypeVar("T")


def _context(
    request: Request, session: Session, counter: Counter, now: datetime, **typed: str
) -> dict[str, object]:
    return {
        "scope_label": counter.desk.scope_label,
        **views.page(
            session, partner_id=counter.partner.id, me=counter.clerk.person_id, now=now,
            gettext=pages.say(request),
        ),
        "typed": {"name": "", "email": "", "role": "clerk", "branch_id": "", "user_id": "",
                  "first_on": "", "last_on": "", "deputy_id": "", **typed},
        "now": now,
    }  # fmt: skip


@router.get("/team")
def show_team(request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now) -> Response:
    """Who works at which branch, who is invited, who is away."""
    return pages.render(request, "partner/team.html", _context(request, session, counter, now))


@router.post("/team/invitations")
@idempotent
def invite(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    name: Text = "",
    email: Text = "",
    role: Annotated[PartnerRole, Form()] = PartnerRole.CLERK,
    branch_id: Text = "",
) -> Response:
    """Send an offer; nobody has a role before the address accepted it."""
    _ = pages.say(request)
    own = {str(branch.id): branch.id for branch in list_branches(session, counter.partner.id)}
    try:
        team.invite(
            session,
            partner_id=counter.partner.id,
            invited_by=counter.clerk.person_id,
            name=name,
            email=email,
            role=role,
            branch_id=own.get(branch_id) if role is PartnerRole.CLERK else None,
            at=now,
        )
    except DomainError as error:
        context = _context(
            request, session, counter, now, name=name, email=email, role=role, branch_id=branch_id
        )
        raise pages.refused(request, "partner/team.html", context, error) from error
    return pages.redirect(request, "/team", flash=_("Zaproszenie wysłane."))


@router.post("/team/invitations/{invitation_id}/revocation")
@idempotent
def revoke(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, invitation_id: UUID
) -> Response:
    """Take an offer back."""
    _ = pages.say(request)
    team.revoke_invitation(
        session, invitation_id=invitation_id, partner_id=counter.partner.id, at=now
    )
    return pages.redirect(request, "/team", flash=_("Zaproszenie cofnięte."))


@router.post("/team/{user_id}/dismissal")
@idempotent
def dismiss(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, user_id: UUID
) -> Response:
    """End a person's work here; their sessions end at once."""
    _ = pages.say(request)
    try:
        team.dismiss(
            session, user_id=user_id, partner_id=counter.partner.id, by=counter.clerk.person_id,
            at=now,
        )  # fmt: skip
    except team.LastManager as error:
        context = _context(request, session, counter, now)
        raise pages.refused(request, "partner/team.html", context, error) from error
    return pages.redirect(request, "/team", flash=_("Ta osoba nie ma już dostępu."))


ABSENCE = {
    "user_id": N_("Wybierz osobę z zespołu."),
    "deputy_id": N_("Zastępuje ktoś inny z zespołu."),
    "first_on": N_("Podaj pierwszy dzień nieobecności, najwyżej rok od dziś."),
    "last_on": N_("Ostatni dzień jest nie wcześniej niż pierwszy i najwyżej rok po nim."),
}


def _read(parse: Callable[[str], T], text: str, field: str) -> T:
    """What a field says. Raises `Invalid` that names it."""
    try:
        return parse(text)
    except ValueError as error:
        raise Invalid("not understood", field=field) from error


@router.post("/team/absences")
@idempotent
def enter_absence(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    user_id: Text = "",
    first_on: Text = "",
    last_on: Text = "",
    deputy_id: Text = "",
) -> Response:
    """Say who is away and who stands in."""
    _ = pages.say(request)
    typed = {
        "user_id": user_id, "first_on": first_on, "last_on": last_on, "deputy_id": deputy_id
    }  # fmt: skip
    try:
        team.enter_absence(
            session,
            partner_id=counter.partner.id,
            user_id=_read(UUID, user_id, "user_id"),
            deputy_id=_read(UUID, deputy_id, "deputy_id") if deputy_id else None,
            first_on=_read(date.fromisoformat, first_on, "first_on"),
            last_on=_read(date.fromisoformat, last_on, "last_on"),
            entered_by=counter.clerk.person_id,
            at=now,
        )
    except Invalid as error:
        field = str(error.facts["field"])
        context = _context(request, session, counter, now, **typed)
        raise pages.wrong("partner/team.html", context, {field: _(ABSENCE[field])}) from error
    return pages.redirect(request, "/team", flash=_("Nieobecność zapisana."))


@router.post("/team/absences/{absence_id}/cancellation")
@idempotent
def cancel_absence(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, absence_id: UUID
) -> Response:
    """The person is there after all."""
    _ = pages.say(request)
    team.cancel_absence(session, absence_id=absence_id, partner_id=counter.partner.id, at=now)
    return pages.redirect(request, "/team", flash=_("Nieobecność odwołana."))


@router.get("/invitations/{invitation_id}/{token}", access=PUBLIC)
def show_invitation(
    request: Request, app: Opened, session: UnitOfWork, now: Now, invitation_id: UUID, token: str
) -> Response:
    """Who invites, to what; nothing happens before the button."""
    key = app.settings.derive_key(INVITATIONS)
    row = team.open_invitation(session, invitation_id=invitation_id, token=token, key=key, at=now)
    context = {
        "partner": get_partner(session, row.partner_id).name,
        "name": row.name,
        "email": row.email,
        "role": pages.say(request)(views.ROLES[row.role]),
    }
    return pages.render(request, "partner/invitation.html", context)


@router.post("/invitations/{invitation_id}/{token}", access=PUBLIC)
def accept_invitation(
    request: Request, app: Opened, session: UnitOfWork, now: Now, invitation_id: UUID, token: str
) -> Response:
    """Employ the invited address; a first password comes by the same way."""
    _ = pages.say(request)
    key = app.settings.derive_key(INVITATIONS)
    person = team.accept(session, invitation_id=invitation_id, token=token, key=key, at=now)
    if passwords.has_password(session, person_id=person.id):
        return pages.redirect(request, "/sign-in/password", flash=_("Zaproszenie przyjęte."))
    sign_in.send_password_link(session, person_id=person.id, at=now)
    flash = _("Zaproszenie przyjęte. Wysłaliśmy e-mailem odnośnik do ustawienia hasła.")
    return pages.redirect(request, "/sign-in/password", flash=flash)
