"""Corrections that a person settles: what came back, or that nothing here changes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims.correction_tables import Correction
from claims.service import ClaimNotFound
from core.errors import DomainError, Invalid
from verification import correction_desk, corrections, withdrawing
from web import pages
from web.access import CLERK, OPERATOR, Router
from web.clerks import CurrentDesk, Desk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.routers.claims import page_of, picture
from web.views import corrections as views

# Not for the manufacturer's own people: a correction shows other brands' lines.
router = Router(access=CLERK | OPERATOR)


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: str(value)[:40] for name, value in form.items() if name.startswith("back-")}


Typed = Annotated[dict[str, str], Depends(_typed)]


@router.get("/corrections")
def list_corrections(request: Request, session: UnitOfWork, desk: CurrentDesk) -> Response:
    gettext = pages.say(request)
    rows = [
        views.row_of(session, found, gettext=gettext)
        for found in correction_desk.list_open(session, decider=desk.decider)
    ]
    confirmed = [
        views.row_of(session, found, gettext=gettext)
        for found in correction_desk.list_confirmed(session, decider=desk.decider)
    ]
    context = {"scope_label": desk.scope_label, "rows": rows, "confirmed": confirmed}
    return pages.render(request, "partner/corrections.html", context)


@router.get("/corrections/{correction_id}")
def show_correction(
    request: Request, session: UnitOfWork, desk: CurrentDesk, correction_id: UUID
) -> Response:
    found = correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    return pages.render(
        request, "partner/correction.html", _context(request, session, desk, found, {})
    )


@router.get("/corrections/{correction_id}/pages/{number}")
def show_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, correction_id: UUID, number: int
) -> Response:
    """A page of the correction, as somebody sent it in."""
    found = correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    if found.claim_id is None:
        raise ClaimNotFound
    page = page_of(session, found.claim_id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


@router.get("/corrections/{correction_id}/invoice/{number}")
def show_invoice_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, correction_id: UUID, number: int
) -> Response:
    """A page of the invoice that the correction is about."""
    found = correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    claim_id = views.invoice_claim(session, found)
    if claim_id is None:
        raise ClaimNotFound
    page = page_of(session, claim_id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


def _context(
    request: Request,
    session: Session,
    desk: Desk,
    found: Correction,
    typed: dict[str, str],
) -> dict[str, object]:
    return {
        "scope_label": desk.scope_label,
        "row": views.row_of(session, found, gettext=pages.say(request)),
        "read": views.read_rows(found),
        "lines": views.original_rows(session, found, gettext=pages.say(request)),
        "others": views.other_numbers(session, found, gettext=pages.say(request)),
        "taken": views.taken_rows(session, found),
        "papers": views.papers(session, found),
        "typed": typed,
        "note": "",
        "note_error": "",
    }


@router.post("/corrections/{correction_id}/settlement")
@idempotent
def settle(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    correction_id: UUID,
    typed: Typed,
    now: Now,
) -> Response:
    """What was typed beside each line came back; empty means nothing of it."""
    found = correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    context = _context(request, session, desk, found, typed)
    _ = pages.say(request)
    returned: dict[tuple[UUID, int], Decimal] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        if not text.strip():
            continue
        try:
            purchase_id, _dash, position = name.removeprefix("back-").rpartition("-")
            returned[UUID(purchase_id), int(position)] = Decimal(text.replace(",", ".").strip())
        except (InvalidOperation, ValueError):
            wrong[name] = _("Wpisz liczbę, na przykład 12 albo 2,5.")
    if wrong:
        raise pages.wrong("partner/correction.html", context, wrong)
    try:
        corrections.resolve(
            session,
            correction_id=correction_id,
            returned=returned,
            person_id=desk.decider.person_id,
            at=now,
        )
    except Invalid as error:
        field = error.field or ""
        text = _("Tyle nie zostało. Wpisz najwyżej to, co w kolumnie „Zostało”.")
        raise pages.wrong("partner/correction.html", context, {field: text}) from error
    except DomainError as error:
        raise pages.refused(request, "partner/correction.html", context, error) from error
    return pages.redirect(request, "/corrections", flash=_("Korekta rozliczona."))


@router.post("/corrections/{correction_id}/dismissal")
@idempotent
def dismiss(
    request: Request, session: UnitOfWork, desk: CurrentDesk, correction_id: UUID, now: Now
) -> Response:
    """This document changes nothing here."""
    correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    corrections.dismiss(
        session, correction_id=correction_id, person_id=desk.decider.person_id, at=now
    )
    _ = pages.say(request)
    return pages.redirect(request, "/corrections", flash=_("Korekta odłożona bez zmian."))


@router.post("/corrections/{correction_id}/withdrawal")
@idempotent
def withdraw(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    correction_id: UUID,
    now: Now,
    note: Annotated[str, Form(max_length=withdrawing.LONGEST)] = "",
) -> Response:
    """What a person confirmed was wrong: everything it took is given back."""
    found = correction_desk.get(session, correction_id=correction_id, decider=desk.decider)
    context = _context(request, session, desk, found, {})
    _ = pages.say(request)
    try:
        withdrawing.withdraw(
            session,
            correction_id=correction_id,
            person_id=desk.decider.person_id,
            reason=note,
            at=now,
        )
    except Invalid as error:
        wrong = _("Napisz, dlaczego.")
        context |= {"note": note, "note_error": wrong}
        raise pages.wrong("partner/correction.html", context, {"note": wrong}) from error
    except DomainError as error:
        raise pages.refused(request, "partner/correction.html", context, error) from error
    return pages.redirect(request, "/corrections", flash=_("Rozliczenie korekty cofnięte."))
