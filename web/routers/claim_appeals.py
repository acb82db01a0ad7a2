"""The participant's appeal against a decision."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from core.formats import Formats
from verification import appeals
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember

router = Router(access=PARTICIPANT)
APPEALING = Rate("appeals", per_account=20, per_network=300, window_s=3600)


@router.post("/claims/{claim_id}/appeal", rate=APPEALING)
@idempotent
def appeal(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
    text: Annotated[str, Form(max_length=appeals.LONGEST)] = "",
) -> Response:
    """Another person looks at the claim; the participant hears until when at once."""
    made = appeals.appeal(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        text=text,
        at=now,
    )
    _ = pages.say(request)
    when = Formats(pages.viewer_of(request).language).moment(made.due_at)
    flash = _("Odwołanie wysłane. Odpowiemy do %(when)s.") % {"when": when}
    return pages.redirect(request, f"/claims/{claim_id}", flash=flash)
