"""The counter: a clerk sends a customer's proof in, and sees what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from core.errors import DomainError
from verification import counter
from web import pages
from web.access import CLERK, UPLOAD, Router
from web.clerks import Counter, CurrentClerk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.routers.claims import store_uploads
from web.views import claims as views

router = Router(access=CLERK)
# Numbers of customers are not to be tried out.
ENTERING = Rate("counter", per_account=120, per_network=600, window_s=3600)


@router.get("/counter")
def show_counter(request: Request, session: UnitOfWork, place: CurrentClerk, now: Now) -> Response:
    return pages.render(request, "partner/counter.html", _context(session, place, now))


def _context(
    session: Session,
    place: Counter,
    now: datetime,
    *,
    who: str = "",
    note: str = "",
    chosen: UUID | None = None,
) -> dict[str, object]:
    entered = counter.list_entered(session, clerk=place.clerk)
    return {
        "scope_label": place.desk.scope_label,
        "programs": [
            (str(program.id), program.name)
            for program in counter.list_counting(session, clerk=place.clerk, at=now)
        ],
        "chosen": chosen or "",
        "who": who,
        "note": note,
        "rows": views.rows(session, entered),
    }


@router.post("/counter", body=UPLOAD, rate=ENTERING)
@idempotent
def enter_claim(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    place: CurrentClerk,
    now: Now,
    files: Annotated[list[UploadFile] | None, File()] = None,
    who: Annotated[str, Form(max_length=120)] = "",
    note: Annotated[str, Form(max_length=1000)] = "",
    program_id: Annotated[UUID | None, Form()] = None,
) -> Response:
    """The participant is told; the claim goes the way of every other."""
    try:
        claim = counter.enter(
            session,
            clerk=place.clerk,
            who=who,
            files=store_uploads(app.blobs, files or []),
            program_id=program_id,
            note=note,
            at=now,
        )
    except DomainError as error:
        context = _context(session, place, now, who=who, note=note, chosen=program_id)
        raise pages.refused(request, "partner/counter.html", context, error) from error
    _ = pages.say(request)
    text = _("Wysłane: %(number)s. Uczestnik dostał wiadomość.") % {"number": claim.number}
    return pages.redirect(request, "/counter", flash=text)
