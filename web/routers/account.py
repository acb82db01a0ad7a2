"""A person's own account: data, contacts, messages, devices, consents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import codes, consents, people, second_factor, sessions
from accounts.codes import Outcome
from accounts.consents import Standing
from accounts.contacts import parse
from accounts.roles import STAFF, Role
from core.errors import DomainError, Invalid
from messages import queries, service, sign_in
from messages.kinds import CONTACT_CHANGED, KINDS, Category, Channel
from web import limits, pages, signing_in
from web.access import ANYONE_SIGNED_IN, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.error_texts import N_
from web.routers.sign_in import wrong_code
from web.viewer import Viewer

router = Router(access=ANYONE_SIGNED_IN)
Text = Annotated[str, Form(max_length=300)]

CATEGORY_NAMES = {
    Category.CLAIMS: N_("Zgłoszenia"),
    Category.POINTS: N_("Punkty"),
    Category.REWARDS: N_("Nagrody i paczki"),
    Category.WORK: N_("Sprawy do zrobienia"),
    Category.NEWS: N_("Nowości i promocje"),
}
CHANNEL_NAMES = {Channel.EMAIL: N_("E-mail"), Channel.SMS: N_("SMS")}
CONSENT_NAMES = {
    consents.MARKETING_EMAIL: N_("Nowości e-mailem"),
    consents.MARKETING_SMS: N_("Nowości SMS-em"),
    consents.SHARE_WITH_MANUFACTURER: N_("Udostępnienie danych producentowi"),
    consents.KSEF_ACCESS: N_("Dostęp do faktur w KSeF"),
    consents.TERMS: N_("Regulamin programu"),
}
KEY_ROLES = (
    Role.PROGRAM_MANAGER,
    Role.OPERATOR,
    Role.PARTNER_MANAGER,
    Role.LOGISTICS,
    Role.PARTICIPANT,
)


@dataclass(frozen=True, slots=True)
class Cell:
    channel: str
    label: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Row:
    category: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    kind: str
    scope: str
    label: str
    version: str
    given: bool
    at: Any
    can_change: bool


@router.get("/account")
def account(
    request: Request, app: Opened, session: UnitOfWork, viewer: CurrentViewer, now: Now
) -> Response:
    """Everything about the account on one page."""
    del app
    context = _account(request, session, viewer, now)
    return pages.render(request, "accounts/account.html", context)


def _account(request: Request, session: Session, viewer: Viewer, now: Now) -> dict[str, Any]:
    _ = pages.say(request)
    me = viewer.id
    return {
        "profile": people.get_profile(session, person_id=me),
        "devices": sessions.list_open(session, person_id=me, at=now),
        "current_session": viewer.session_id,
        "consents": [
            _consent_line(request, standing)
            for standing in consents.list_standing(session, person_id=me)
        ],
        "matrix": _matrix(request, session, viewer),
        "channels": [_(CHANNEL_NAMES[channel]) for channel in Channel],
        "staff": bool(viewer.roles & STAFF),
        "recovery_left": second_factor.count_recovery_codes(session, person_id=me),
        "may_have_keys": viewer.has(*KEY_ROLES),
        "no_role": not viewer.grants,
    }


def _consent_line(request: Request, standing: Standing) -> ConsentLine:
    name = CONSENT_NAMES.get(standing.kind, standing.kind)
    return ConsentLine(
        kind=standing.kind,
        scope=standing.scope,
        label=pages.say(request)(name),
        version=standing.version,
        given=standing.given,
        at=standing.at,
        # The terms are left by leaving the programme, not by a switch.
        can_change=standing.kind != consents.TERMS,
    )


def _matrix(request: Request, session: Session, viewer: Viewer) -> list[Row]:
    _ = pages.say(request)
    chosen = service.choices_of(session, person_id=viewer.id)
    shown = [c for c in CATEGORY_NAMES if c is not Category.WORK or viewer.roles & STAFF]
    return [
        Row(
            category=category.value,
            label=_(CATEGORY_NAMES[category]),
            cells=tuple(
                Cell(
                    channel=channel.value,
                    label=_(CHANNEL_NAMES[channel]),
                    wanted=chosen.get(category, {}).get(channel, _default(category, channel)),
                )
                for channel in Channel
            ),
        )
        for category in shown
    ]


def _default(category: Category, channel: Channel) -> bool:
    kinds = [kind for kind in KINDS.values() if kind.category is category]
    return any(channel in kind.channels for kind in kinds) if kinds else channel is Channel.EMAIL


@router.post("/account/name")
def rename(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, name: Text = ""
) -> Response:
    """Change one's own name."""
    try:
        people.rename(session, person_id=viewer.id, name=name)
    except Invalid as error:
        context = _account(request, session, viewer, now)
        raise pages.refused(request, "accounts/account.html", context, error) from error
    _ = pages.say(request)
    return pages.redirect(request, "/account", flash=_("Zapisane."))


