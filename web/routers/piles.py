"""A pile of files at once: sent, then followed until each is read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import File, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import extraction, piles
from claims.tables import Channel, Claim
from core.errors import DomainError
from web import pages
from web.access import PARTICIPANT, PILE, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.routers.claims import BUSY, SENDING, store_uploads
from web.views import claims as views

router = Router(access=PARTICIPANT)


@router.get("/piles/new")
def new_pile(request: Request, member: CurrentMember) -> Response:
    return pages.render(
        request,
        "participant/new_pile.html",
        {"scope_label": member.scope_label, "most": piles.MOST},
    )


@router.post("/piles", body=PILE, rate=SENDING)
@idempotent
def send_pile(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """One claim for each file."""
    _ = pages.say(request)
    stored = store_uploads(app.blobs, files or [])
    try:
        batch = piles.send(
            session,
            program=member.program,
            participant=member.participant,
            files=stored,
            channel=Channel.PAGE,
            actor=viewer.actor,
            network=viewer.network,
            at=now,
        )
    except DomainError as error:
        context = {"scope_label": member.scope_label, "most": piles.MOST}
        raise pages.refused(request, "participant/new_pile.html", context, error) from error
    twins = len(stored) - len({file.sha256 for file in stored})
    flash = _("Takie same pliki bierzemy raz. Pominięte kopie: %(number)s.") % {"number": twins}
    return pages.redirect(request, f"/piles/{batch.id}", flash=flash if twins else "")


@router.get("/piles/{batch_id}")
def show_pile(
    request: Request, session: UnitOfWork, member: CurrentMember, batch_id: UUID
) -> Response:
    batch, claims = piles.get_for_participant(
        session, batch_id=batch_id, participant_id=member.participant.id
    )
    template = "participant/_pile.html" if pages.is_fragment(request) else "participant/pile.html"
    context = {
        "scope_label": member.scope_label,
        "batch_id": batch.id,
        **progress(session, claims),
    }
    return pages.render(request, template, context)


def progress(session: Session, claims: list[Claim]) -> dict[str, object]:
    """How far a pile is read, with each claim's file, state and points."""
    rows = views.rows(session, claims)
    waiting = sum(claim.status in BUSY for claim in claims)
    return {
        "rows": [
            {"row": row, "file": extraction.list_files(session, claim.id)[0].name}
            for row, claim in zip(rows, claims, strict=True)
        ],
        "total": len(claims),
        "read": len(claims) - waiting,
        "busy": waiting > 0,
        "points": sum(row.points for row in rows),
    }
