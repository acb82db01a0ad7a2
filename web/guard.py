"""What happens before a handler: size, origin, who it is, may they, how often, is it their form."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from accounts import rates
from accounts.rates import Rate
from core import clock
from core.errors import DomainError, Kind, NotFound
from core.runtime import App
from web import csrf
from web.audience import Access
from web.bodies import BodyLimit, counted, refuse_declared
from web.identify import identify
from web.viewer import Viewer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInRequired(DomainError):
    """The route is for people who have signed in."""

    kind = Kind.UNAUTHENTICATED
    code = "sign-in-required"


class PermissionMissing(DomainError):
    """The key lacks a permission that this route needs; `permission` names it."""

    kind = Kind.FORBIDDEN
    code = "permission-missing"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one route demands of a request."""

    access: Access
    body: BodyLimit
    rate: Rate | None
    permission: str
    is_page: bool


async def admit(
    request: Request,
    rules: Rules,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """Answer the request if it may be answered; the body is read only then, and counted.

    Raises domain errors, which web.problems words for pages and for programs.
    """
    app: App = request.app.state.opened
    request.state.is_page = rules.is_page
    refuse_declared(request, rules.body)
    limited = Request(request.scope, counted(request.receive, rules.body))
    changes = request.method not in SAFE
    viewer = await run_in_threadpool(_recognise, app, request, rules, changes)
    if changes and _has_cookies(rules, viewer):
        await csrf.check_token(limited, viewer, rules.body)
    return await handle(limited)


def _recognise(app: App, request: Request, rules: Rules, changes: bool) -> Viewer:
    viewer = identify(app, request)
    request.state.viewer = viewer
    if changes and _has_cookies(rules, viewer):
        csrf.check_origin(request, app.settings.base_url)
    _refuse_strangers(request, rules, viewer)
    if rules.rate is not None:
        account = str(viewer.person_id or "")
        with app.database.unit_of_work() as session:
            rates.spend(
                session, rules.rate, account=account, network=viewer.network, at=clock.now()
            )
    return viewer


def _refuse_strangers(request: Request, rules: Rules, viewer: Viewer) -> None:
    access = rules.access
    if access.loopback and _from_this_machine(request):
        return
    if access.admits(viewer):
        if viewer.api_key_id is not None and rules.permission not in {"", *viewer.permissions}:
            raise PermissionMissing(permission=rules.permission)
        return
    if not viewer.signed_in and not access.loopback:
        raise SignInRequired
    # What is not yours looks as if it were not there.
    raise NotFound


def _has_cookies(rules: Rules, viewer: Viewer) -> bool:
    # A key comes from a program, which no other site can make send anything.
    return rules.is_page or viewer.session_id is not None


def _from_this_machine(request: Request) -> bool:
    # A proxy on this machine forwards strangers: its headers give it away.
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    client = request.client.host if request.client else ""
    return not forwarded and client in ("127.0.0.1", "::1")
