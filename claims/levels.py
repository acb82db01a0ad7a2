"""Levels from what was credited: measured, reviewed for a programme, shown to a participant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from programs import queries, tiers
from programs.policy import Ladder, Measure
from programs.policy_tiers import Progress, progress
from programs.tables import Participant, Program
from programs.tier_tables import TierStanding

_DECIDED_ON: Any = sa.cast(
    sa.func.timezone(sa.literal_column("'Europe/Warsaw'"), col(Claim.decided_at)), sa.Date
)
_SHARE: Any = col(ClaimLine.quantity_accepted) / sa.func.nullif(
    col(ClaimLine.quantity) * col(ClaimLine.units_per_quantity), 0
)
_AMOUNTS: dict[Measure, Any] = {
    Measure.POINTS: sa.func.sum(col(ClaimLine.points)),
    Measure.VALUE: sa.func.sum(
        # As `line_values.worth` counts it.
        sa.func.coalesce(
            col(ClaimLine.line_net_grosze) * _SHARE / sa.literal(100),
            col(ClaimLine.unit_price)
            * col(ClaimLine.quantity_accepted)
            / sa.func.nullif(col(ClaimLine.units_per_quantity), 0),
            0,
        )
    ),
}


def measured(
    session: Session,
    program_id: UUID,
    ladder: Ladder,
    *,
    today: date,
    participant_id: UUID | None = None,
) -> dict[UUID, Decimal]:
    """What was credited to whom in the ladder's days before today, in points or zł."""
    rows = session.execute(
        sa.select(col(Claim.participant_id), _AMOUNTS[ladder.measure])
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(
            col(Claim.program_id) == program_id,
            col(Claim.participant_id) == participant_id if participant_id else sa.true(),
            col(ClaimLine.verdict) == Verdict.APPROVE,
            col(Claim.decided_at).is_not(None),
            today - timedelta(days=ladder.window_days) <= _DECIDED_ON,
            today > _DECIDED_ON,
        )
        .group_by(col(Claim.participant_id))
    )
    return {person: Decimal(amount) for person, amount in rows}


def review_program(session: Session, program: Program, *, at: datetime) -> list[TierStanding]:
    """Today's review of a programme's levels: the changes. A second one the same day finds none."""
    today = local_date(at)
    try:
        version, rules = queries.get_rules_in_force(session, program_id=program.id, on=today)
    except queries.NoRulesInForce:
        return []
    if rules.ladder is None:
        return []
    last = tiers.begin_review(session, program.id, today=today)
    return tiers.settle_review(
        session,
        version=version,
        ladder=rules.ladder,
        measured=measured(session, program.id, rules.ladder, today=today),
        last=last,
        today=today,
        at=at,
    )


def progress_of(
    session: Session, participant: Participant, *, at: datetime
) -> tuple[Ladder, Progress] | None:
    """A participant's level and the way to the next; `None` in programmes without levels."""
    today = local_date(at)
    try:
        _, rules = queries.get_rules_in_force(session, program_id=participant.program_id, on=today)
    except queries.NoRulesInForce:
        return None
    if rules.ladder is None:
        return None
    # What is credited today is shown at once, though it counts from tomorrow.
    amount = measured(
        session,
        participant.program_id,
        rules.ladder,
        today=today + timedelta(days=1),
        participant_id=participant.id,
    ).get(participant.id, Decimal(0))
    level = tiers.level_on(session, participant.id, today)
    return rules.ladder, progress(rules.ladder, level=level, measured=amount)
