"""Domain errors are facts; the edge picks the number and the words."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


Fact = str | int | None


class DomainError(Exception):
    """A fact that stops a use case. Subclasses name it with `kind` and a stable kebab-case `code`.

    `facts` fill the translated sentence; they are shown to people, so they hold no secrets.
    """

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "invalid"

    def __init__(self, detail: str = "", **facts: Fact) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.facts = facts


class NotFound(DomainError):
    """What is absent and what is not yours look the same."""

    kind = Kind.NOT_FOUND
    code = "not-found"


class Forbidden(DomainError):
    kind = Kind.FORBIDDEN
    code = "forbidden"


class IllegalTransition(DomainError):
    """The thing is no longer in a state from which this can happen."""

    kind = Kind.CONFLICT
    code = "illegal-transition"


class Invalid(DomainError):
    """Input that a person can correct; `field` names the form field."""

    code = "invalid"

    def __init__(self, detail: str = "", *, field: str = "", **facts: Fact) -> None:
        super().__init__(detail, **({"field": field} if field else {}), **facts)
        self.field = field


def every_domain_error() -> dict[str, type[DomainError]]:
    """All error classes that are imported, by code; the documentation test walks them."""
    found: dict[str, type[DomainError]] = {}
    todo: list[type[DomainError]] = [DomainError]
    while todo:
        kind = todo.pop()
        todo.extend(kind.__subclasses__())
        found.setdefault(kind.code, kind)
    return found
