"""Which claims their participants sent: a draft that nobody confirmed never was one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from claims.states import ClaimStatus
from claims.tables import Claim, ClaimEvent

# A draft may end as expired or cancelled; only its events still tell that nobody said it is theirs.
WAS_SENT: sa.ColumnElement[bool] = sa.and_(
    col(Claim.status) != ClaimStatus.DRAFT,
    sa.or_(
        col(Claim.status).not_in([ClaimStatus.EXPIRED, ClaimStatus.CANCELLED]),
        sa.select(sa.literal(1))
        .where(
            col(ClaimEvent.claim_id) == col(Claim.id),
            col(ClaimEvent.status) == ClaimStatus.SUBMITTED,
        )
        .correlate(Claim)
        .exists(),
    ),
)
