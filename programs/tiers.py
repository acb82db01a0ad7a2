"""Levels as they are held: read, and reviewed for everybody once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import Session, col, select

from programs.policy import Ladder
from programs.policy_tiers import review
from programs.rule_tables import RuleVersion
from programs.tier_tables import TierReview, TierStanding


def level_on(session: Session, participant_id: UUID, on: date) -> str:
    """The level that somebody held on a day; empty for none."""
    found = session.exec(
        select(TierStanding.level)
        .where(TierStanding.participant_id == participant_id, TierStanding.since <= on)
        .order_by(col(TierStanding.since).desc())
        .limit(1)
    ).first()
    return found or ""


def levels_on(session: Session, program_id: UUID, on: date) -> dict[UUID, TierStanding]:
    """The newest standing of everybody who ever had a level."""
    return {
        row.participant_id: row
        for row in session.exec(
            select(TierStanding)
            .where(TierStanding.program_id == program_id, TierStanding.since <= on)
            .order_by(col(TierStanding.participant_id), col(TierStanding.since).desc())
            .ext(distinct_on(col(TierStanding.participant_id)))
        )
    }


def history_of(session: Session, participant_id: UUID) -> list[TierStanding]:
    """Every change of somebody's level, the newest first."""
    return list(
        session.exec(
            select(TierStanding)
            .where(TierStanding.participant_id == participant_id)
            .order_by(col(TierStanding.since).desc())
        )
    )


def last_review(session: Session, program_id: UUID) -> date | None:
    """The day of the last review; the row is locked, so that two never run at once."""
    row = session.exec(
        select(TierReview)
        .where(TierReview.program_id == program_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return row.reviewed_on if row is not None else None


def begin_review(session: Session, program_id: UUID, *, today: date) -> date | None:
    """Lock the programme's review. The day of the last one, `None` before the first."""
    session.execute(
        insert(TierReview)
        .values(program_id=program_id, reviewed_on=date.min)
        .on_conflict_do_nothing()
    )
    last = last_review(session, program_id)
    return None if last == date.min or last is None else min(last, today)


def settle_review(
    session: Session,
    *,
    version: RuleVersion,
    ladder: Ladder,
    measured: Mapping[UUID, Decimal],
    last: date | None,
    today: date,
    at: datetime,
) -> list[TierStanding]:
    """Write the changed levels of a review that was begun; what everybody has now is `measured`."""
    held = levels_on(session, version.program_id, today)
    changed = []
    for participant_id in sorted(measured.keys() | held.keys()):
        standing = held.get(participant_id)
        current = standing.level if standing is not None else ""
        amount = measured.get(participant_id, Decimal(0))
        level = review(ladder, current=current, measured=amount, last=last, today=today)
        if level == current or (standing is not None and standing.since == today):
            continue
        changed.append(
            TierStanding(
                program_id=version.program_id,
                participant_id=participant_id,
                level=level,
                since=today,
                measured=max(amount, Decimal(0)),
                rule_version_id=version.id,
                created_at=at,
            )
        )
    session.add_all(changed)
    session.execute(
        sa.update(TierReview)
        .where(col(TierReview.program_id) == version.program_id)
        .values(reviewed_on=today)
    )
    session.flush()
    return changed
