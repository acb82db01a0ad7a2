"""The figures of the first page: per day and for the whole period, in few passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.periods import Period
from analytics.selection import (
    IS_PAID,
    Selection,
    attributed,
    claims_of,
    day_of,
    local_day,
)
from claims.tables import Claim, ClaimLine
from programs.tables import Participant
from verification.tables import Decision


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in a stretch of time.

    Units and points belong to the selection's basis; `submitted` counts by the day of sending,
    everything else by the day of the decision. `median_s` is calendar time from one to the other.
    """

    units: Decimal = Decimal(0)
    points: int = 0
    submitted: int = 0
    decided: int = 0
    paid: int = 0
    automatic: int = 0
    median_s: float | None = None
    participants: int = 0
    firms: int = 0

    @property
    def approval(self) -> float | None:
        return self.paid / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Course:
    """A period's figures as a whole and by day; days without anything are missing."""

    period: Period
    whole: Figures
    by_day: dict[date, Figures] = field(default_factory=dict)


def course(session: Session, chosen: Selection, period: Period) -> Course:
    """Everything the tiles and the daily chart say of one period."""
    rows: dict[date | None, dict[str, Any]] = {}
    for found in (
        _lines(session, chosen, period),
        _decided(session, chosen, period),
        _submitted(session, chosen, period),
    ):
        for day, values in found:
            rows.setdefault(day, {}).update(values)
    return Course(
        period=period,
        whole=Figures(**rows.pop(None, {})),
        by_day={day: Figures(**values) for day, values in rows.items() if day is not None},
    )


Found = list[tuple[date | None, dict[str, Any]]]


def _by_day_and_whole(query: Any, day: Any) -> Any:
    """Group by day and by nothing at once; the row of the whole has no day."""
    return query.group_by(sa.func.grouping_sets(sa.tuple_(day), sa.tuple_()))


def _lines(session: Session, chosen: Selection, period: Period) -> Found:
    day = day_of(chosen).label("day")
    query = attributed(
        chosen,
        period,
        day,
        sa.func.coalesce(sa.func.sum(col(ClaimLine.quantity_accepted)), 0),
        sa.func.coalesce(sa.func.sum(col(ClaimLine.points)), 0),
    )
    rows = session.execute(_by_day_and_whole(query, day))
    return [(row[0], {"units": Decimal(row[1]), "points": int(row[2])}) for row in rows]


def _decided(session: Session, chosen: Selection, period: Period) -> Found:
    moment = col(Claim.decided_at)
    day = local_day(moment).label("day")
    waited = sa.extract("epoch", moment - col(Claim.submitted_at))
    automatic = (
        sa.select(col(Decision.id))
        .where(
            col(Decision.claim_id) == col(Claim.id),
            col(Decision.undone_at).is_(None),
            col(Decision.automatic),
        )
        .exists()
    )
    query = claims_of(
        chosen,
        moment,
        period,
        day,
        sa.func.count(),
        sa.func.count().filter(IS_PAID),
        sa.func.count().filter(automatic),
        sa.func.percentile_cont(0.5).within_group(waited),
        sa.func.count(sa.distinct(col(Claim.participant_id))),
        sa.func.count(sa.distinct(col(Participant.nip))),
    ).join(Participant, col(Participant.id) == col(Claim.participant_id))
    names = ("decided", "paid", "automatic", "median_s", "participants", "firms")
    return [
        (row[0], dict(zip(names, row[1:], strict=True)))
        for row in session.execute(_by_day_and_whole(query, day))
    ]


def _submitted(session: Session, chosen: Selection, period: Period) -> Found:
    moment = col(Claim.submitted_at)
    day = local_day(moment).label("day")
    query = claims_of(chosen, moment, period, day, sa.func.count())
    return [
        (row[0], {"submitted": int(row[1])})
        for row in session.execute(_by_day_and_whole(query, day))
    ]


def enrolled(session: Session, chosen: Selection) -> int:
    """Participants of the programme at the end of the period."""
    ends_at = chosen.period.ends_at
    return int(
        session.execute(
            sa.select(sa.func.count())
            .select_from(Participant)
            .where(
                col(Participant.program_id) == chosen.program_id,
                col(Participant.enrolled_at) < ends_at,
                sa.or_(col(Participant.left_at).is_(None), col(Participant.left_at) >= ends_at),
            )
        ).scalar_one()
    )


def nearest_day(session: Session, chosen: Selection) -> date | None:
    """The newest day with attributed units anywhere: where to look when a period is empty."""
    everywhere = Period(date(2000, 1, 1), date(2999, 12, 31))
    found: date | None = session.execute(
        attributed(chosen, everywhere, sa.func.max(day_of(chosen)))
    ).scalar_one()
    return found
