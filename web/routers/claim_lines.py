"""The participant names the product of a doubtful line: one tap, or a search."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from claims import queries
from claims.service import ClaimNotFound
from verification import proposals
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember

router = Router(access=PARTICIPANT)


@router.get("/claims/{claim_id}/lines/{position}/product")
def choose_product(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    claim_id: UUID,
    position: int,
    q: str = "",
) -> Response:
    """The programme's products, searched by words of their name or symbol."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    line = next((x for x in queries.list_lines(session, claim.id) if x.position == position), None)
    if line is None or not proposals.may_propose(claim):
        raise ClaimNotFound
    text = q.strip()[:80]
    found = proposals.find_products(session, program_id=claim.program_id, text=text, limit=20)
    context = {
        "scope_label": member.scope_label,
        "claim_id": claim.id,
        "position": position,
        "description": line.description,
        "q": text,
        "products": [{"id": p.id, "name": p.name, "sku": p.sku} for p in found],
    }
    return pages.render(request, "participant/choose_product.html", context)


@router.post("/claims/{claim_id}/lines/{position}/product")
@idempotent
def propose_product(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    claim_id: UUID,
    position: int,
    now: Now,
    product: Annotated[UUID, Form()],
) -> Response:
    """The clerk sees the proposal first and confirms or corrects it."""
    proposals.propose(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        position=position,
        product_id=product,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(
        request, f"/claims/{claim_id}", flash=_("Zapisane. Hurtownia to potwierdzi.")
    )
