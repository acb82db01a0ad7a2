"""What somebody looks at: a programme, days, and the part of it that filters leave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from analytics.periods import Period
from claims.purchase_tables import Purchase
from claims.sent import WAS_SENT
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim, ClaimLine
from partners.tables import Branch
from programs.product_tables import Product

PAID = (ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED, ClaimStatus.OVERTURNED)


class Basis(StrEnum):
    """The day that a unit belongs to. Decisions tie to the ledger; purchases follow the trade."""

    DECIDED = "decided"
    PURCHASED = "purchased"


@dataclass(frozen=True, slots=True)
class Selection:
    """One programme's part; `None` and empty texts leave everything in."""

    program_id: UUID
    period: Period
    partner_id: UUID | None = None
    branch_id: UUID | None = None
    family: str = ""
    product_id: UUID | None = None
    voivodeship: str = ""
    basis: Basis = Basis.DECIDED


def local_day(moment: Any) -> Any:
    """The calendar day in Poland of a column; without parameters, so that it can be grouped by."""
    return sa.cast(sa.func.timezone(sa.literal_column("'Europe/Warsaw'"), moment), sa.Date)


def place_filters(chosen: Selection) -> list[Any]:
    """Conditions on the claim's branch. Needs `Branch` joined where they are not empty."""
    found: list[Any] = []
    if chosen.partner_id is not None:
        found.append(col(Branch.partner_id) == chosen.partner_id)
    if chosen.branch_id is not None:
        found.append(col(Branch.id) == chosen.branch_id)
    if chosen.voivodeship:
        found.append(col(Branch.voivodeship) == chosen.voivodeship)
    return found


def product_filters(chosen: Selection) -> list[Any]:
    """Conditions on a joined product."""
    found: list[Any] = []
    if chosen.family:
        found.append(col(Product.family) == chosen.family)
    if chosen.product_id is not None:
        found.append(col(Product.id) == chosen.product_id)
    return found


def names_products(chosen: Selection) -> Any:
    """Condition: the claim has a line of the chosen products; true when none were chosen."""
    wanted = product_filters(chosen)
    if not wanted:
        return sa.true()
    return (
        sa.select(sa.literal(1))
        .select_from(ClaimLine)
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .where(col(ClaimLine.claim_id) == col(Claim.id), *wanted)
        .exists()
    )


# An approved line stays paid while its claim is appealed; a reversal takes everything back.
IS_ATTRIBUTED = sa.and_(
    col(ClaimLine.verdict) == Verdict.APPROVE,
    col(ClaimLine.quantity_accepted) > 0,
    col(Claim.decided_at).is_not(None),
    col(Claim.status) != ClaimStatus.REVERSED,
)
IS_PAID = sa.or_(col(Claim.status).in_(PAID), col(Claim.points) > 0)
PURCHASED_ON = sa.func.coalesce(col(Purchase.sale_date), col(Purchase.issue_date))


def day_of(chosen: Selection) -> Any:
    """The day of an attributed line by the chosen basis."""
    decided = local_day(col(Claim.decided_at))
    return decided if chosen.basis is Basis.DECIDED else sa.func.coalesce(PURCHASED_ON, decided)


def attributed(chosen: Selection, period: Period, *columns: Any) -> Any:
    """Columns over the attributed lines: approved units of the programme's own products.

    Joined: ClaimLine, Claim, Product, and Branch and Purchase where they are known.
    """
    joined = (
        sa.select(*columns)
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
    )
    within: list[Any]
    if chosen.basis is Basis.DECIDED:
        moment = col(Claim.decided_at)
        within = [moment >= period.starts_at, moment < period.ends_at]
    else:
        joined = joined.outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        within = [day_of(chosen).between(period.first, period.last)]
    return joined.where(
        col(Claim.program_id) == chosen.program_id,
        IS_ATTRIBUTED,
        *within,
        *place_filters(chosen),
        *product_filters(chosen),
    )


def claims_of(chosen: Selection, moment: Any, period: Period, *columns: Any) -> Any:
    """Columns over the programme's claims whose `moment` lies in the period. Joined: Branch."""
    return (
        sa.select(*columns)
        .select_from(Claim)
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
        .where(
            col(Claim.program_id) == chosen.program_id,
            WAS_SENT,
            moment >= period.starts_at,
            moment < period.ends_at,
            *place_filters(chosen),
            names_products(chosen),
        )
    )
