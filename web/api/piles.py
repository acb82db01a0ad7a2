"""Piles of files for programs: one claim each, followed until all are read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import File, UploadFile
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from claims import piles
from claims.tables import Channel, Claim, ClaimBatch
from web import pages
from web.access import PARTICIPANT, PILE, ApiRouter
from web.api.claim_models import ClaimOut, claim_out
from web.api.posting import MUST_BE_KEYED
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.routers.claims import BUSY, SENDING, store_uploads
from web.views import claims as views

router = ApiRouter(area="claims", access=PARTICIPANT, prefix="/piles")


class PileOut(BaseModel):
    """A pile: how many of its claims were read, and the claims."""

    id: UUID
    sent_at: datetime
    total: int
    read: int
    claims: list[ClaimOut]


def _out(request: Request, session: Session, batch: ClaimBatch, claims: list[Claim]) -> PileOut:
    _ = pages.say(request)
    rows = views.rows(session, claims)
    return PileOut(
        id=batch.id,
        sent_at=batch.sent_at,
        total=len(claims),
        read=sum(claim.status not in BUSY for claim in claims),
        claims=[claim_out(row, claim, _) for row, claim in zip(rows, claims, strict=True)],
    )


@router.post(
    "",
    status_code=201,
    response_model=PileOut,
    body=PILE,
    rate=SENDING,
    openapi_extra=MUST_BE_KEYED,
)
@idempotent(required=True)
def send_pile(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    files: Annotated[
        list[UploadFile] | None, File(description="Up to fifty proofs, one file each.")
    ] = None,
) -> Response:
    """Send many proofs at once: each file becomes a claim, all of them or none."""
    batch = piles.send(
        session,
        program=member.program,
        participant=member.participant,
        files=store_uploads(app.blobs, files or []),
        channel=Channel.API,
        actor=viewer.actor,
        network=viewer.network,
        at=now,
    )
    _, claims = piles.get_for_participant(
        session, batch_id=batch.id, participant_id=member.participant.id
    )
    return JSONResponse(
        jsonable_encoder(_out(request, session, batch, claims)),
        201,
        headers={"Location": f"/api/v1/piles/{batch.id}"},
    )


@router.get("/{batch_id}")
def get_pile(
    request: Request, session: UnitOfWork, member: CurrentMember, batch_id: UUID
) -> PileOut:
    """How far a pile is read."""
    batch, claims = piles.get_for_participant(
        session, batch_id=batch_id, participant_id=member.participant.id
    )
    return _out(request, session, batch, claims)
