"""What was paid was decided: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.tables import Claim
from verification.tables import Decision


def faults(session: Session) -> list[str]:
    """Claims that have points and of which no decision stands, in words."""
    standing = sa.exists().where(
        col(Decision.claim_id) == col(Claim.id), col(Decision.undone_at).is_(None)
    )
    rows = session.execute(
        sa.select(col(Claim.number), col(Claim.points))
        .where(col(Claim.points) > 0, ~standing)
        .order_by(col(Claim.number))
    )
    return [f"claim {number}: {points} points without a decision" for number, points in rows]
