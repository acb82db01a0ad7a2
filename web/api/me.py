"""Who am I, for programs."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from web.access import ANYONE_SIGNED_IN, ApiRouter
from web.deps import CurrentViewer

router = ApiRouter(area="", access=ANYONE_SIGNED_IN)


class GrantOut(BaseModel):
    """A role and the place it is held in."""

    role: str
    scope: str


class MeOut(BaseModel):
    """The person or key behind this request."""

    id: UUID
    name: str
    language: str
    grants: list[GrantOut]
    permissions: list[str]


@router.get("/me")
def me(viewer: CurrentViewer) -> MeOut:
    """Who the session or key stands for and what it may do."""
    return MeOut(
        id=viewer.id,
        name=viewer.name,
        language=viewer.language,
        grants=[GrantOut(role=g.role.value, scope=g.scope) for g in sorted(viewer.grants)],
        permissions=sorted(viewer.permissions),
    )
