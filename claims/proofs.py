"""What claims say of points and units is what the ledger and the papers say: for `verify`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.purchase_tables import PurchaseLine
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from points.tables import PointLot


def faults(session: Session) -> list[str]:
    """Every claim or row of a paper that does not add up, in words. Reads all of them."""
    return [*_lines(session), *_awards(session), *_units(session)]


def _lines(session: Session) -> list[str]:
    """A claim has the points of its lines."""
    summed: Any = (
        sa.select(col(ClaimLine.claim_id), sa.func.sum(col(ClaimLine.points)).label("points"))
        .group_by(col(ClaimLine.claim_id))
        .subquery()
    )
    there = sa.func.coalesce(summed.c.points, 0)
    rows = session.execute(
        sa.select(col(Claim.number), col(Claim.points), there)
        .join_from(Claim, summed, summed.c.claim_id == col(Claim.id), isouter=True)
        .where(col(Claim.points) != there)
        .order_by(col(Claim.number))
    )
    return [f"claim {number}: {shown} points, its lines {lines}" for number, shown, lines in rows]


def _awards(session: Session) -> list[str]:
    """A claim has the points that the ledger awarded to it, less what was taken back."""
    parts = sa.func.split_part(col(PointLot.reference), ":", 2)
    awarded: Any = (
        sa.select(
            parts.label("claim"),
            sa.func.sum(col(PointLot.points) - col(PointLot.taken_back)).label("points"),
        )
        .where(col(PointLot.reference).like("claim:%:award%"))
        .group_by(parts)
        .subquery()
    )
    there = sa.func.coalesce(awarded.c.points, 0)
    rows = session.execute(
        sa.select(col(Claim.number), col(Claim.points), there)
        .join_from(Claim, awarded, awarded.c.claim == sa.cast(col(Claim.id), sa.Text), isouter=True)
        .where(col(Claim.points) != there)
        .order_by(col(Claim.number))
    )
    return [f"claim {number}: {shown} points, awarded {given}" for number, shown, given in rows]


def _units(session: Session) -> list[str]:
    """The units that a row of a paper says are paid are those of the lines that were approved."""
    accepted: Any = (
        sa.select(
            col(ClaimLine.purchase_line_id).label("row"),
            sa.func.sum(col(ClaimLine.quantity_accepted)).label("units"),
        )
        .where(col(ClaimLine.verdict) == Verdict.APPROVE)
        .group_by(col(ClaimLine.purchase_line_id))
        .subquery()
    )
    there = sa.func.coalesce(accepted.c.units, 0)
    rows = session.execute(
        sa.select(
            col(PurchaseLine.purchase_id),
            col(PurchaseLine.position),
            col(PurchaseLine.quantity_accepted),
            there,
        )
        .join_from(PurchaseLine, accepted, accepted.c.row == col(PurchaseLine.id), isouter=True)
        .where(col(PurchaseLine.quantity_accepted) != there)
        .order_by(col(PurchaseLine.purchase_id), col(PurchaseLine.position))
    )
    return [
        f"purchase {purchase} row {position}: {shown} units paid, lines {lines}"
        for purchase, position, shown, lines in rows
    ]
