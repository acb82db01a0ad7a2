"""Every word that people see exists in every language we offer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from core.i18n import LANGUAGES, SOURCE, negotiate, read_catalogue
from core.settings import ROOT

AREAS = (
    *("core", "accounts", "messages", "partners", "programs", "claims", "verification"),
    *("points", "rewards", "logistics", "engagement", "analytics", "web", "demo"),
)
ONE = {"_", "N_", "gettext"}
MANY = {"ngettext"}

Message = tuple[str, ...]


def in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        count = 1 if node.func.id in ONE else 2 if node.func.id in MANY else 0
        texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
        if count and len(texts) == count and all(isinstance(text, str) for text in texts):
            yield tuple(str(text) for text in texts)


def in_template(path: Path) -> Iterator[Message]:
    options = {"extensions": "jinja2.ext.do"}
    with path.open("rb") as file:
        for _, _, message, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), options):
            texts = (message,) if isinstance(message, str) else message or ()
            yield tuple(text for text in texts if isinstance(text, str))


def messages_of(area: str) -> set[Message]:
    found: set[Message] = set()
    for path in sorted((ROOT / area).rglob("*")):
        if path.suffix == ".py":
            found.update(in_python(path))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found.update(in_template(path))
    return {message for message in found if message and message[0]}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
@pytest.mark.parametrize("area", AREAS)
def test_every_message_is_translated(area: str, language: str) -> None:
    catalogue = read_catalogue(language)
    missing = []
    for message in sorted(messages_of(area)):
        known = catalogue.get(message[0] if len(message) == 1 else message)
        texts = known.string if known is not None else ""
        if not all([texts] if isinstance(texts, str) else texts):
            missing.append(message)
    assert not missing, f"add to locale/{language}/: {missing}"


@pytest.mark.parametrize("area", AREAS)
def test_polish_plurals_have_three_forms(area: str) -> None:
    catalogue = read_catalogue(SOURCE)
    for message in sorted(messages_of(area)):
        if len(message) == 2:
            known = catalogue.get(message)
            assert known is not None, f"add to locale/pl/: {message}"
            assert len(known.string) == 3, message
            assert all(known.string), message


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    for message in read_catalogue(language):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        wanted = {part.partition(")")[0] for part in source.split("%(")[1:]}
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        for text in texts:
            names = {part.partition(")")[0] for part in text.split("%(")[1:]}
            assert names <= wanted, f"{message.id}: {text}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "pl"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5", "en"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("xx, ;;;,=", "pl"),
    ],
)
def test_a_browser_is_answered_in_the_first_language_we_speak(header: str, language: str) -> None:
    assert negotiate(header) == language
