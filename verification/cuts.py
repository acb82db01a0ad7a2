"""What a decision took off a claim that was read as the programme's: whole lines, or units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Cut:
    """One line of which less was accepted than was read; quantities as the document counts."""

    position: int
    read: Decimal
    accepted: Decimal


def cuts_of(session: Session, claim_id: UUID) -> Sequence[Cut]:
    """In the order of the lines. The database counts them (`claim_cuts`) and asks the same."""
    rows = session.execute(
        sa.text("SELECT line, was, got FROM claim_cuts(:claim) ORDER BY line"), {"claim": claim_id}
    )
    return [Cut(int(line), was, got) for line, was, got in rows]
