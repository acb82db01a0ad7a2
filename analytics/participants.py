"""Who takes part: one by one with consent, and in groups of five firms or more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import consent
from analytics.disclosure import FEWEST_FIRMS
from analytics.selection import IS_ATTRIBUTED, Selection, local_day, place_filters, product_filters
from claims.sent import WAS_SENT
from claims.tables import Claim, ClaimLine
from partners.tables import Branch
from programs.product_tables import Product
from programs.tables import Participant


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant in a period. `firm` is empty without consent; so is `voivodeship`."""

    participant_id: UUID
    firm: str
    voivodeship: str
    enrolled_at: datetime
    claims: int
    units: Decimal
    points: int
    last_claim_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody who enrolled in a month, and how many had a decided claim in each later month.

    `active` counts from the month of enrolment; empty for cohorts of fewer than five firms.
    """

    month: date
    firms: int
    size: int
    active: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    enrolled: int
    agreed: int
    active: int
    new: int
    silent: int  # enrolled for 90 days or more, nothing sent in the last 90


def list_participants(
    session: Session, chosen: Selection, *, offset: int = 0, limit: int = 50
) -> list[ParticipantRow]:
    """Participants with consent by units in the period, most first."""
    period = chosen.period
    sums = (
        sa.select(
            col(Claim.participant_id).label("participant_id"),
            sa.func.count(sa.distinct(col(Claim.id))).label("claims"),
            sa.func.sum(col(ClaimLine.quantity_accepted)).label("units"),
            sa.func.sum(col(ClaimLine.points)).label("points"),
        )
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
        .where(
            col(Claim.program_id) == chosen.program_id,
            IS_ATTRIBUTED,
            col(Claim.decided_at) >= period.starts_at,
            col(Claim.decided_at) < period.ends_at,
            *place_filters(chosen),
            *product_filters(chosen),
        )
        .group_by(col(Claim.participant_id))
        .subquery()
    )
    last = (
        sa.select(sa.func.max(col(Claim.submitted_at)))
        .where(col(Claim.participant_id) == col(Participant.id), WAS_SENT)
        .correlate(Participant)
        .scalar_subquery()
    )
    units = sa.func.coalesce(sums.c.units, 0)
    narrowed = bool(place_filters(chosen) or product_filters(chosen))
    query = (
        sa.select(
            col(Participant.id),
            col(Participant.company_name),
            col(Participant.voivodeship),
            col(Participant.enrolled_at),
            sa.func.coalesce(sums.c.claims, 0),
            units,
            sa.func.coalesce(sums.c.points, 0),
            last,
        )
        .select_from(Participant)
        .join(sums, sums.c.participant_id == col(Participant.id), isouter=not narrowed)
        .where(
            col(Participant.program_id) == chosen.program_id,
            col(Participant.left_at).is_(None),
            col(Participant.person_id).in_(consent.agreed(chosen.program_id)),
        )
        .order_by(units.desc(), col(Participant.company_name), col(Participant.id))
        .offset(offset)
        .limit(limit)
    )
    return [ParticipantRow(*row) for row in session.execute(query)]


def counts(session: Session, chosen: Selection, *, now: datetime) -> Counts:
    """How many take part, agreed to be seen, were active, came new, and fell silent."""
    period = chosen.period
    mine = col(Participant.program_id) == chosen.program_id
    active = (
        sa.select(sa.literal(1))
        .where(
            col(Claim.participant_id) == col(Participant.id),
            col(Claim.decided_at) >= period.starts_at,
            col(Claim.decided_at) < period.ends_at,
        )
        .correlate(Participant)
        .exists()
    )
    long_ago = now - sa.func.make_interval(0, 0, 0, 90)
    sent = (
        sa.select(sa.literal(1))
        .where(
            col(Claim.participant_id) == col(Participant.id),
            col(Claim.submitted_at) > long_ago,
            WAS_SENT,
        )
        .correlate(Participant)
        .exists()
    )
    here = col(Participant.left_at).is_(None)
    agreed = col(Participant.person_id).in_(consent.agreed(chosen.program_id))
    enrolled = col(Participant.enrolled_at)
    row = session.execute(
        sa.select(
            sa.func.count().filter(here),
            sa.func.count().filter(here, agreed),
            sa.func.count().filter(active),
            sa.func.count().filter(enrolled >= period.starts_at, enrolled < period.ends_at),
            sa.func.count().filter(here, enrolled < long_ago, sa.not_(sent)),
        )
        .select_from(Participant)
        .where(mine)
    ).one()
    return Counts(*(int(number) for number in row))


def cohorts(session: Session, program_id: UUID, *, today: date, most: int = 12) -> list[Cohort]:
    """The newest `most` months of enrolment; a month of few firms shows its size only."""
    enrolled = _month(col(Participant.enrolled_at)).label("enrolled")
    decided = _month(col(Claim.decided_at)).label("decided")
    sizes = session.execute(
        sa.select(
            enrolled,
            sa.func.count(),
            sa.func.count(sa.distinct(col(Participant.nip))),
        )
        .where(col(Participant.program_id) == program_id)
        .group_by(enrolled)
        .order_by(enrolled.desc())
        .limit(most)
    ).all()
    shown = [row[0] for row in sizes if row[2] >= FEWEST_FIRMS]
    active: dict[tuple[date, date], int] = {
        (row[0], row[1]): int(row[2])
        for row in session.execute(
            sa.select(enrolled, decided, sa.func.count(sa.distinct(col(Claim.participant_id))))
            .select_from(Claim)
            .join(Participant, col(Participant.id) == col(Claim.participant_id))
            .where(
                col(Participant.program_id) == program_id,
                col(Claim.decided_at).is_not(None),
                enrolled.in_(shown),
            )
            .group_by(enrolled, decided)
        )
    }
    return [
        Cohort(
            month=month,
            firms=int(firms),
            size=int(size),
            active=tuple(active.get((month, later), 0) for later in _months(month, today))
            if month in shown
            else (),
        )
        for month, size, firms in sizes
    ]


def _month(moment: Any) -> Any:
    return sa.cast(sa.func.date_trunc(sa.literal_column("'month'"), local_day(moment)), sa.Date)


def _months(first: date, today: date) -> list[date]:
    found: list[date] = []
    month = first
    while month <= today and len(found) < 12:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
