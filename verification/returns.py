"""Units of a document line come back: no longer payable, and paid ones cost their points.

Lock order: correction → claims in order → purchase lines in order → ledger accounts → audit head.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import paper
from claims.correction_tables import Correction, CorrectionLine
from claims.purchase_tables import PurchaseLine
from claims.states import RELEASED, ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from points import reversals
from programs import budgets
from verification.judging import award_reference
from verification.kept_points import kept_of

_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Return:
    """So much of a purchase's line came back, in the document's unit; negative: more was sold."""

    purchase_id: UUID
    position: int
    printed: Decimal


def apply(session: Session, correction: Correction, back: Return, *, at: datetime) -> list[Claim]:
    """Take a return out of a line; the claims whose points changed, locked by the caller."""
    line = _line_of(session, back)
    if line is None:
        return []  # Nobody claims this line: there is nothing to take.
    claimed, factor = line
    stored = _lock(session, claimed, back, factor)
    units = (abs(back.printed) * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
    if back.printed < 0:
        # More was sold: free units for another claim, no points by themselves.
        stored.quantity_sold = stored.quantity_sold + units
        stored.quantity_raised = stored.quantity_raised + units
        session.add(stored)
        _note(session, correction, back, at=at)
        return []
    returned = min(stored.quantity_returned + units, stored.quantity_sold)
    over = max(Decimal(0), stored.quantity_accepted - (stored.quantity_sold - returned))
    stored.quantity_accepted = stored.quantity_accepted - over
    stored.quantity_returned = returned
    stored.printed_returned = stored.printed_returned + back.printed
    session.add(stored)
    session.flush()
    if not over:
        _note(session, correction, back, at=at)
        return []
    return _reverse(session, correction, back, stored, over, at)


def _line_of(session: Session, back: Return) -> tuple[ClaimLine, Decimal] | None:
    """The line of the claim that numbers the rows, and the factor by which the row was paid."""
    claim = paper.fullest_claim(session, back.purchase_id, tuple(RELEASED))
    if claim is None:
        return None
    found = session.exec(
        select(ClaimLine).where(ClaimLine.claim_id == claim.id, ClaimLine.position == back.position)
    ).first()
    if found is None:
        return None
    row = paper.rows_of(session, back.purchase_id, claim.id).get(back.position)
    paid: Decimal | None = None
    if row is not None:
        paid = session.execute(
            sa.select(col(ClaimLine.units_per_quantity)).where(
                col(ClaimLine.purchase_line_id) == row.id, col(ClaimLine.quantity_accepted) > 0
            )
        ).scalar()
    return found, paid or found.units_per_quantity


def _lock(session: Session, line: ClaimLine, back: Return, factor: Decimal) -> PurchaseLine:
    """The purchase's row, opened if nothing of it was judged yet, and locked."""
    paper.lock(session, back.purchase_id)
    line_id = paper.open_row(
        session,
        purchase_id=back.purchase_id,
        line=line,
        sold=max(((line.quantity or Decimal(0)) * factor).quantize(_DIGITS), Decimal(0)),
    )
    return session.exec(
        select(PurchaseLine)
        .where(PurchaseLine.id == line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _reverse(
    session: Session,
    correction: Correction,
    back: Return,
    stored: PurchaseLine,
    over: Decimal,
    at: datetime,
) -> list[Claim]:
    """Take the paid units from whoever was paid last, with exactly their points."""
    left, touched = over, []
    paid = session.exec(
        select(ClaimLine, Claim)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(ClaimLine.purchase_line_id == stored.id, col(ClaimLine.quantity_accepted) > 0)
        .order_by(col(Claim.decided_at).desc(), col(Claim.id).desc())
    ).all()
    for line, claim in paid:
        if not left:
            break
        assert line.quantity_accepted is not None
        taken = min(left, line.quantity_accepted)
        left = left - taken
        kept = kept_of(session, line, units=line.quantity_accepted - taken)
        lost = line.points - kept.points
        number, debt = _next_number(session, correction), 0
        budgets.give_back(
            session, program_id=claim.program_id, rule_facts=line.rule_facts, points=lost
        )
        if lost:
            debt = reversals.reverse(
                session,
                of=award_reference(session, line),
                reference=f"correction:{correction.id}:line:{number}",
                points=lost,
                at=at,
            ).to_debt
        _note(
            session, correction, back, number=number, claim=claim, line=line,
            units=taken, points=lost, to_debt=debt, at=at,
        )  # fmt: skip
        line.quantity_accepted = line.quantity_accepted - taken
        line.points, line.explanation = kept.points, kept.steps
        if not line.quantity_accepted:
            line.verdict, line.reason = Verdict.REJECT, ReasonCode.RETURNED_GOODS
        session.add(line)
        touched.append(claim)
    session.flush()
    assert not left, "more units were accepted than any claim was paid for"
    return touched


def _next_number(session: Session, correction: Correction) -> int:
    last = session.execute(
        sa.select(sa.func.coalesce(sa.func.max(col(CorrectionLine.number)), 0)).where(
            col(CorrectionLine.correction_id) == correction.id
        )
    ).scalar_one()
    return int(last) + 1


def _note(
    session: Session,
    correction: Correction,
    back: Return,
    *,
    number: int = 0,
    claim: Claim | None = None,
    line: ClaimLine | None = None,
    units: Decimal = Decimal(0),
    points: int = 0,
    to_debt: int = 0,
    at: datetime,
) -> None:
    session.add(
        CorrectionLine(
            correction_id=correction.id,
            number=number or _next_number(session, correction),
            purchase_id=back.purchase_id,
            position=back.position,
            claim_id=claim.id if claim else None,
            printed_quantity=-back.printed,
            units=units,
            points=points,
            to_debt=to_debt,
            rule_version_id=line.rule_version_id if line else None,
            at=at,
        )
    )
    session.flush()
