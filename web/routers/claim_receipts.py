"""The decision receipt of a participant's claim as a PDF."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from claims import queries
from claims.tables import Claim
from core.blobs import Blobs
from verification import receipts
from web import pages, receipt_pdf
from web.access import PARTICIPANT, Router
from web.crops import strip
from web.deps import Opened, UnitOfWork
from web.members import CurrentMember
from web.views.receipts import words_of

router = Router(access=PARTICIPANT)
DRAWING = Rate("receipts", per_account=60, per_network=600, window_s=3600)


@router.get("/claims/{claim_id}/receipt.pdf", rate=DRAWING)
def show_receipt(
    request: Request, app: Opened, session: UnitOfWork, member: CurrentMember, claim_id: UUID
) -> Response:
    """The same words as on the claim's page, with the crops of the document."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return drawn(app.blobs, session, claim, language=pages.viewer_of(request).language)


def drawn(blobs: Blobs, session: Session, claim: Claim, *, language: str) -> Response:
    """The receipt of a claim that the caller may see. Raises `NotDecided`."""
    words = words_of(receipts.receipt_of(session, claim), language=language)
    shown = {page.number: page for page in queries.list_pages(session, claim.id)}
    crops = {
        line.position: strip(blobs, shown[line.page], line.line.box)
        for line in words.lines
        if line.verdict != "outside" and line.line.box and line.page in shown
    }
    name = claim.number.replace("/", "-")
    return Response(
        receipt_pdf.render(words, crops=crops, language=language),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
