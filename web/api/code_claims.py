"""Points for a code from a product, for programs: sent, judged and paid in one answer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import pages
from web.access import PARTICIPANT, ApiRouter
from web.api.claim_models import ClaimOut, claim_out
from web.api.posting import MUST_BE_KEYED
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.routers import code_lists
from web.routers.code_claims import MOST, claim_once
from web.views import claims as views

router = ApiRouter(area="claims", access=PARTICIPANT, prefix="/code-claims")


class CodeIn(BaseModel):
    """The code as it is printed, or the link of its QR."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=100, examples=["4F7K-9Q2M-XB3D-6"])


class CodesIn(BaseModel):
    """Up to fifty codes as they are printed, or the links of their QRs."""

    model_config = ConfigDict(extra="forbid")

    codes: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=MOST
    )


class SentOut(BaseModel):
    """What became of one code; of the code itself its ends only."""

    shown: str
    outcome: code_lists.Outcome
    points: int
    claim_id: UUID | None


class SentCodesOut(BaseModel):
    codes: list[SentOut]


@router.post("/list", response_model=SentCodesOut, openapi_extra=MUST_BE_KEYED)
@idempotent(required=True)
def claim_codes(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    body: CodesIn,
) -> Response:
    """Claim the points of many codes; each is judged for itself, within the same limits."""
    sent = code_lists.claim_many(
        request, app, session, member=member, texts=body.codes, actor=viewer.actor, at=now
    )
    answers = [
        SentOut(shown=x.shown, outcome=x.outcome, points=x.points, claim_id=x.claim_id)
        for x in sent
    ]
    return JSONResponse(jsonable_encoder(SentCodesOut(codes=answers)))


@router.post("", status_code=201, response_model=ClaimOut, openapi_extra=MUST_BE_KEYED)
@idempotent(required=True)
def claim_code(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    body: CodeIn,
) -> Response:
    """Claim the points of one code. `code-refused` says no more; an own used code names its claim.

    At most 20 wrong codes an hour; a code whose check symbol does not fit is not counted.
    """
    made = claim_once(
        request, app, session, member=member, code=body.code, actor=viewer.actor, at=now
    )
    [row] = views.rows(session, [made])
    answer = claim_out(row, made, pages.say(request))
    return JSONResponse(
        jsonable_encoder(answer), 201, headers={"Location": f"/api/v1/claims/{made.id}"}
    )
