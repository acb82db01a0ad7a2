"""Signing in with a password and a second factor, for people who work for someone."""

from __future__ import annotations

import io
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import segno
from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import passwords, people, second_factor
from accounts.contacts import Contact, ContactInvalid, ContactKind, parse
from accounts.grants import list_grants
from accounts.policy import SHORTEST
from accounts.roles import STAFF
from accounts.sessions import SignedIn
from accounts.tables import Person, SessionStage
from core.errors import DomainError
from messages import sign_in
from messages.kinds import PASSWORD_CHANGED
from messages.service import notify
from web import limits, pages, signing_in
from web.access import PUBLIC, Router
from web.deps import Now, Opened, UnitOfWork

router = Router()
Text = Annotated[str, Form(max_length=300)]
Secret = Annotated[str, Form(max_length=300)]


@router.get("/sign-in/password", access=PUBLIC)
def ask_password(request: Request, next: str = "") -> Response:
    """E-mail or telephone, and the password."""
    context = {"next": pages.own_path(next, ""), "contact": ""}
    return pages.render(request, "accounts/password.html", context)


@router.post("/sign-in/password", access=PUBLIC)
def check_password(
    request: Request,
    session: UnitOfWork,
    now: Now,
    contact: Text = "",
    password: Secret = "",
    next: Text = "",
) -> Response:
    """The first factor. A wrong password and an unknown person look and last the same."""
    target = pages.own_path(next, "")
    known = _parsed(contact)
    limits.spend(request, limits.PASSWORD_CHECKING, known.text if known else "")
    person = passwords.check_password(session, contact=known, password=password)
    if person is None:
        _ = pages.say(request)
        text = _("Adres albo hasło się nie zgadza.")
        context = {"next": target, "contact": contact}
        raise pages.wrong("accounts/password.html", context, {"password": text})
    return _after_password(request, session, person, target, now)


def _parsed(contact: str) -> Contact | None:
    try:
        return parse(contact)
    except ContactInvalid:
        return None


def _after_password(
    request: Request, session: Session, person: Person, target: str, now: Now
) -> Response:
    roles = {grant.role for grant in list_grants(session, person_id=person.id)}
    if not roles & STAFF:
        signing_in.begin(request, session, person_id=person.id, at=now)
        return pages.redirect(request, target or "/")
    enrolled = second_factor.is_enrolled(session, person_id=person.id)
    stage = SessionStage.SECOND_FACTOR if enrolled else SessionStage.ENROLMENT
    signing_in.begin(request, session, person_id=person.id, at=now, stage=stage)
    path = "/sign-in/second-factor" if enrolled else "/sign-in/enrolment"
    return pages.redirect(request, f"{path}?next={quote(target, safe='')}")


def _waiting(request: Request, stage: SessionStage) -> SignedIn | None:
    found = signing_in.recognised(request)
    return found if found is not None and found.stage is stage else None


@router.get("/sign-in/second-factor", access=PUBLIC)
def ask_second_factor(request: Request, next: str = "") -> Response:
    """The code of the authenticator, or a recovery code."""
    if _waiting(request, SessionStage.SECOND_FACTOR) is None:
        return pages.redirect(request, "/sign-in/password")
    context = {"next": pages.own_path(next, "")}
    return pages.render(request, "accounts/second_factor.html", context)


@router.post("/sign-in/second-factor", access=PUBLIC)
def check_second_factor(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    now: Now,
    code: Text = "",
    next: Text = "",
) -> Response:
    """The second factor; each code opens one session."""
    target = pages.own_path(next, "")
    waiting = _waiting(request, SessionStage.SECOND_FACTOR)
    if waiting is None:
        return pages.redirect(request, "/sign-in/password")
    limits.spend(request, limits.SECOND_FACTOR, str(waiting.person_id))
    key = app.settings.derive_key(second_factor.PURPOSE)
    right = second_factor.check(session, key=key, person_id=waiting.person_id, given=code, at=now)
    if not right:
        _ = pages.say(request)
        text = _("Ten kod się nie zgadza albo był już użyty.")
        raise pages.wrong("accounts/second_factor.html", {"next": target}, {"code": text})
    signing_in.begin(request, session, person_id=waiting.person_id, at=now)
    return pages.redirect(request, target or "/")


@router.get("/sign-in/enrolment", access=PUBLIC)
def ask_enrolment(request: Request, app: Opened, session: UnitOfWork, next: str = "") -> Response:
    """The QR code for an authenticator, at the first sign-in."""
    waiting = _waiting(request, SessionStage.ENROLMENT)
    if waiting is None:
        return pages.redirect(request, "/sign-in/password")
    context = {"next": pages.own_path(next, ""), **_enrolment(app, session, waiting.person_id)}
    return pages.render(request, "accounts/enrolment.html", context)


@router.get("/sign-in/enrolment/code.svg", access=PUBLIC)
def enrolment_code(request: Request, app: Opened, session: UnitOfWork) -> Response:
    """The same QR code as a picture; a page of its own, because pages carry no inline data."""
    waiting = _waiting(request, SessionStage.ENROLMENT)
    if waiting is None:
        return pages.redirect(request, "/sign-in/password")
    uri = str(_enrolment(app, session, waiting.person_id)["uri"])
    picture = io.BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", scale=6, border=4, light="white")
    return Response(picture.getvalue(), media_type="image/svg+xml")


