"""Languages: Polish is the source; `locale/<language>/<area>.po` are merged into one catalogue."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.settings import ROOT

SOURCE = "pl"
LANGUAGES = ("pl", "en")
FOLDER = ROOT / "locale"


def read_catalogue(language: str, folder: Path = FOLDER) -> Catalog:
    """All areas of a language as one catalogue; a message in two areas must not differ."""
    merged = Catalog(locale=language)
    for path in sorted((folder / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                known = merged.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path}: {message.id!r} is translated differently elsewhere")
                merged.add(message.id, message.string, context=message.context)
    return merged


@cache
def translations(language: str) -> NullTranslations:
    """The language's gettext translations; an unknown language speaks Polish."""
    if language not in LANGUAGES:
        language = SOURCE
    file = io.BytesIO()
    write_mo(file, read_catalogue(language))
    file.seek(0)
    return GNUTranslations(file)


def negotiate(accept_language: str) -> str:
    """The first of our languages that an Accept-Language header asks for, else Polish."""
    for part in accept_language.split(","):
        language = part.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return SOURCE
