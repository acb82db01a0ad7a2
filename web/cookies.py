"""Cookies: their names, flags and the way onto an answer."""

from __future__ import annotations

from http.cookies import SimpleCookie

from starlette.requests import Request

from core.settings import Settings

SESSION = "zalicz"
VISITOR = "visitor"
LANGUAGE = "language"
THEME = "theme"
FLASH = "flash"
PROGRAM = "program"

YEAR_S = 365 * 86_400


def name_of(settings: Settings, plain: str) -> str:
    """`__Host-` binds a cookie to this host and to https; without https it would be dropped."""
    return f"__Host-{plain}" if settings.base_url.startswith("https://") else plain


def read(request: Request, plain: str) -> str:
    """The value of a cookie, or an empty text."""
    return request.cookies.get(name_of(request.app.state.opened.settings, plain), "")


def put(request: Request, plain: str, value: str, *, max_age_s: int | None = None) -> None:
    """Set a cookie on the answer to this request, whatever answers it; empty deletes it."""
    settings: Settings = request.app.state.opened.settings
    name = name_of(settings, plain)
    jar: SimpleCookie = SimpleCookie()
    jar[name] = value
    made = jar[name]
    made["path"], made["httponly"], made["samesite"] = "/", True, "Lax"
    if settings.base_url.startswith("https://"):
        made["secure"] = True
    if not value:
        made["max-age"] = 0
    elif max_age_s is not None:
        made["max-age"] = max_age_s
    waiting: dict[str, bytes] = request.scope.setdefault("zalicz.cookies", {})
    waiting[plain] = made.OutputString().encode("latin-1")
