"""Who looks at a page or calls the API: a frozen view of the person, never a row."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.roles import Grant, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, a key of a program, or a stranger (`person_id` is `None`)."""

    person_id: UUID | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    language: str = "pl"
    theme: str = "system"
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    csrf_token: str = ""
    network: str = ""

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def id(self) -> UUID:
        """The person's id; only for routes that strangers cannot reach."""
        assert self.person_id is not None, "this route is open to strangers"
        return self.person_id

    @property
    def actor(self) -> str:
        """The reference that history keeps: `person:<id>`, `api_key:<id>` or `stranger`."""
        if self.api_key_id is not None:
            return f"api_key:{self.api_key_id}"
        return f"person:{self.person_id}" if self.person_id else "stranger"

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def ids(self, noun: str, *roles: Role) -> frozenset[UUID]:
        """The places of that noun where a role is held: `viewer.ids("branch", Role.CLERK)`."""
        found = (grant.id_in(noun) for grant in self.grants if grant.role in roles)
        return frozenset(id for id in found if id is not None)

    def everywhere(self, *roles: Role) -> bool:
        """Whether one of the roles is held in the whole installation."""
        return any(grant.role in roles and grant.scope == "*" for grant in self.grants)
