"""Signing in with a one-time code, and signing out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import codes, passwords, people
from accounts.codes import Outcome
from accounts.contacts import parse
from accounts.grants import list_grants
from accounts.roles import STAFF
from accounts.tables import Person
from core.errors import DomainError
from messages import sign_in
from web import limits, pages, signing_in
from web.access import ANYONE_SIGNED_IN, PUBLIC, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.identify import visitor

router = Router()
Text = Annotated[str, Form(max_length=300)]


@router.get("/sign-in", access=PUBLIC)
def ask_contact(request: Request, viewer: CurrentViewer, next: str = "") -> Response:
    """Who are you? One field: e-mail or telephone."""
    target = pages.own_path(next, "")
    if viewer.signed_in:
        return pages.redirect(request, target or "/")
    return pages.render(request, "accounts/sign_in.html", {"next": target, "contact": ""})


@router.post("/sign-in", access=PUBLIC)
def send_code(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    contact: Text = "",
    next: Text = "",
) -> Response:
    """Send a code, whether we know the contact or not."""
    target = pages.own_path(next, "")
    try:
        parsed = parse(contact)
        limits.spend(request, limits.CODE_SENDING, parsed.text)
        code_id = sign_in.send_code(
            session,
            contact=parsed,
            visitor=visitor(request),
            language=viewer.language,
            at=now,
        )
    except DomainError as error:
        context = {"next": target, "contact": contact}
        raise pages.refused(request, "accounts/sign_in.html", context, error) from error
    return pages.redirect(request, f"/sign-in/code/{code_id}?next={quote(target, safe='')}")


@router.get("/sign-in/code/{code_id}", access=PUBLIC)
def ask_code(
    request: Request, session: UnitOfWork, now: Now, code_id: UUID, next: str = ""
) -> Response:
    """The code that was sent; only in the browser that asked for it."""
    return _code_page(request, session, code_id, pages.own_path(next, ""), now)


def _code_page(
    request: Request,
    session: Session,
    code_id: UUID,
    target: str,
    now: Now,
    errors: list[pages.FieldError] | None = None,
) -> Response:
    pending = codes.find_pending(session, code_id=code_id, visitor=visitor(request))
    if pending is None:
        return pages.redirect(request, "/sign-in")
    context = {
        "next": target,
        "pending": pending,
        "wait_s": max(0, int((pending.resend_at - now).total_seconds())),
        "errors": errors or [],
    }
    return pages.render(request, "accounts/code.html", context, 422 if errors else 200)


@router.post("/sign-in/code/{code_id}", access=PUBLIC)
def check_code(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    code_id: UUID,
    code: Text = "",
    next: Text = "",
) -> Response:
    """Compare the code. Every comparison is counted, so a wrong one is an answer, not an error."""
    target = pages.own_path(next, "")
    browser = visitor(request)
    pending = codes.find_pending(session, code_id=code_id, visitor=browser)
    if pending is None:
        return pages.redirect(request, "/sign-in")
    limits.spend(request, limits.CODE_CHECKING, pending.contact.text)
    key = app.settings.derive_key(codes.PURPOSE)
    checked = codes.check(session, key=key, code_id=code_id, visitor=browser, given=code, at=now)
    if checked.outcome is not Outcome.RIGHT or checked.contact is None:
        message = wrong_code(request, checked)
        return _code_page(
            request, session, code_id, target, now, [pages.FieldError("code", message)]
        )
    person = people.get_or_create(
        session, contact=checked.contact, language=viewer.language, at=now
    )
    return _enter(request, session, person, target, now)


def wrong_code(request: Request, checked: codes.Checked) -> str:
    """What to say about a code that was not right."""
    _, ngettext = pages.say(request), pages.say_many(request)
    if checked.outcome is Outcome.ENDED or checked.attempts_left == 0:
        return str(_("Ten kod już nie działa. Poproś o nowy."))
    left = checked.attempts_left
    return str(
        ngettext(
            "Kod się nie zgadza. Została jeszcze %(num)s próba.",
            "Kod się nie zgadza. Zostało jeszcze prób: %(num)s.",
            left,
        )
        % {"num": left}
    )


def _enter(
    request: Request,
    session: Session,
    person: Person,
    target: str,
    now: Now,
) -> Response:
    _ = pages.say(request)
    if person.disabled_at is not None:
        text = _("To konto jest wyłączone. Napisz do organizatora programu.")
        return pages.redirect(request, "/sign-in", flash=text, kind="bad")
    roles = {grant.role for grant in list_grants(session, person_id=person.id)}
    if roles & STAFF or passwords.has_password(session, person_id=person.id):
        # A mailbox alone must not open what two factors guard.
        text = _("To konto służbowe: zaloguj się hasłem.")
        path = f"/sign-in/password?next={quote(target, safe='')}"
        return pages.redirect(request, path, flash=text, kind="info")
    signing_in.begin(request, session, person_id=person.id, at=now)
    return pages.redirect(request, target or "/")


@router.post("/sign-out", access=ANYONE_SIGNED_IN)
def sign_out(request: Request, session: UnitOfWork) -> Response:
    """End this session on the server and forget its cookie."""
    signing_in.leave(request, session)
    return pages.redirect(request, "/")
