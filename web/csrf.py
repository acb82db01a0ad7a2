"""A form counts only when our own page sent it: its origin and a token of the session."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from starlette.requests import Request

from accounts import secrets
from core.errors import DomainError, Kind
from core.runtime import App
from web.bodies import BodyLimit, is_form, read_form
from web.viewer import Viewer

FIELD = "csrf_token"
HEADER = "x-csrf-token"


class ForeignForm(DomainError):
    """Another site sent this request."""

    kind = Kind.FORBIDDEN
    code = "foreign-form"


class FormExpired(DomainError):
    """The form belongs to a session that has ended, or carries no token."""

    kind = Kind.FORBIDDEN
    code = "form-expired"


def token(app: App, secret: str) -> str:
    """The form token of a session or visitor, derived from its cookie."""
    key = app.settings.derive_key("csrf")
    return base64.urlsafe_b64encode(secrets.keyed(key, secret.encode())[:24]).decode()


def check_origin(request: Request, base_url: str) -> None:
    """Raise `ForeignForm` when the browser says that another site sent the request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignForm(site)
        return
    origin = request.headers.get("origin")
    if origin is None:
        return  # Neither header: an old browser or a script. The token still has to be right.
    own = {urlsplit(base_url).netloc, request.headers.get("host", "")}
    if urlsplit(origin).netloc not in own:
        raise ForeignForm(origin[:100])


async def check_token(request: Request, viewer: Viewer, limit: BodyLimit) -> None:
    """Raise `FormExpired` unless header or form field carry the viewer's token."""
    given: object = request.headers.get(HEADER)
    if given is None and is_form(request):
        given = (await read_form(request, limit)).get(FIELD)
    right = viewer.csrf_token
    if not isinstance(given, str) or not right or not secrets.equal(given, right):
        await request.close()
        raise FormExpired
    if is_form(request):
        await read_form(request, limit)
