"""Pages: templates in the viewer's language with everything that every page needs."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from accounts.secrets import new_token
from core.errors import DomainError, Invalid
from core.i18n import LANGUAGES, translations
from core.templating import SHARED, environment
from web import cookies, nav, scopes
from web.error_texts import N_, STATUS, describe
from web.static_files import asset
from web.texts.fields import FIELDS
from web.viewer import Viewer

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_NAMES = {"pl": "Polski", "en": "English", "uk": "Українська", "de": "Deutsch"}


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in, as the shells show it."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Flash:
    """A message that the next page shows once; `kind`: ok, info, warn or bad."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldError:
    field: str
    message: str


class FormRefused(Exception):
    """Show the form again with what was wrong; whatever the handler wrote is taken back."""

    def __init__(
        self, template: str, context: Mapping[str, Any], errors: Sequence[FieldError], status: int
    ) -> None:
        super().__init__(template)
        self.template, self.context, self.errors = template, context, errors
        self.status = status


def refused(
    request: Request, template: str, context: Mapping[str, Any], error: DomainError
) -> FormRefused:
    """`raise pages.refused(request, "claims/new.html", {…}, error) from error`.

    The page gets `errors`, a list of items with `field` and `message` (ui.error_summary takes it),
    and the status of the error. Fill the context with views and the texts that were typed.
    """
    viewer = viewer_of(request)
    field = error.field if isinstance(error, Invalid) else str(error.facts.get("field") or "")
    gettext = translations(viewer.language).gettext
    if error.code == Invalid.code and field in FIELDS:
        message = gettext(FIELDS[field])
    else:
        title, hint = describe(error.code, dict(error.facts), gettext)
        message = f"{title}. {hint}" if hint else title
    found = [FieldError(field or "main", message)]
    return FormRefused(template, context, found, STATUS[error.kind])


def wrong(
    template: str, context: Mapping[str, Any], errors: Mapping[str, str], status: int = 422
) -> FormRefused:
    """Show the form again with already translated messages by field."""
    found = [FieldError(field, message) for field, message in errors.items()]
    return FormRefused(template, context, found, status)


def viewer_of(request: Request) -> Viewer:
    """The viewer of this request; a stranger when nothing was recognised before it failed."""
    found = getattr(request.state, "viewer", None)
    return found if isinstance(found, Viewer) else Viewer()


def say(request: Request) -> Any:
    """gettext of the viewer's language: `_ = pages.say(request)`."""
    return translations(viewer_of(request).language).gettext


def say_many(request: Request) -> Any:
    """ngettext of the viewer's language: `plural(one, many, n) % {"num": n}`."""
    return translations(viewer_of(request).language).ngettext


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """A page or a fragment. Context: see web/templates/base.html, and what is given here."""
    viewer = viewer_of(request)
    made = environment(TEMPLATES, viewer.language).get_template(template)
    shared = _shared(request, viewer, failed=status >= 400)
    text = made.render({**shared, **(context or {}), SHARED: {}})
    return HTMLResponse(text, status_code=status)


def _shared(request: Request, viewer: Viewer, *, failed: bool = False) -> dict[str, Any]:
    persona = nav.persona_of(viewer)
    gettext = translations(viewer.language).gettext
    flashes = _take_flashes(request)
    led_to = None if failed or is_fragment(request) else scopes.followed(request)
    if led_to is not None:
        text = gettext(N_("Przełączyliśmy na program „%(name)s”: tam jest to, co otwierasz."))
        flashes.append(Flash("info", text % {"name": led_to.name}))
    path = request.url.path
    detail = gettext(nav.PERSONA_NAMES[persona]) if persona else ""
    return {
        "request": request,
        "viewer": viewer,
        "locale": viewer.language,
        "theme": viewer.theme,
        "csrf_token": viewer.csrf_token,
        "user": User(viewer.name, detail) if viewer.signed_in else None,
        "nav": nav.items(viewer, path, gettext),
        "home_href": nav.home(viewer),
        "shell": nav.shell(persona),
        "scope_label": "",
        "scope": scopes.scope_of(request, failed=failed),
        "current_path": f"{path}?{request.url.query}" if request.url.query else path,
        "flashes": flashes,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "asset": asset,
        "errors": [],
        "demo": getattr(request.app.state, "demo", False),
        "new_key": new_token,
    }


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a piece of a page and can put it in place."""
    return request.headers.get("hx-request") == "true"


def redirect(request: Request, path: str, *, flash: str = "", kind: str = "ok") -> Response:
    """Go on to another page (303), with a message for it. htmx is told by its own header."""
    assert own_path(path, "") == path, "only our own pages"
    if flash:
        put_flash(request, flash, kind=kind)
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)


def put_flash(request: Request, text: str, *, kind: str = "ok") -> None:
    """A message for the next page, carried by a cookie for a minute."""
    packed = json.dumps([kind, text[:300]], ensure_ascii=True).encode()
    cookies.put(
        request, cookies.FLASH, base64.urlsafe_b64encode(packed).decode().rstrip("="), max_age_s=60
    )


def _take_flashes(request: Request) -> list[Flash]:
    packed = cookies.read(request, cookies.FLASH)
    if not packed or is_fragment(request) or "x-ahead" in request.headers:
        return []  # A page that is fetched ahead is not looked at yet.
    cookies.put(request, cookies.FLASH, "")
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except ValueError:
        return []
    if kind not in ("ok", "info", "warn", "bad") or not isinstance(text, str):
        return []
    return [Flash(kind, text)]


def own_path(text: str, otherwise: str = "/") -> str:
    """A path of this site from something a browser sent, or `otherwise`: no way to elsewhere."""
    good = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if good and len(text) <= 500 and "\\" not in text else otherwise
