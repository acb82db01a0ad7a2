"""The participant's claims for programs: send a proof, follow it, see each line's verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import File, Form, Path, UploadFile
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from claims import queries, service
from claims.tables import Channel, Claim
from verification import appeals, asking, proposals, receipts
from web import pages
from web.access import PARTICIPANT, UPLOAD, ApiRouter
from web.api.claim_models import (
    AppealOut,
    ClaimDetailOut,
    ClaimOut,
    claim_out,
    event_out,
    line_out,
)
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.api.posting import MAY_REPEAT, MUST_BE_KEYED
from web.api.receipt_models import ReceiptOut, receipt_out
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember, Member
from web.routers.claim_answers import ANSWERING
from web.routers.claim_appeals import APPEALING
from web.routers.claim_receipts import DRAWING, drawn
from web.routers.claims import (
    FILTERS,
    SENDING,
    claim_context,
    page_of,
    picture,
    store_uploads,
)
from web.views import claims as views
from web.views.receipts import words_of

router = ApiRouter(area="claims", access=PARTICIPANT, prefix="/claims")
Show = Literal["open", "paid", "refused"]


@router.get("")
def list_claims(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    show: Show | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[ClaimOut]:
    """The participant's claims, newest first."""
    found = queries.list_for_participant(
        session,
        participant_id=member.participant.id,
        statuses=FILTERS[show] if show else (),
        before=since(cursor),
        limit=limit + 1,
    )
    _ = pages.say(request)
    shown = found[:limit]
    return timed_page(
        found,
        [
            claim_out(row, claim, _)
            for row, claim in zip(views.rows(session, shown), shown, strict=True)
        ],
        limit=limit,
        place_of=lambda claim: (claim.submitted_at, claim.id),
    )


