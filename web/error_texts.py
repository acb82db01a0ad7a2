"""What people read about each error: a title and a hint by code, in gettext's source language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.errors import Kind
from web.texts import (
    accounts,
    analytics,
    claims,
    core,
    feeds,
    logistics,
    points,
    programs,
    rewards,
    verification,
)
from web.texts.text import N_, ErrorText

__all__ = ["N_", "STATUS", "TEXTS", "ErrorText", "describe"]

# RFC 9110 status by the kind of fact; the only place where the two meet.
STATUS = MappingProxyType(
    {
        Kind.INVALID: 422,
        Kind.FORBIDDEN: 403,
        Kind.UNAUTHENTICATED: 401,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.TOO_LARGE: 413,
        Kind.TIMEOUT: 408,
        Kind.TOO_MANY: 429,
        Kind.UNAVAILABLE: 503,
    }
)


# One line per area: a module of web/texts with `TEXTS` by code.
_AREAS = (
    core,
    accounts,
    programs,
    points,
    logistics,
    claims,
    verification,
    feeds,
    rewards,
    analytics,
)

TEXTS: Mapping[str, ErrorText] = MappingProxyType(
    {code: text for area in _AREAS for code, text in area.TEXTS.items()}
)


def describe(code: str, facts: dict[str, object], gettext: Callable[[str], str]) -> tuple[str, str]:
    """Title and hint of an error in the reader's language; facts fill the placeholders."""
    text = TEXTS.get(code) or TEXTS["unexpected"]
    return _fill(gettext(text.title), facts), _fill(gettext(text.hint), facts)


def _fill(text: str, facts: dict[str, object]) -> str:
    try:
        return text % facts if "%(" in text else text
    except (KeyError, ValueError):
        # A fact that this error did not carry must not turn a refusal into a failure.
        return ""
