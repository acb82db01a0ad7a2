"""Which claims still hold their document: all but those that ended with nothing paid."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from claims.granted import was_lowered
from claims.states import RELEASED
from claims.tables import Claim, ClaimLine


def living() -> sa.ColumnElement[bool]:
    """Whether a claim counts against others of its document, and corrections take from it.

    An appeal that changed nothing ends a claim of which some lines may stay paid: only a claim
    that ended *and* holds no unit, nor lost one to a correction, is let go.
    """
    paid = (
        sa.select(col(ClaimLine.id))
        .where(
            col(ClaimLine.claim_id) == col(Claim.id),
            # What a correction took may be sold again by the next one.
            sa.or_(col(ClaimLine.quantity_accepted) > 0, was_lowered()),
        )
        .correlate(Claim)
        .exists()
    )
    return sa.or_(col(Claim.status).not_in(list(RELEASED)), paid)