@router.post("/account/notices")
def choose_notices(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    wanted: Annotated[list[str], Form(max_length=40)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Which categories over which channels; a box that is not ticked is a no."""
    for row in _matrix(request, session, viewer):
        for cell in row.cells:
            service.choose(
                session,
                person_id=viewer.id,
                category=Category(row.category),
                channel=Channel(cell.channel),
                wanted=f"{row.category}:{cell.channel}" in wanted,
            )
    _ = pages.say(request)
    return pages.redirect(request, "/account#notices", flash=_("Zapisane."))


@router.get("/account/notices")
def notices(
    request: Request, app: Opened, session: UnitOfWork, viewer: CurrentViewer, now: Now
) -> Response:
    """What the person was told; opening the list marks it as seen."""
    found = queries.list_notices(
        session, settings=app.settings, person_id=viewer.id, language=viewer.language
    )
    queries.mark_read(session, person_id=viewer.id, at=now)
    return pages.render(request, "accounts/notices.html", {"notices": found})


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(request: Request, session: UnitOfWork, viewer: CurrentViewer) -> Response:
    """End every session of this person, this one too."""
    sessions.end_all(session, person_id=viewer.id)
    signing_in.leave(request, session)
    _ = pages.say(request)
    text = _("Wylogowano wszystkie urządzenia.")
    return pages.redirect(request, "/sign-in", flash=text)


@router.post("/account/consents")
def change_consent(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    kind: Text,
    scope: Text,
    given: Annotated[bool, Form()],
) -> Response:
    """Give or withdraw a consent that the person was asked for before."""
    standing = consents.find(session, person_id=viewer.id, kind=kind, scope=scope)
    if standing is None or kind == consents.TERMS:
        raise Invalid("nobody asked for this consent", field="kind")
    consents.record(
        session,
        person_id=viewer.id,
        kind=kind,
        scope=scope,
        version=standing.version,
        given=given,
        source="account",
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, "/account#consents", flash=_("Zapisane."))


@router.get("/account/contact")
def ask_contact(request: Request) -> Response:
    """A new e-mail address or telephone number."""
    return pages.render(request, "accounts/contact.html", {"contact": ""})


@router.post("/account/contact")
def send_contact_code(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, contact: Text = ""
) -> Response:
    """Send a code to the new contact."""
    try:
        parsed = parse(contact)
        limits.spend(request, limits.CODE_SENDING, parsed.text)
        code_id = sign_in.send_code(
            session,
            contact=parsed,
            visitor=str(viewer.id),
            language=viewer.language,
            at=now,
        )
    except DomainError as error:
        context = {"contact": contact}
        raise pages.refused(request, "accounts/contact.html", context, error) from error
    return pages.redirect(request, f"/account/contact/{code_id}")


@router.get("/account/contact/{code_id}")
def ask_contact_code(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, code_id: UUID
) -> Response:
    """The code that went to the new contact."""
    return _contact_code_page(request, session, viewer, now, code_id, [])


def _contact_code_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    now: Now,
    code_id: UUID,
    errors: list[pages.FieldError],
) -> Response:
    pending = codes.find_pending(session, code_id=code_id, visitor=str(viewer.id))
    if pending is None:
        return pages.redirect(request, "/account/contact")
    context = {
        "next": "",
        "pending": pending,
        "action": f"/account/contact/{code_id}",
        "wait_s": max(0, int((pending.resend_at - now).total_seconds())),
        "errors": errors,
    }
    return pages.render(request, "accounts/code.html", context, 422 if errors else 200)


@router.post("/account/contact/{code_id}")
def add_contact(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    code_id: UUID,
    code: Text = "",
) -> Response:
    """Keep the contact once its code is right."""
    limits.spend(request, limits.CODE_CHECKING, str(viewer.id))
    key = app.settings.derive_key(codes.PURPOSE)
    checked = codes.check(
        session, key=key, code_id=code_id, visitor=str(viewer.id), given=code, at=now
    )
    if checked.outcome is not Outcome.RIGHT or checked.contact is None:
        wrong = [pages.FieldError("code", wrong_code(request, checked))]
        return _contact_code_page(request, session, viewer, now, code_id, wrong)
    # Told to the old address, before the new one can take its place.
    service.notify(
        session,
        person_id=viewer.id,
        kind=CONTACT_CHANGED.name,
        event_key=f"contact-changed:{code_id}",
        at=now,
        contact=checked.contact.masked,
    )
    people.add_contact(session, person_id=viewer.id, contact=checked.contact)
    _ = pages.say(request)
    return pages.redirect(request, "/account", flash=_("Zapisane."))


@router.post("/account/recovery-codes")
def new_recovery_codes(
    request: Request, app: Opened, session: UnitOfWork, viewer: CurrentViewer, now: Now
) -> Response:
    """Ten new recovery codes, shown once; the old ones end."""
    if not second_factor.is_enrolled(session, person_id=viewer.id):
        raise Invalid("no second factor is enrolled")
    key = app.settings.derive_key(second_factor.PURPOSE)
    made = second_factor.new_recovery_codes(session, key=key, person_id=viewer.id, at=now)
    context = {"codes": made, "continue_href": "/account"}
    return pages.render(request, "accounts/recovery_codes.html", context)
