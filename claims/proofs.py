"""What claims say of points and units is what the ledger and the papers say: for `verify`."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import holder_proofs, paid_proofs, paper_proofs
from claims.keys import key_texts
from claims.purchase_tables import Purchase, PurchaseKey, PurchaseLine
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from points.tables import PointLot
from programs.budget_tables import BudgetUse
from programs.policy import Every

_PAID = sa.text(
    "SELECT c.program_id, (l.rule_facts ->> 'purchased_on')::date, sum(l.points)"
    " FROM claim_line l JOIN claim c ON c.id = l.claim_id"
    " WHERE l.points > 0 AND l.rule_facts <> '{}' GROUP BY 1, 2"
)


def faults(session: Session) -> list[str]:
    """Every claim or row of a paper that does not add up, in words. Reads all of them."""
    return [
        *_lines(session),
        *_awards(session),
        *_units(session),
        *_budgets(session),
        *_keys(session),
        *paper_proofs.faults(session),
        *holder_proofs.faults(session),
        *paid_proofs.faults(session),
    ]


def _budgets(session: Session) -> list[str]:
    """What a budget says is given is what living lines have for purchases of its stretch."""
    given: Counter[tuple[UUID, str]] = Counter()
    for program_id, day, points in session.execute(_PAID):
        for every in Every:
            given[program_id, every.key(day)] += int(points)
    shown = {(use.program_id, use.stretch): use.used for use in session.exec(select(BudgetUse))}
    return [
        f"budget of {program} in {stretch}: {used} used, lines {found}"
        for (program, stretch), used in sorted(shown.items(), key=str)
        if (found := given[program, stretch]) != used
    ]


def _keys(session: Session) -> list[str]:
    """Each key that a paid purchase was made with keeps other papers away, whoever's it became."""
    paid = select(Purchase).where(
        sa.exists().where(col(Claim.purchase_id) == col(Purchase.id), col(Claim.points) > 0)
    )
    there = set(session.execute(sa.select(col(PurchaseKey.program_id), col(PurchaseKey.key))))
    return [
        f"purchase {one.id}: its key {text.partition(':')[0]} is missing"
        for one in session.exec(paid.order_by(col(Purchase.id)))
        for _, text in key_texts(one.model_dump())
        if (one.program_id, text) not in there
    ]


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
