"""Who may call a route: declared beside each route, checked before its body is read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute, APIRouter
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from web.audience import (
    ANYONE_SIGNED_IN,
    AUDITOR,
    CLERK,
    LOGISTICS,
    LOOPBACK,
    OPERATOR,
    PARTICIPANT,
    PARTNER_MANAGER,
    PROGRAM_ANALYST,
    PROGRAM_MANAGER,
    PUBLIC,
    SUPPORT,
    Access,
)
from web.bodies import FORM, JSON, PILE, UPLOAD, BodyLimit
from web.guard import Rules, admit

__all__ = [
    "ANYONE_SIGNED_IN",
    "AUDITOR",
    "CLERK",
    "FORM",
    "JSON",
    "LOGISTICS",
    "LOOPBACK",
    "OPERATOR",
    "PARTICIPANT",
    "PARTNER_MANAGER",
    "PILE",
    "PROGRAM_ANALYST",
    "PROGRAM_MANAGER",
    "PUBLIC",
    "SUPPORT",
    "UPLOAD",
    "Access",
    "ApiRouter",
    "Rate",
    "Router",
]


Endpoint = Callable[..., Any]
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """A route whose rules are checked before anything of the request's body is read."""

    rules: Rules | None = None

    def get_route_handler(self) -> Handle:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            assert self.rules is not None, "create() refuses routes without rules"
            return await admit(request, self.rules, handle)

        return guarded


class Router(APIRouter):
    """Pages of one area: `Router(access=CLERK)`, or `access=` at each route.

    Routes also take `body=` (what may be sent, see web.bodies) and `rate=` (how often).
    """

    is_page = True
    body = FORM

    def __init__(
        self,
        *,
        access: Access | None = None,
        prefix: str = "",
        for_machines: bool = False,
        **options: Any,
    ) -> None:
        options.setdefault("default_response_class", HTMLResponse)
        options.setdefault("include_in_schema", False)
        super().__init__(prefix=prefix, route_class=GuardedRoute, **options)
        self.access = access
        # Probes get no cookies and read problem documents.
        self.is_page = self.is_page and not for_machines

    def permission_of(self, method: str) -> str:
        del method
        return ""

    def _add(
        self,
        method: str,
        path: str,
        access: Access | None,
        body: BodyLimit | None,
        rate: Rate | None,
        options: dict[str, Any],
    ) -> Callable[[Endpoint], Endpoint]:
        def decorator(endpoint: Endpoint) -> Endpoint:
            chosen = body or self.body
            options.setdefault("form_limits", chosen.form_limits)
            self.add_api_route(path, endpoint, methods=[method], **options)
            route = self.routes[-1]
            assert isinstance(route, GuardedRoute)
            allowed = access or self.access
            if allowed is not None:
                route.rules = Rules(
                    access=allowed,
                    body=chosen,
                    rate=rate,
                    permission=self.permission_of(method),
                    is_page=self.is_page,
                )
            return endpoint

        return decorator

    def get(  # type: ignore[override]
        self, path: str, *, access: Access | None = None, rate: Rate | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("GET", path, access, None, rate, options)

    def post(  # type: ignore[override]
        self,
        path: str,
        *,
        access: Access | None = None,
        body: BodyLimit | None = None,
        rate: Rate | None = None,
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("POST", path, access, body, rate, options)

    def put(  # type: ignore[override]
        self,
        path: str,
        *,
        access: Access | None = None,
        body: BodyLimit | None = None,
        rate: Rate | None = None,
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("PUT", path, access, body, rate, options)

    def patch(  # type: ignore[override]
        self,
        path: str,
        *,
        access: Access | None = None,
        body: BodyLimit | None = None,
        rate: Rate | None = None,
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("PATCH", path, access, body, rate, options)

    def delete(  # type: ignore[override]
        self, path: str, *, access: Access | None = None, rate: Rate | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        return self._add("DELETE", path, access, None, rate, options)


class ApiRouter(Router):
    """JSON routes of one area below /api/v1: `ApiRouter(area="claims", access=…)`.

    A key needs the permission `<area>:read` or `<area>:write`; `area=""` is open to every key.
    """

    is_page = False
    body = JSON

    def __init__(
        self, *, area: str, access: Access | None = None, prefix: str = "", **options: Any
    ) -> None:
        options.setdefault("default_response_class", JSONResponse)
        options.setdefault("include_in_schema", True)
        options.setdefault("tags", [area or "account"])
        super().__init__(access=access, prefix=f"/api/v1{prefix}", **options)
        self.area = area

    def permission_of(self, method: str) -> str:
        if not self.area:
            return ""
        return f"{self.area}:{'read' if method == 'GET' else 'write'}"


class UndeclaredAccess(RuntimeError):
    """A route says nothing about who may call it; the product does not start."""


def every_route(routes: Sequence[Any]) -> list[GuardedRoute]:
    """All guarded routes of an application. Raises `UndeclaredAccess` for any other kind."""
    found = []
    for route in routes:
        if not isinstance(route, GuardedRoute) or route.rules is None:
            name = getattr(route, "path", repr(route))
            raise UndeclaredAccess(f"{name} does not declare who may call it.")
        found.append(route)
    return found
