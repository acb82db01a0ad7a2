"""Language and look, of the person or the browser; the programme that a browser works in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from accounts import people
from core.i18n import LANGUAGES
from web import cookies, pages, scopes
from web.access import PUBLIC, Router
from web.deps import CurrentViewer, UnitOfWork
from web.identify import THEMES

router = Router(access=PUBLIC)
Text = Annotated[str, Form(max_length=500)]


@router.post("/preferences")
def prefer(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    theme: Text = "",
    locale: Text = "",
    program: Text = "",
    return_to: Text = "/",
) -> Response:
    """Remember a choice and go back to the page it was made on."""
    # The browser remembers too, so that the page after signing out looks the same.
    if locale in LANGUAGES:
        cookies.put(request, cookies.LANGUAGE, locale, max_age_s=cookies.YEAR_S)
    if theme in THEMES:
        cookies.put(request, cookies.THEME, theme, max_age_s=cookies.YEAR_S)
    if program:
        scopes.remember(request, program)
    if viewer.signed_in and (theme or locale):
        people.prefer(
            session,
            person_id=viewer.id,
            language=locale if locale in LANGUAGES else None,
            theme=theme or None,
        )
    return pages.redirect(request, pages.own_path(return_to))
