"""One click into the demo; this module's routes exist only there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from accounts import demo
from web import pages, signing_in
from web.access import PUBLIC, Router
from web.deps import Now, UnitOfWork

router = Router(access=PUBLIC)


@router.post("/demo/sign-in/{persona}")
def become(request: Request, session: UnitOfWork, now: Now, persona: str) -> Response:
    """Sign in as a persona of the demo."""
    offered = demo.get_demo_signin(session, persona=persona)
    signing_in.begin(request, session, person_id=offered.person_id, at=now)
    return pages.redirect(request, "/")
