"""The cookie's side of signing in and out: a new session for each step up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request

from accounts import sessions
from accounts.grants import list_grants
from accounts.roles import STAFF
from accounts.sessions import SignedIn
from accounts.tables import SessionStage
from web import cookies
from web.devices import device_of


def begin(
    request: Request,
    session: Session,
    *,
    person_id: UUID,
    at: datetime,
    stage: SessionStage = SessionStage.FULL,
) -> None:
    """Sign a person in with a new token; whatever this browser was before ends."""
    leave(request, session)
    token = sessions.begin(
        session,
        person_id=person_id,
        at=at,
        stage=stage,
        device=device_of(request.headers.get("user-agent", "")),
    )
    roles = {grant.role for grant in list_grants(session, person_id=person_id)}
    # A staff session ends with the browser at the latest; a participant's outlives it.
    lasts_s = None if roles & STAFF else int(sessions.LONGEST.total_seconds())
    cookies.put(request, cookies.SESSION, token, max_age_s=lasts_s)


def leave(request: Request, session: Session) -> None:
    """End the session of this browser, if it has one."""
    present = recognised(request)
    if present is not None:
        sessions.end(session, session_id=present.session_id)
    cookies.put(request, cookies.SESSION, "")
    cookies.put(request, cookies.VISITOR, "")


def recognised(request: Request) -> SignedIn | None:
    """The session behind this request's cookie, also one that waits for a second factor."""
    found = getattr(request.state, "signed_in", None)
    return found if isinstance(found, SignedIn) else None
