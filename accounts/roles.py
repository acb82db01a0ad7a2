"""The roles of people and the places a role is held in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

EVERYWHERE = "*"
_SCOPE = re.compile(r"\*|[a-z_]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Role(StrEnum):
    PARTICIPANT = "participant"
    CLERK = "clerk"
    PARTNER_MANAGER = "partner_manager"
    ANALYST = "analyst"
    PROGRAM_MANAGER = "program_manager"
    LOGISTICS = "logistics"
    OPERATOR = "operator"
    SUPPORT = "support"
    AUDITOR = "auditor"


# Everyone but a participant works for someone: a password and a second factor, a short session.
STAFF = frozenset(Role) - {Role.PARTICIPANT}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role and where it is held: `program:<uuid>`, `partner:<uuid>`, `branch:<uuid>` or `*`."""

    role: Role
    scope: str

    def __post_init__(self) -> None:
        if not _SCOPE.fullmatch(self.scope):
            raise ValueError(f"{self.scope!r} names no place")

    def id_in(self, noun: str) -> UUID | None:
        """The id of the place if it is one of that noun: `grant.id_in("branch")`."""
        kind, _, text = self.scope.partition(":")
        return UUID(text) if kind == noun else None


def scope_of(noun: str, id: UUID) -> str:
    """The text of a place: `scope_of("program", program.id)`."""
    return f"{noun}:{id}"