@router.post(
    "",
    status_code=201,
    response_model=ClaimDetailOut,
    body=UPLOAD,
    rate=SENDING,
    openapi_extra=MUST_BE_KEYED,
)
@idempotent(required=True)
def submit_claim(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    files: Annotated[
        list[UploadFile] | None,
        File(description="The proof: one file per page, or one PDF or XML."),
    ] = None,
    note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Send one proof of purchase. It is read at once; `Location` is where its verdict appears."""
    claim = service.submit(
        session,
        program=member.program,
        participant=member.participant,
        files=store_uploads(app.blobs, files or []),
        channel=Channel.API,
        actor=viewer.actor,
        note=note,
        network=viewer.network,
        at=now,
    )
    return JSONResponse(
        jsonable_encoder(_detail(request, session, member, claim, now)),
        201,
        headers={"Location": f"/api/v1/claims/{claim.id}"},
    )


@router.get("/{claim_id}")
def get_claim(
    request: Request, session: UnitOfWork, member: CurrentMember, claim_id: UUID, now: Now
) -> ClaimDetailOut:
    """One claim: each line with its verdict, reason, points and the rule that gave them."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return _detail(request, session, member, claim, now)


def _detail(
    request: Request, session: Session, member: Member, claim: Claim, now: datetime
) -> ClaimDetailOut:
    shown = claim_context(request, session, member, claim, now)
    left: Any = shown["left_codes"]
    _ = pages.say(request)
    [row] = views.rows(session, [claim])
    judged = {line.id: line for line in queries.list_lines(session, claim.id)}
    seen = views.lines(session, claim, pages=queries.list_pages(session, claim.id), gettext=_)
    return ClaimDetailOut.model_validate(
        {
            **claim_out(row, claim, _).model_dump(),
            **{name: shown[name] for name in ("note", "purchased_on", "held", "held_by")},
            **{name: shown[name] for name in ("may_cancel", "appeal_until", "may_appeal")},
            "appeal": AppealOut.model_validate(shown["appeal"]) if shown["appeal"] else None,
            "messages": shown["said"],
            "unreadable_reason": claim.unreadable_reason,
            "unreadable": shown["unreadable"],
            "left_codes": left.codes if left else (),
            "pages": shown["pages"],
            "lines": [line_out(view, judged[view.id]) for view in seen],
            "events": [
                event_out(event, view)
                for event in queries.list_events(session, claim.id)
                for view in views.events([event], _)
            ],
        }
    )


@router.post("/{claim_id}/confirmation", openapi_extra=MAY_REPEAT)
@idempotent
def confirm_claim(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
) -> ClaimDetailOut:
    """Say that a draft is yours: an e-mail whose sender the mail server did not prove."""
    claim = service.confirm(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        network=viewer.network,
        at=now,
    )
    return _detail(request, session, member, claim, now)


@router.post("/{claim_id}/cancellation", openapi_extra=MAY_REPEAT)
@idempotent
def cancel_claim(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
) -> ClaimDetailOut:
    """Withdraw a claim that is not decided yet; the same document may be sent again."""
    claim = service.cancel(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    return _detail(request, session, member, claim, now)


class AppealIn(BaseModel):
    """Why the participant disagrees; may be empty."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", max_length=appeals.LONGEST)


@router.post("/{claim_id}/appeal", rate=APPEALING, openapi_extra=MAY_REPEAT)
@idempotent
def appeal_claim(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    claim_id: UUID,
    given: AppealIn,
    now: Now,
) -> ClaimDetailOut:
    """Ask another person to decide; the answer is due at `appeal.due_at`."""
    appeals.appeal(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        text=given.text,
        at=now,
    )
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return _detail(request, session, member, claim, now)


@router.post("/{claim_id}/answers", body=UPLOAD, rate=ANSWERING, openapi_extra=MUST_BE_KEYED)
@idempotent(required=True)
def answer_question(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
    text: Annotated[str, Form(max_length=1000)] = "",
    files: Annotated[
        list[UploadFile] | None, File(description="More pages of the proof, or a better picture.")
    ] = None,
) -> ClaimDetailOut:
    """Answer what was asked (`needs_information`): words, more pages, or both."""
    claim = asking.answer(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        text=text,
        files=store_uploads(app.blobs, files or []),
        network=viewer.network,
        at=now,
    )
    return _detail(request, session, member, claim, now)


class ProposalIn(BaseModel):
    """The product of the programme that a line is."""

    model_config = ConfigDict(extra="forbid")

    product_id: UUID


@router.post("/{claim_id}/lines/{position}/product", openapi_extra=MAY_REPEAT)
@idempotent
def propose_product(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    claim_id: UUID,
    position: Annotated[int, Path(ge=1, le=10_000)],
    proposal: ProposalIn,
    now: Now,
) -> ClaimDetailOut:
    """Name the product of a line that waits for a decision; a clerk confirms it."""
    proposals.propose(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        position=position,
        product_id=proposal.product_id,
        at=now,
    )
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return _detail(request, session, member, claim, now)


@router.get(
    "/{claim_id}/pages/{number}",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}, "description": "The page."}},
)
def get_page(
    app: Opened, session: UnitOfWork, member: CurrentMember, claim_id: UUID, number: int
) -> Response:
    """A page of the proof as it was re-rendered: upright, no EXIF, nothing active."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    page = page_of(session, claim.id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


@router.get("/{claim_id}/receipt")
def get_receipt(
    request: Request, session: UnitOfWork, member: CurrentMember, claim_id: UUID
) -> ReceiptOut:
    """The decision receipt: per line the reason, the rule's clauses, the points, the remedy."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    receipt = receipts.receipt_of(session, claim)
    return receipt_out(receipt, words_of(receipt, language=pages.viewer_of(request).language))


@router.get(
    "/{claim_id}/receipt.pdf",
    rate=DRAWING,
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The receipt."}},
)
def get_receipt_pdf(
    request: Request, app: Opened, session: UnitOfWork, member: CurrentMember, claim_id: UUID
) -> Response:
    """The decision receipt on paper, with the crops of the document."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return drawn(app.blobs, session, claim, language=pages.viewer_of(request).language)
