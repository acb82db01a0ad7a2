"""The claims behind a figure, as a list and as its sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.selection import (
    IS_ATTRIBUTED,
    Basis,
    Selection,
    day_of,
    names_products,
    place_filters,
    product_filters,
)
from claims.purchase_tables import Purchase
from claims.sent import WAS_SENT
from claims.states import DECIDED, OPEN, ClaimStatus
from claims.tables import Channel, Claim, ClaimLine
from partners.tables import Branch, Partner
from programs.product_tables import Product


class Show(StrEnum):
    """Which of the claims: the steps of the funnel and the outcomes."""

    ALL = ""
    READ = "read"
    MATCHED = "matched"
    OPEN = "open"
    DECIDED = "decided"
    PAID = "paid"
    REFUSED = "refused"


class Moment(StrEnum):
    """Which moment of a claim lies in the period."""

    SUBMITTED = "submitted"
    DECIDED = "decided"
    PURCHASED = "purchased"


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim in the list; units and points are those of the chosen products."""

    claim_id: UUID
    number: str
    status: ClaimStatus
    channel: Channel
    submitted_at: datetime
    decided_at: datetime | None
    partner: str
    branch: str
    participant_id: UUID
    units: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class Totals:
    claims: int
    units: Decimal
    points: int


def _own(chosen: Selection, column: Any) -> Any:
    """The sum of a column over a claim's attributed lines of the chosen products."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(column), 0))
        .select_from(ClaimLine)
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .where(col(ClaimLine.claim_id) == col(Claim.id), IS_ATTRIBUTED, *product_filters(chosen))
        .correlate(Claim)
        .scalar_subquery()
    )


def _has_line(*conditions: Any) -> Any:
    return (
        sa.select(sa.literal(1))
        .select_from(ClaimLine)
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .where(col(ClaimLine.claim_id) == col(Claim.id), *conditions)
        .correlate(Claim)
        .exists()
    )


def _shown(show: Show, chosen: Selection) -> list[Any]:
    any_line = (
        sa.select(sa.literal(1))
        .where(col(ClaimLine.claim_id) == col(Claim.id))
        .correlate(Claim)
        .exists()
    )
    paid = _has_line(IS_ATTRIBUTED, *product_filters(chosen))
    decided = col(Claim.decided_at).is_not(None)
    match show:
        case Show.READ:
            return [sa.or_(col(Claim.purchase_id).is_not(None), any_line)]
        case Show.MATCHED:
            return [_has_line(*product_filters(chosen))]
        case Show.OPEN:
            return [col(Claim.status).in_(OPEN)]
        case Show.DECIDED:
            return [decided, col(Claim.status).in_(DECIDED)]
        case Show.PAID:
            return [paid]
        case Show.REFUSED:
            # Of chosen products: what was claimed of them and not credited.
            return [decided, sa.not_(paid), names_products(chosen)]
    return [names_products(chosen)]


def _claims(chosen: Selection, show: Show, moment: Moment, *columns: Any) -> Any:
    period = chosen.period
    found = (
        sa.select(*columns)
        .select_from(Claim)
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
        .outerjoin(Partner, col(Partner.id) == col(Branch.partner_id))
    )
    within: list[Any]
    if moment is Moment.PURCHASED:
        found = found.outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        by_purchase = Selection(chosen.program_id, period, basis=Basis.PURCHASED)
        within = [day_of(by_purchase).between(period.first, period.last)]
    else:
        at = col(Claim.decided_at if moment is Moment.DECIDED else Claim.submitted_at)
        within = [at >= period.starts_at, at < period.ends_at]
    return found.where(
        col(Claim.program_id) == chosen.program_id,
        WAS_SENT,
        *within,
        *place_filters(chosen),
        *_shown(show, chosen),
    )


def list_claims(
    session: Session,
    chosen: Selection,
    *,
    show: Show = Show.ALL,
    moment: Moment = Moment.SUBMITTED,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ListedClaim]:
    """The claims of a selection, newest first, sent before the cursor `before`."""
    query = _claims(
        chosen,
        show,
        moment,
        col(Claim.id),
        col(Claim.number),
        col(Claim.status),
        col(Claim.channel),
        col(Claim.submitted_at),
        col(Claim.decided_at),
        sa.func.coalesce(col(Partner.short_name), ""),
        sa.func.coalesce(col(Branch.name), ""),
        col(Claim.participant_id),
        _own(chosen, col(ClaimLine.quantity_accepted)),
        _own(chosen, col(ClaimLine.points)),
    )
    if before is not None:
        query = query.where(
            sa.tuple_(col(Claim.submitted_at), col(Claim.id)) < sa.tuple_(*map(sa.literal, before))
        )
    newest_first = query.order_by(col(Claim.submitted_at).desc(), col(Claim.id).desc())
    return [ListedClaim(*row) for row in session.execute(newest_first.limit(limit))]


def totals(session: Session, chosen: Selection, *, show: Show, moment: Moment) -> Totals:
    """What the whole list adds up to; ties to the figure that led here."""
    each = _claims(
        chosen,
        show,
        moment,
        _own(chosen, col(ClaimLine.quantity_accepted)).label("units"),
        _own(chosen, col(ClaimLine.points)).label("points"),
    ).subquery()
    number, units, points = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(each.c.units), 0),
            sa.func.coalesce(sa.func.sum(each.c.points), 0),
        ).select_from(each)
    ).one()
    return Totals(int(number), Decimal(units), int(points))
