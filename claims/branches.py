"""Whether the branch that sold keeps a claim from paying."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from core.errors import DomainError, Kind


class Bar(StrEnum):
    """Why no line of a claim may pay; on the day of purchase its programme listed branches."""

    OUT = "out"  # the branch that sold is not among them
    UNKNOWN = "unknown"  # nobody knows yet which branch it was


class BranchOut(DomainError):
    """The branch on the document took no part on the day of purchase."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "branch-out"


class BranchUnknown(DomainError):
    """Which branch sold has to be said first: only some of them take part."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "branch-unknown"


def bar_of(session: Session, claim_id: UUID) -> Bar | None:
    """What the branch says against paying a claim, by the function that guards every award."""
    found = session.execute(sa.select(sa.func.branch_bar(claim_id))).scalar_one()
    return Bar(found) if found is not None else None


def require_branch(session: Session, claim_id: UUID) -> None:
    """Raise `BranchOut` or `BranchUnknown` where the branch keeps a claim from paying."""
    bar = bar_of(session, claim_id)
    if bar is Bar.OUT:
        raise BranchOut
    if bar is Bar.UNKNOWN:
        raise BranchUnknown
