"""Every word that people see exists in every language we offer."""

from __future__ import annotations

import pytest

from core.i18n import LANGUAGES, SOURCE, negotiate, read_catalogue
from scripts.messages import PACKAGES, missing, used_messages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_is_translated(package: str, language: str) -> None:
    found = missing(language, (package,))
    assert not found, f"`python scripts/messages.py {package}` lists them"


def test_polish_plurals_have_three_forms() -> None:
    catalogue = read_catalogue(SOURCE)
    plurals = {message for _, message in used_messages() if isinstance(message, tuple)}
    assert plurals
    for message in plurals:
        known = catalogue.get(message[0])
        assert known is not None, message
        assert len(set(known.string)) == 3, message


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
