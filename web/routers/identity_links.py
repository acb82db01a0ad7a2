"""The operator's page of who is linked to whom: accounts noted, decisions that links forbid."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from core.errors import DomainError, NotFound
from verification import links
from verification.caution_tables import MarkKind
from web import pages
from web.access import OPERATOR, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.viewer import Viewer

router = Router(access=OPERATOR, prefix="/links")
KINDS = {
    MarkKind.PHONE: N_("wspólny telefon"),
    MarkKind.ADDRESS: N_("wspólny adres"),
    MarkKind.BANK_ACCOUNT: N_("wspólny rachunek"),
}
Text = Annotated[str, Form(max_length=200)]


def _everywhere(viewer: Viewer) -> None:
    """People belong to several programmes: only the installation's own operator links them."""
    if not viewer.everywhere(Role.OPERATOR):
        raise NotFound


def _context(request: Request, session: Session, **typed: str) -> dict[str, Any]:
    _ = pages.say(request)
    return {
        "scope_label": _("Wszystkie programy"),
        "links": [(link, _(KINDS[link.kind])) for link in links.list_links(session)],
        "accounts": links.list_accounts(session),
        "typed": {"contact": "", "account": "", **typed},
    }


@router.get("")
def show_links(request: Request, session: UnitOfWork, viewer: CurrentViewer) -> Response:
    _everywhere(viewer)
    return pages.render(request, "operator/links.html", _context(request, session))


@router.post("/accounts")
@idempotent
def add(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    contact: Text = "",
    account: Text = "",
) -> Response:
    """Note whose account it is: whoever shares it no longer decides on that person's claims."""
    _everywhere(viewer)
    _ = pages.say(request)
    try:
        links.add_account(session, contact=contact, account=account, by=viewer.id, at=now)
    except DomainError as error:
        context = _context(request, session, contact=contact, account=account)
        raise pages.refused(request, "operator/links.html", context, error) from error
    return pages.redirect(request, "/links", flash=_("Rachunek zapisany."))


@router.post("/accounts/{person_id}/removal")
@idempotent
def remove(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    person_id: UUID,
    hint: Text = "",
) -> Response:
    """Take back an account that was noted by mistake."""
    _everywhere(viewer)
    _ = pages.say(request)
    links.remove_account(session, person_id=person_id, hint=hint, by=viewer.id, at=now)
    return pages.redirect(request, "/links", flash=_("Rachunek usunięty."))
