"""Who sends a request: a session's cookie, a key of a program, or a stranger."""

from __future__ import annotations

from starlette.requests import Request

from accounts import keys, secrets, sessions
from accounts.rates import network_of
from accounts.tables import SessionStage
from core import clock
from core.i18n import LANGUAGES, negotiate
from core.runtime import App
from web import cookies, csrf
from web.viewer import Viewer

THEMES = ("system", "light", "dark")


def identify(app: App, request: Request) -> Viewer:
    """The viewer of this request. Asks the database once if anything was presented."""
    network = network_of(request.client.host if request.client else "")
    bearer = _bearer(request)
    if bearer:
        return _key_holder(app, request, bearer, network)
    token = cookies.read(request, cookies.SESSION)
    if token:
        with app.database.unit_of_work() as session:
            signed_in = sessions.find(session, token=token, at=clock.now())
        request.state.signed_in = signed_in
        if signed_in is not None and signed_in.stage is SessionStage.FULL:
            return Viewer(
                person_id=signed_in.person_id,
                name=signed_in.name,
                grants=signed_in.grants,
                language=signed_in.language,
                theme=signed_in.theme,
                session_id=signed_in.session_id,
                csrf_token=csrf.token(app, token),
                network=network,
            )
        if signed_in is not None:
            # Between password and second factor: still a stranger, with a form of their own.
            return _stranger(app, request, network, secret=token)
    # A program that forgot its key gets no cookie.
    secret = visitor(request) if request.state.is_page else ""
    return _stranger(app, request, network, secret=secret)


def visitor(request: Request) -> str:
    """The random name of a browser that has not signed in; given on the first page."""
    known = cookies.read(request, cookies.VISITOR)
    if not 16 <= len(known) <= 100:
        known = getattr(request.state, "visitor", "") or secrets.new_token()
        request.state.visitor = known
        cookies.put(request, cookies.VISITOR, known)
    return known


def _stranger(app: App, request: Request, network: str, *, secret: str) -> Viewer:
    language = cookies.read(request, cookies.LANGUAGE)
    if language not in LANGUAGES:
        language = negotiate(request.headers.get("accept-language", ""))
    theme = cookies.read(request, cookies.THEME)
    return Viewer(
        language=language,
        theme=theme if theme in THEMES else "system",
        csrf_token=csrf.token(app, secret) if secret else "",
        network=network,
    )


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _key_holder(app: App, request: Request, bearer: str, network: str) -> Viewer:
    with app.database.unit_of_work() as session:
        key = keys.find(session, token=bearer, at=clock.now())
    language = negotiate(request.headers.get("accept-language", "en"))
    if key is None:
        return Viewer(language=language, network=network)
    return Viewer(
        person_id=key.person_id,
        name=key.name,
        grants=frozenset({key.grant}),
        language=language,
        api_key_id=key.key_id,
        permissions=key.permissions,
        network=network,
    )
