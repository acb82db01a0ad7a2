"""Renders the kit the way the pages do, and reads colours out of the style sheet."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

from core.templating import environment as environment_of
from web import charts

WEB = Path(__file__).resolve().parents[2] / "web"
CSS = WEB / "static" / "app.css"


def environment(locale: str = "pl") -> Environment:
    """The environment that serves the pages."""
    return environment_of(WEB / "templates", locale)


def context(locale: str = "pl", theme: str = "light", **more: Any) -> dict[str, object]:
    """What base.html says every page gets, with one entry of each kind in the menu."""
    nav = [
        SimpleNamespace(label="Start", href="/", icon="home", active=True),
        SimpleNamespace(label="Zgłoś zakup", href="/new", icon="camera", active=False, act=True),
        SimpleNamespace(label="Kolejka", href="/q", icon="inbox", active=False, badge=3, group="G"),
    ]
    return {
        "locale": locale,
        "theme": theme,
        "csrf_token": "token-of-this-session",
        "nav": nav,
        "user": SimpleNamespace(name="Anna Nowak", detail="Elmet · Poznań"),
        "charts": charts,
    } | more


def render(source: str, locale: str = "pl", **more: Any) -> str:
    """A few words of template with the kit imported as `ui`."""
    template = environment(locale).from_string(
        '{% import "components/ui.html" as ui with context %}' + source
    )
    return template.render(context(locale, **more))


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme ("light", "dark" or "system") as the style sheet states them."""
    text = CSS.read_text(encoding="utf-8")
    head = {
        "light": ":root,[data-bs-theme=light]{",
        "dark": "\n[data-bs-theme=dark]{",
        "system": "@media (prefers-color-scheme:dark){[data-bs-theme=system]{",
    }[theme]
    block = text.split(head, 1)[1].split("}", 1)[0]
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block))
    return found if theme == "light" else tokens("light") | found


def contrast(one: str, other: str) -> float:
    """Contrast of two #rrggbb colours by WCAG 2.2, relative luminance."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
