"""ASGI middlewares around everything: request ids, headers, cookies, the last resort."""

from __future__ import annotations

import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.logs import described, logger
from web import metrics, problems

CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # Addresses may hold codes of invitations and products.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"


class Answering:
    """Adds headers and waiting cookies to every answer, names it in the log, catches what fell."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500
        unread = _sends_body(scope)

        async def receiving() -> Message:
            nonlocal unread
            message = await receive()
            if message["type"] != "http.request" or not message.get("more_body", False):
                unread = False
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(scope, message, request_id)
                if unread:
                    # Nobody will read the rest of the body: say so, instead of swallowing it.
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._answer(scope, receiving, sending)
            finally:
                seconds = time.perf_counter() - started
                metrics.observe(scope["method"], route_of(scope), status, seconds)
                logger().info(
                    "answered",
                    method=scope["method"],
                    route=route_of(scope),
                    status=status,
                    ms=round(seconds * 1000),
                )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watching(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except Exception as error:
            logger().error("unexpected failure", route=route_of(scope), **described(error))
            if begun:
                raise  # Half an answer is out: only breaking the connection is honest.
            await problems.unexpected(Request(scope, receive))(scope, receive, send)

    def _add_headers(self, scope: Scope, message: Message, request_id: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._https:
            headers.setdefault("Strict-Transport-Security", HSTS)
        headers["X-Request-Id"] = request_id
        # Pages are private: neither a shared cache nor the back button of a counter shows them.
        headers.setdefault("Cache-Control", "no-store")
        for cookie in scope.get("zalicz.cookies", {}).values():
            message["headers"].append((b"set-cookie", cookie))


def _sends_body(scope: Scope) -> bool:
    names = dict(scope["headers"])
    return names.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in names


def route_of(scope: Scope) -> str:
    """The template of the matched path: never the path itself, which may hold codes."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or ("/static" if _is_static(scope) else "unmatched")


def _is_static(scope: Scope) -> bool:
    return str(scope.get("path", "")).startswith("/static/")
