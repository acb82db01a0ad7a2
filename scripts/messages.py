"""Texts without a translation: `python scripts/messages.py [PACKAGE …]` prints PO entries."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.i18n import LANGUAGES, SOURCE, read_catalogue  # noqa: E402 - the path comes first

PACKAGES = (
    "core", "accounts", "messages", "partners", "programs", "logistics", "points", "claims",
    "verification", "rewards", "analytics", "web", "workers", "demo",
)  # fmt: skip
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "translate": None}
METHODS = [
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**.py", "python"),
]
_JINJA = {
    "silent": "false",
    "extensions": "jinja2.ext.do,jinja2.ext.i18n",
    "newstyle_gettext": "true",
}
OPTIONS = {"**/templates/**.html": _JINJA, "**/templates/**.txt": _JINJA}

Message = str | tuple[str, ...]


def used_messages(packages: tuple[str, ...] = PACKAGES) -> Iterator[tuple[str, Message]]:
    """Every text of the product with the file it stands in."""
    for package in packages:
        for name, _, message, _, _ in extract_from_dir(
            ROOT / package,
            METHODS,
            OPTIONS,
            keywords=KEYWORDS,
        ):
            # `gettext(parcel["label"])` hands on a text that was marked where it was written.
            if message and message not in (("", ""), "label"):
                yield f"{package}/{name}", message


def missing(language: str, packages: tuple[str, ...] = PACKAGES) -> dict[Message, str]:
    """Texts without a translation into `language`, with the first file that uses each."""
    catalogue: Catalog = read_catalogue(language)
    found: dict[Message, str] = {}
    for place, message in used_messages(packages):
        known = catalogue.get(message if isinstance(message, str) else message[0])
        texts = (
            (known.string,) if known and isinstance(known.string, str) else known and known.string
        )
        if language == SOURCE and isinstance(message, str):
            continue  # The source speaks for itself; only plural forms need a catalogue.
        if not texts or not all(texts):
            found.setdefault(message, place)
    return found


def main(arguments: list[str]) -> int:
    packages = tuple(arguments) or PACKAGES
    count = 0
    for language in LANGUAGES:
        for message, place in sorted(
            missing(language, packages).items(), key=lambda m: (m[1], str(m[0]))
        ):
            count += 1
            sys.stdout.write(f"# {language}: {place}\n{_entry(message)}\n")
    sys.stdout.write(f"# {count} texts without a translation\n")
    return 1 if count else 0


def _entry(message: Message) -> str:
    quoted = [
        m.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for m in _tuple(message)
    ]
    if len(quoted) == 1:
        return f'msgid "{quoted[0]}"\nmsgstr ""\n'
    return f'msgid "{quoted[0]}"\nmsgid_plural "{quoted[1]}"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _tuple(message: Message) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
