"""Sets of callers by role; every route names one of them."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Role
from web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Access:
    """A set of callers; `|` joins two sets. What a caller sees there is checked by the query."""

    roles: frozenset[Role] = frozenset()
    strangers: bool = False
    anyone_signed_in: bool = False
    loopback: bool = False

    def __or__(self, other: Access) -> Access:
        return Access(
            roles=self.roles | other.roles,
            strangers=self.strangers or other.strangers,
            anyone_signed_in=self.anyone_signed_in or other.anyone_signed_in,
            loopback=self.loopback or other.loopback,
        )

    def admits(self, viewer: Viewer) -> bool:
        """Whether this viewer may call; a request from the same machine is judged elsewhere."""
        if self.strangers:
            return True
        if not viewer.signed_in:
            return False
        return self.anyone_signed_in or not self.roles.isdisjoint(viewer.roles)

    def __str__(self) -> str:
        words = [
            name for name in ("strangers", "anyone_signed_in", "loopback") if getattr(self, name)
        ]
        return " ".join([*words, *sorted(role.value for role in self.roles)]) or "nobody"


def _of(*roles: Role) -> Access:
    return Access(frozenset(roles))


PUBLIC = Access(strangers=True)
ANYONE_SIGNED_IN = Access(anyone_signed_in=True)
PARTICIPANT = _of(Role.PARTICIPANT)
CLERK = _of(Role.CLERK, Role.PARTNER_MANAGER)
PARTNER_MANAGER = _of(Role.PARTNER_MANAGER)
PROGRAM_ANALYST = _of(Role.ANALYST, Role.PROGRAM_MANAGER)
PROGRAM_MANAGER = _of(Role.PROGRAM_MANAGER)
LOGISTICS = _of(Role.LOGISTICS)
OPERATOR = _of(Role.OPERATOR)
SUPPORT = _of(Role.SUPPORT, Role.OPERATOR)
AUDITOR = _of(Role.AUDITOR)
LOOPBACK = Access(loopback=True)