def _enrolment(app: Opened, session: Session, person_id: UUID) -> dict[str, object]:
    key = app.settings.derive_key(second_factor.PURPOSE)
    person = people.get(session, person_id)
    made = second_factor.begin_enrolment(session, key=key, person=person)
    groups = " ".join(made.secret[i : i + 4] for i in range(0, len(made.secret), 4))
    return {"uri": made.uri, "secret": groups}


@router.post("/sign-in/enrolment", access=PUBLIC)
def confirm_enrolment(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    now: Now,
    code: Text = "",
    next: Text = "",
) -> Response:
    """A first right code finishes the enrolment; the recovery codes are shown once."""
    target = pages.own_path(next, "")
    waiting = _waiting(request, SessionStage.ENROLMENT)
    if waiting is None:
        return pages.redirect(request, "/sign-in/password")
    limits.spend(request, limits.SECOND_FACTOR, str(waiting.person_id))
    key = app.settings.derive_key(second_factor.PURPOSE)
    given = "".join(code.split())
    made = second_factor.confirm(session, key=key, person_id=waiting.person_id, given=given, at=now)
    if made is None:
        _ = pages.say(request)
        text = _("Ten kod się nie zgadza. Sprawdź, czy telefon ma dobrą godzinę.")
        shown = _enrolment(app, session, waiting.person_id)
        context = {"next": target, **shown}
        raise pages.wrong("accounts/enrolment.html", context, {"code": text})
    signing_in.begin(request, session, person_id=waiting.person_id, at=now)
    context = {"codes": made, "continue_href": target or "/"}
    return pages.render(request, "accounts/recovery_codes.html", context)


@router.get("/sign-in/forgotten", access=PUBLIC)
def ask_forgotten(request: Request) -> Response:
    """Where to send the link for a new password."""
    return pages.render(request, "accounts/forgotten.html", {"contact": "", "sent": False})


@router.post("/sign-in/forgotten", access=PUBLIC)
def send_link(request: Request, session: UnitOfWork, now: Now, contact: Text = "") -> Response:
    """The same answer whether the account exists or not; links go only to staff."""
    try:
        known = parse(contact)
    except ContactInvalid as error:
        context = {"contact": contact, "sent": False}
        raise pages.refused(request, "accounts/forgotten.html", context, error) from error
    limits.spend(request, limits.PASSWORD_LINKS, known.text)
    person = people.find_by_contact(session, known)
    if known.kind is ContactKind.EMAIL and person is not None and person.disabled_at is None:
        roles = {grant.role for grant in list_grants(session, person_id=person.id)}
        if roles & STAFF or passwords.has_password(session, person_id=person.id):
            sign_in.send_password_link(session, person_id=person.id, at=now)
    return pages.render(request, "accounts/forgotten.html", {"contact": known.text, "sent": True})


@router.get("/password/{link_id}/{token}", access=PUBLIC)
def ask_new_password(
    request: Request, app: Opened, session: UnitOfWork, now: Now, link_id: UUID, token: str
) -> Response:
    """The page behind the link."""
    key = app.settings.derive_key(passwords.PURPOSE)
    passwords.check_link(session, key=key, link_id=link_id, token=token, at=now)
    return pages.render(request, "accounts/new_password.html", {"shortest": SHORTEST})


@router.post("/password/{link_id}/{token}", access=PUBLIC)
def set_new_password(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    now: Now,
    link_id: UUID,
    token: str,
    password: Secret = "",
    repeated: Secret = "",
) -> Response:
    """Set the password, end every session, tell the owner."""
    _ = pages.say(request)
    context = {"shortest": SHORTEST}
    if password != repeated:
        text = _("Hasła się różnią.")
        raise pages.wrong("accounts/new_password.html", context, {"repeated": text})
    key = app.settings.derive_key(passwords.PURPOSE)
    try:
        person_id = passwords.use_link(
            session, key=key, link_id=link_id, token=token, password=password, at=now
        )
    except passwords.PasswordWeak as error:
        raise pages.wrong(
            "accounts/new_password.html", context, {"password": _weak(request, error)}
        ) from error
    notify(
        session,
        person_id=person_id,
        kind=PASSWORD_CHANGED.name,
        event_key=f"password-changed:{link_id}",
        at=now,
    )
    return pages.redirect(request, "/sign-in/password", flash=_("Hasło ustawione. Zaloguj się."))


def _weak(request: Request, error: DomainError) -> str:
    _ = pages.say(request)
    texts = {
        "too_short": _("Hasło jest za krótkie: potrzeba co najmniej 15 znaków."),
        "too_long": _("Hasło jest za długie."),
        "too_simple": _("To hasło łatwo odgadnąć. Kilka przypadkowych słów to dobre hasło."),
        "about_you": _("Hasło jest zbudowane z Twojego imienia albo adresu."),
    }
    return str(texts[str(error.facts["fault"])])
