"""Credited claims as the replay of rules needs them, streamed in the order of their decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from analytics.periods import Period
from analytics.selection import IS_ATTRIBUTED, local_day
from claims.earning import purchase_day
from claims.line_values import worth
from claims.purchase_tables import Purchase
from claims.tables import Claim, ClaimLine
from core.money import to_amount
from partners.tables import Branch, Partner
from programs import product_history, segments
from programs.policy_replay import PastClaim, PastLine, SegmentsOf, shifted
from programs.policy_segments import Person
from programs.product_history import DayFacts
from programs.product_tables import Product
from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant

CHUNK = 1_000
# What `value_of` needs of a line, in its order.
VALUE_COLUMNS = (
    col(ClaimLine.quantity),
    col(ClaimLine.units_per_quantity),
    col(ClaimLine.line_net_grosze),
    col(ClaimLine.unit_price),
)


def value_of(units: Decimal, priced: Sequence[Any]) -> Decimal | None:
    """What so many units of a credited line cost, in zł, as claims are judged by it."""
    quantity, factor, net, unit_price = priced
    return worth(
        units,
        quantity=quantity,
        factor=factor,
        net=to_amount(net) if net is not None else None,
        unit_price=unit_price,
    )


def extent(session: Session, program_id: UUID) -> tuple[int, date | None]:
    """How many credited claims there are, and the first day of purchase among them."""
    count, first = session.execute(
        sa.select(sa.func.count(sa.distinct(col(Claim.id))), sa.func.min(purchase_day()))
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .where(
            col(Claim.program_id) == program_id,
            IS_ATTRIBUTED,
            col(ClaimLine.product_id).is_not(None),
        )
    ).one()
    return int(count), first


def stream(
    session: Session,
    program_id: UUID,
    *,
    years: int = 0,
    period: Period | None = None,
    days: int = 0,
) -> Iterator[PastClaim]:
    """Every credited claim, or those bought in a period, moved by whole years or by days.

    Rules judge a purchase by what the product is on its day: here on the day that it is moved to.
    Pages of claims, then their lines: each query is short however long the history is.
    """

    def moved(day: date) -> date:
        return shifted(day, years) + timedelta(days=days)

    after: tuple[Any, ...] | None = None
    while page := _page(session, program_id, after, period):
        lines = _lines(session, {row[0]: moved(row[4]) for row in page})
        for claim_id, _, participant, decided_on, purchased_on, nip in page:
            if claim_id in lines:
                yield PastClaim(
                    participant=participant,
                    decided_on=moved(decided_on),
                    purchased_on=moved(purchased_on),
                    partner_nip=nip,
                    lines=tuple(lines[claim_id]),
                )
        after = (page[-1][1], page[-1][0])


def _page(
    session: Session, program_id: UUID, after: tuple[Any, ...] | None, period: Period | None
) -> Sequence[Any]:
    """The next decided claims: id, moment, participant, both days, the seller's number."""
    key = sa.tuple_(col(Claim.decided_at), col(Claim.id))
    query = (
        sa.select(
            col(Claim.id),
            col(Claim.decided_at),
            col(Claim.participant_id),
            local_day(col(Claim.decided_at)),
            purchase_day(),
            sa.func.coalesce(col(Partner.nip), ""),
        )
        .select_from(Claim)
        .outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
        .outerjoin(Partner, col(Partner.id) == col(Branch.partner_id))
        .where(col(Claim.program_id) == program_id, col(Claim.decided_at).is_not(None))
        .order_by(col(Claim.decided_at), col(Claim.id))
        .limit(CHUNK)
    )
    if after is not None:
        query = query.where(key > sa.tuple_(*map(sa.literal, after)))
    if period is not None:
        query = query.where(purchase_day().between(period.first, period.last))
    return session.execute(query).all()


def _lines(session: Session, days: Mapping[UUID, date]) -> dict[UUID, list[PastLine]]:
    """The credited lines of claims, by claim; `days` are those by which they are judged."""
    rows = session.execute(
        sa.select(
            col(ClaimLine.claim_id),
            col(Product.id),
            col(Product.sku),
            col(Product.family),
            col(Product.unit),
            col(ClaimLine.quantity_accepted),
            col(ClaimLine.points),
            *VALUE_COLUMNS,
        )
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .where(
            col(ClaimLine.claim_id).in_(days),
            IS_ATTRIBUTED,
            # As claims are judged: a product counts on its own days only.
            sa.func.coalesce(col(Product.eligible_from) <= purchase_day(), True),
            sa.func.coalesce(purchase_day() <= col(Product.eligible_to), True),
        )
        .order_by(col(ClaimLine.claim_id), col(ClaimLine.position))
    ).all()
    past = product_history.past_of(session, {row[1] for row in rows})
    found: dict[UUID, list[PastLine]] = {}
    for claim_id, product_id, *known, units, points, quantity, factor, net, price in rows:
        facts = past.on(product_id, DayFacts(*known), day=days[claim_id])
        value = value_of(units, (quantity, factor, net, price))
        line = PastLine(facts.sku, facts.family, units, points, value)
        found.setdefault(claim_id, []).append(line)
    return found


def firms_of(session: Session, program_id: UUID) -> dict[UUID, str]:
    """The firm of each participant, by its tax number: several people of one are one firm."""
    rows = session.execute(
        sa.select(col(Participant.id), col(Participant.nip)).where(
            col(Participant.program_id) == program_id
        )
    )
    return {participant_id: nip for participant_id, nip in rows}


def segments_of(session: Session, program_id: UUID) -> SegmentsOf:
    """Who belongs where, loaded once. Lists count with the people who stand on them today."""
    known = [
        (segment, segments.conditions_of(segment))
        for segment in session.exec(select(Segment).where(Segment.program_id == program_id))
    ]
    listed: dict[UUID, set[UUID]] = {}
    for segment_id, participant_id in session.execute(
        sa.select(col(SegmentMember.segment_id), col(SegmentMember.participant_id)).where(
            col(SegmentMember.until).is_(None)
        )
    ):
        listed.setdefault(segment_id, set()).add(participant_id)
    people = session.exec(select(Participant).where(Participant.program_id == program_id)).all()
    firm_sizes: dict[str, int] = {}
    for one in people:
        firm_sizes[one.nip] = firm_sizes.get(one.nip, 0) + (one.left_at is None)
    facts = {
        one.id: (one.voivodeship, str(one.relation), max(firm_sizes[one.nip], 1)) for one in people
    }

    def found(participant_id: UUID, on: date, tier: str) -> frozenset[str]:
        del on
        voivodeship, relation, colleagues = facts[participant_id]
        person = Person(
            voivodeship=voivodeship, relation=relation, colleagues=colleagues, tier=tier
        )
        return frozenset(
            segment.key
            for segment, conditions in known
            if (
                conditions.admit(person)
                if conditions is not None
                else participant_id in listed.get(segment.id, ())
            )
        )

    return found
