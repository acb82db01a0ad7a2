"""What is said about one error."""

from __future__ import annotations

from dataclasses import dataclass


def N_(text: str) -> str:
    """Marks a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A title and what one can do; `%(name)s` is filled from the facts of the error."""

    title: str
    hint: str
