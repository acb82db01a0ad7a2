"""Joining a programme behind a branch's code: sign in with a one-time code, give the firm's NIP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import consents, people
from accounts.roles import EVERYWHERE
from core.errors import DomainError
from programs import joining
from web import pages
from web.access import ANYONE_SIGNED_IN, PUBLIC, Router
from web.charts import VOIVODESHIPS
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.viewer import Viewer

router = Router(access=PUBLIC)
Text = Annotated[str, Form(max_length=200)]
CONSENT_VERSION = "1"


def _context(
    session: Session, viewer: Viewer, code: str, now: datetime, **typed: str
) -> dict[str, object]:
    program, branch = joining.find_place(session, code=code, at=now)
    return {
        "code": code,
        "program": program.name,
        "slug": program.slug,
        "branch": branch.name,
        "signed_in": viewer.signed_in,
        "voivodeships": sorted(
            ((one.code, one.name) for one in VOIVODESHIPS.values()), key=lambda pair: pair[1]
        ),
        "typed": {
            "name": viewer.name if viewer.signed_in else "",
            "company_name": "",
            "nip": "",
            "voivodeship": branch.voivodeship,
            **typed,
        },
    }


@router.get("/join/{code}")
def show(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, code: str
) -> Response:
    """What the programme is; then the form, once the address is proven."""
    return pages.render(request, "public/join.html", _context(session, viewer, code, now))


@router.post("/join/{code}", access=ANYONE_SIGNED_IN)
@idempotent
def join(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    code: str,
    name: Text = "",
    company_name: Text = "",
    nip: Text = "",
    voivodeship: Annotated[str, Form(pattern="^[0-9]{2}$")] = "",
    terms: Annotated[bool, Form()] = False,
    share: Annotated[bool, Form()] = False,
) -> Response:
    """Enrol the signed-in person by the branch of the code, with their consents."""
    _ = pages.say(request)
    context = _context(
        session, viewer, code, now, name=name, company_name=company_name, nip=nip,
        voivodeship=voivodeship,
    )  # fmt: skip
    if not terms:
        fault = {"terms": _("Bez zgody na regulamin nie możemy Cię zapisać.")}
        raise pages.wrong("public/join.html", context, fault)
    try:
        people.rename(session, person_id=viewer.id, name=name)
        participant = joining.join(
            session,
            code=code,
            person_id=viewer.id,
            company_name=company_name,
            nip=nip,
            voivodeship=voivodeship,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(request, "public/join.html", context, error) from error
    scope = f"program:{participant.program_id}"
    for kind, given in ((consents.TERMS, True), (consents.SHARE_WITH_MANUFACTURER, share)):
        consents.record(
            session, person_id=viewer.id, kind=kind, version=CONSENT_VERSION, given=given,
            scope=scope if kind == consents.TERMS else EVERYWHERE, source="join", at=now,
        )  # fmt: skip
    return pages.redirect(request, "/start", flash=_("Jesteś w programie. Zgłoś pierwszy zakup!"))
