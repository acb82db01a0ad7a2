"""The participant's answer to a question about a claim: words, more pages, or both."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from claims import queries, service
from core.errors import DomainError
from verification import asking
from web import pages
from web.access import PARTICIPANT, UPLOAD, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.routers.claims import claim_context, store_uploads

router = Router(access=PARTICIPANT)
ANSWERING = Rate("answers", per_account=60, per_network=600, window_s=3600)


@router.post("/claims/{claim_id}/confirmation")
@idempotent
def confirm(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
) -> Response:
    """The participant says that an e-mail in their name was theirs; it is read at once."""
    service.confirm(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        network=viewer.network,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/claims/{claim_id}", flash=_("Zgłoszenie potwierdzone."))


@router.post(
    "/claims/{claim_id}/answer",
    body=UPLOAD,
    rate=ANSWERING,
)
@idempotent
def answer(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
    answer: Annotated[str, Form(max_length=1000)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """The claim goes on: pages are read first, words go straight to whoever asked."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    context = claim_context(request, session, member, claim, now)
    try:
        asking.answer(
            session,
            claim_id=claim_id,
            participant_id=member.participant.id,
            text=answer,
            files=store_uploads(app.blobs, files or []),
            network=viewer.network,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(
            request, "participant/claim.html", {**context, "answer": answer}, error
        ) from error
    _ = pages.say(request)
    return pages.redirect(request, f"/claims/{claim_id}", flash=_("Odpowiedź wysłana."))
