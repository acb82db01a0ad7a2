"""How each wholesaler decides: how fast, whether promises are kept, how much is put right later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.selection import IS_PAID, Selection
from claims.tables import Claim
from partners.tables import Branch, Partner
from verification.conversation_tables import FieldCorrection
from verification.tables import Decision, Review, ReviewStatus

# A branch stands out when its approvals are this far from the programme's, on enough decisions.
OUTLYING_SHARE = 0.15
FEWEST_DECISIONS = 20


@dataclass(frozen=True, slots=True)
class BranchQuality:
    """One branch in a period, by the day of the decision.

    `kept` of `promised` decisions by people came before their promised time; `undone` decisions
    were taken back; `corrected` fields were put right by a clerk. `waiting` is now.
    """

    partner_id: UUID
    partner: str
    branch_id: UUID
    branch: str
    city: str
    decided: int
    paid: int
    median_s: float | None
    p95_s: float | None
    promised: int
    kept: int
    undone: int
    corrected: int
    waiting: int
    overdue: int

    @property
    def approval(self) -> float | None:
        return self.paid / self.decided if self.decided else None

    @property
    def kept_share(self) -> float | None:
        return self.kept / self.promised if self.promised else None


def branch_quality(session: Session, chosen: Selection, *, now: datetime) -> list[BranchQuality]:
    """Every branch that decided in the period or has something waiting, most decisions first."""
    period = chosen.period
    waited = sa.extract("epoch", col(Claim.decided_at) - col(Claim.submitted_at))
    decided = (
        sa.select(
            col(Claim.branch_id).label("branch_id"),
            sa.func.count().label("decided"),
            sa.func.count().filter(IS_PAID).label("paid"),
            sa.func.percentile_cont(0.5).within_group(waited).label("median_s"),
            sa.func.percentile_cont(0.95).within_group(waited).label("p95_s"),
        )
        .where(
            col(Claim.program_id) == chosen.program_id,
            col(Claim.decided_at) >= period.starts_at,
            col(Claim.decided_at) < period.ends_at,
        )
        .group_by(col(Claim.branch_id))
        .subquery()
    )
    decisions = (
        sa.select(
            col(Claim.branch_id).label("branch_id"),
            sa.func.count()
            .filter(sa.not_(col(Decision.automatic)), col(Decision.undone_at).is_(None))
            .label("promised"),
            sa.func.count()
            .filter(
                sa.not_(col(Decision.automatic)),
                col(Decision.undone_at).is_(None),
                col(Decision.decided_at) <= col(Review.due_at),
            )
            .label("kept"),
            sa.func.count().filter(col(Decision.undone_at).is_not(None)).label("undone"),
        )
        .select_from(Decision)
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .outerjoin(Review, col(Review.id) == col(Decision.review_id))
        .where(
            col(Claim.program_id) == chosen.program_id,
            col(Decision.decided_at) >= period.starts_at,
            col(Decision.decided_at) < period.ends_at,
        )
        .group_by(col(Claim.branch_id))
        .subquery()
    )
    corrections = (
        sa.select(col(Claim.branch_id).label("branch_id"), sa.func.count().label("corrected"))
        .select_from(FieldCorrection)
        .join(Claim, col(Claim.id) == col(FieldCorrection.claim_id))
        .where(
            col(Claim.program_id) == chosen.program_id,
            col(FieldCorrection.at) >= period.starts_at,
            col(FieldCorrection.at) < period.ends_at,
        )
        .group_by(col(Claim.branch_id))
        .subquery()
    )
    open_statuses = (ReviewStatus.OPEN, ReviewStatus.POSTPONED)
    waiting = (
        sa.select(
            col(Review.branch_id).label("branch_id"),
            sa.func.count().label("waiting"),
            sa.func.count().filter(col(Review.due_at) < now).label("overdue"),
        )
        .where(col(Review.program_id) == chosen.program_id, col(Review.status).in_(open_statuses))
        .group_by(col(Review.branch_id))
        .subquery()
    )
    conditions = [
        sa.or_(decided.c.decided.is_not(None), waiting.c.waiting.is_not(None)),
    ]
    if chosen.partner_id is not None:
        conditions.append(col(Partner.id) == chosen.partner_id)
    if chosen.branch_id is not None:
        conditions.append(col(Branch.id) == chosen.branch_id)
    if chosen.voivodeship:
        conditions.append(col(Branch.voivodeship) == chosen.voivodeship)
    nothing = sa.literal(0)
    rows = session.execute(
        sa.select(
            col(Partner.id),
            col(Partner.short_name),
            col(Branch.id),
            col(Branch.name),
            col(Branch.city),
            sa.func.coalesce(decided.c.decided, nothing),
            sa.func.coalesce(decided.c.paid, nothing),
            decided.c.median_s,
            decided.c.p95_s,
            sa.func.coalesce(decisions.c.promised, nothing),
            sa.func.coalesce(decisions.c.kept, nothing),
            sa.func.coalesce(decisions.c.undone, nothing),
            sa.func.coalesce(corrections.c.corrected, nothing),
            sa.func.coalesce(waiting.c.waiting, nothing),
            sa.func.coalesce(waiting.c.overdue, nothing),
        )
        .select_from(Branch)
        .join(Partner, col(Partner.id) == col(Branch.partner_id))
        .outerjoin(decided, decided.c.branch_id == col(Branch.id))
        .outerjoin(decisions, decisions.c.branch_id == col(Branch.id))
        .outerjoin(corrections, corrections.c.branch_id == col(Branch.id))
        .outerjoin(waiting, waiting.c.branch_id == col(Branch.id))
        .where(*conditions)
        .order_by(sa.func.coalesce(decided.c.decided, nothing).desc(), col(Branch.name))
    )
    return [BranchQuality(*row) for row in rows]


def outlying(branch: BranchQuality, *, approval: float | None) -> bool:
    """Whether a branch approves far more or far less than the programme as a whole."""
    if approval is None or branch.approval is None or branch.decided < FEWEST_DECISIONS:
        return False
    return abs(branch.approval - approval) > OUTLYING_SHARE
