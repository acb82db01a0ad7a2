"""Rules tried on what really happened: single past lines, and the last months as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from analytics import past_claims
from analytics.periods import Period
from analytics.rehearsals import parted, withheld_of
from analytics.selection import Basis, Selection, attributed, day_of
from claims import earning
from claims.tables import Claim, ClaimLine
from partners.tables import Branch, Partner
from programs import rule_drafts
from programs.policy import Award, EarningLine, Rules, evaluate
from programs.policy_reach import Reach
from programs.policy_replay import Replay
from programs.product_tables import Product
from programs.tables import Participant

REPLAYED_DAYS = 90
MOST_DAYS = 4


@dataclass(frozen=True, slots=True)
class PastLine:
    """An attributed line as the rules see it, with the points that it really brought."""

    claim_number: str
    sku: str
    product: str
    family: str
    unit: str
    units: Decimal
    purchased_on: date
    partner: str
    partner_nip: str
    points: int
    value: Decimal | None = None  # in zł


@dataclass(frozen=True, slots=True)
class Trial:
    """A past line under other rules, as if it had been bought on `on`."""

    line: PastLine
    on: date
    award: Award


@dataclass(frozen=True, slots=True)
class FamilyResult:
    """`family` is empty for those that too few firms bought, together."""

    family: str
    points: int
    points_then: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The past period, moved to the draft's first day, under the draft. Nothing is written."""

    period: Period
    moved_to: date
    lines: int
    points: int
    points_then: int
    families: tuple[FamilyResult, ...]
    gaining: int
    losing: int
    same: int
    withheld: tuple[str, ...] = ()  # as in `rehearsals.withheld_of`


def past_lines(session: Session, program_id: UUID, *, today: date) -> list[PastLine]:
    """The newest attributed line of each family within a year."""
    chosen = Selection(
        program_id, Period(today - timedelta(days=365), today), basis=Basis.PURCHASED
    )
    query = (
        _lines(chosen)
        .order_by(col(Product.family), col(Claim.decided_at).desc(), col(ClaimLine.position))
        .ext(distinct_on(col(Product.family)))
    )
    return [_past_line(row) for row in session.execute(query)]


def _past_line(row: Sequence[Any]) -> PastLine:
    facts, priced = row[: -len(past_claims.VALUE_COLUMNS)], row[-len(past_claims.VALUE_COLUMNS) :]
    line = PastLine(*facts)
    return replace(line, value=past_claims.value_of(line.units, priced))


def _lines(chosen: Selection) -> Any:
    """Attributed lines with the columns of `PastLine`."""
    return attributed(
        chosen,
        chosen.period,
        col(Claim.number),
        col(Product.sku),
        col(Product.name),
        col(Product.family),
        col(Product.unit),
        col(ClaimLine.quantity_accepted),
        day_of(chosen),
        sa.func.coalesce(col(Partner.short_name), ""),
        sa.func.coalesce(col(Partner.nip), ""),
        col(ClaimLine.points),
        *past_claims.VALUE_COLUMNS,
    ).outerjoin(Partner, col(Partner.id) == col(Branch.partner_id))


def _earned(rules: Rules, line: PastLine, on: date) -> Award:
    return evaluate(
        rules,
        EarningLine(
            sku=line.sku,
            family=line.family,
            units=line.units,
            purchased_on=on,
            partner_nip=line.partner_nip,
            value=line.value,
        ),
    )


def try_on(rules: Rules, line: PastLine, *, valid_from: date) -> list[Trial]:
    """The line on the version's first day, and on the first day of each promotion for it."""
    days = {valid_from}
    for campaign in rules.campaigns:
        covers = campaign.products.covers(sku=line.sku, family=line.family)
        if covers and campaign.ends_on >= valid_from:
            days.add(max(campaign.starts_on, valid_from))
    return [Trial(line, day, _earned(rules, line, day)) for day in sorted(days)]


@dataclass(frozen=True, slots=True)
class ClaimTrial:
    """All own lines of one past claim as if it had been bought on `on`; awards in their order."""

    on: date
    awards: tuple[Award, ...]

    @property
    def points(self) -> int:
        return sum(award.points for award in self.awards)


def past_claim(session: Session, program_id: UUID, *, today: date) -> tuple[PastLine, ...]:
    """The own lines of the newest claim that bought the most families within a year."""
    chosen = Selection(
        program_id, Period(today - timedelta(days=365), today), basis=Basis.PURCHASED
    )
    widest = (
        attributed(chosen, chosen.period, col(Claim.id))
        .group_by(col(Claim.id))
        .order_by(
            sa.func.count(sa.distinct(col(Product.family))).desc(),
            sa.func.max(col(Claim.decided_at)).desc(),
            col(Claim.id),
        )
        .limit(1)
    )
    claim_id = session.execute(widest).scalar_one_or_none()
    if claim_id is None:
        return ()
    lines = _lines(chosen).where(col(Claim.id) == claim_id).order_by(col(ClaimLine.position))
    return tuple(_past_line(row) for row in session.execute(lines))


def try_claim(
    session: Session,
    program_id: UUID,
    lines: Sequence[PastLine],
    rules: Rules,
    *,
    valid_from: date,
) -> list[ClaimTrial]:
    """The whole claim on the version's first day and in the promotions for it, at most four days.

    Level, segments and what was credited earlier are the buyer's own. Nothing is written.
    """
    if not lines:
        return []
    claim = session.exec(
        select(Claim).where(Claim.number == lines[0].claim_number, Claim.program_id == program_id)
    ).one()
    products = {
        product.sku: product
        for product in session.exec(
            select(Product).where(
                Product.program_id == program_id,
                col(Product.sku).in_({line.sku for line in lines}),
            )
        )
    }
    bought = [earning.Bought(products[line.sku], line.units, line.value) for line in lines]
    days = sorted(
        {trial.on for line in lines for trial in try_on(rules, line, valid_from=valid_from)}
    )
    found = []
    for day in days[:MOST_DAYS]:
        judged = earning.judge(
            session,
            participant=session.get_one(Participant, claim.participant_id),
            rules=rules,
            purchased_on=day,
            partner_nip=lines[0].partner_nip,
            bought=bought,
            claim_id=claim.id,
        )
        found.append(ClaimTrial(day, tuple(one.award for one in judged)))
    return found


def rehearse(
    session: Session, program_id: UUID, *, rules: Rules, valid_from: date, today: date
) -> Rehearsal:
    """The last 90 days as if they began on the draft's first day."""
    in_force = rule_drafts.find_in_force(session, program_id=program_id, on=today)
    before = rule_drafts.rules_of(in_force) if in_force is not None else None
    firm_of = past_claims.firms_of(session, program_id).__getitem__
    period = Period(today - timedelta(days=REPLAYED_DAYS), today - timedelta(days=1))
    made = Replay(rules, past_claims.segments_of(session, program_id), Reach(rules, before))
    days = (valid_from - period.first).days
    for claim in past_claims.stream(session, program_id, period=period, days=days):
        made.add(claim)
    changes = made.changes.values()
    return Rehearsal(
        period=period,
        moved_to=valid_from,
        lines=made.lines,
        points=made.points,
        points_then=made.points_then,
        families=tuple(
            FamilyResult(*row) for row in parted(made.families, made.family_people, firm_of)
        ),
        gaining=sum(change > 0 for change in changes),
        losing=sum(change < 0 for change in changes),
        same=sum(change == 0 for change in changes),
        withheld=tuple(withheld_of(made, firm_of)),
    )
