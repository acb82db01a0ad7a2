"""Bank accounts of people over the API: what a payment system knows of who is who."""

from __future__ import annotations

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from core.errors import NotFound
from verification import links
from web.access import OPERATOR, ApiRouter
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent

router = ApiRouter(area="links", access=OPERATOR, prefix="/account-links")


class AccountIn(BaseModel):
    contact: str = Field(max_length=200, description="e-mail or phone of the person")
    account: str = Field(max_length=60, description="IBAN, or 26 digits")


@router.post("", status_code=204, openapi_extra=MAY_REPEAT)
@idempotent
def note(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, given: AccountIn
) -> Response:
    """Note an account: its digest and last digits are kept; nobody who shares it decides."""
    del request  # The idempotency around this asks for it.
    if not viewer.everywhere(Role.OPERATOR):
        raise NotFound
    links.add_account(session, contact=given.contact, account=given.account, by=viewer.id, at=now)
    return Response(status_code=204)
