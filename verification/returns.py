"""Units of a document line come back: no longer payable, and paid ones cost their points.

Lock order: correction → claims in order → purchase lines in order → participants → budget → ledger
accounts → audit head.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import earning, paper, service
from claims.correction_tables import Correction, CorrectionLine
from claims.purchase_tables import PurchaseLine
from claims.tables import Claim, ClaimLine
from points import reversals
from verification import lowering
from verification.judging import award_reference

_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Return:
    """So much of a purchase's line came back, in the document's unit; negative: more was sold.

    `sold` is what the document shows of it, where a person accepted less.
    """

    purchase_id: UUID
    position: int
    printed: Decimal
    sold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """Units that were taken out of a paid line."""

    back: Return
    line: ClaimLine
    claim: Claim
    units: Decimal


def concerned(session: Session, purchase_ids: Collection[UUID]) -> list[UUID]:
    """The claims whose points a return may change, in the order in which they are locked.

    A target that a participant reached with several claims is paid on one of them.
    """
    theirs = session.exec(
        select(Claim.participant_id).where(col(Claim.purchase_id).in_(purchase_ids)).distinct()
    ).all()
    of_these = session.exec(select(Claim.id).where(col(Claim.purchase_id).in_(purchase_ids)))
    return sorted({*of_these, *lowering.with_target(session, theirs)})


def apply(
    session: Session, correction: Correction, found: Sequence[Return], *, at: datetime
) -> dict[UUID, list[str]]:
    """Take returns out of their lines, the points out of the claims that they cost any.

    The claims that changed, each with the names of the bonuses that it lost. The caller has locked
    those that are `concerned`.
    """
    taken = [one for back in found for one in _units(session, correction, back, at=at)]
    if not taken:
        return {}
    for participant_id in sorted({one.claim.participant_id for one in taken}):
        earning.lock_participant(session, participant_id)
    changed = {one.claim.id: one.claim for one in taken}
    lost = {claim_id: list[str]() for claim_id in changed}
    for claim_id in concerned(session, [one.back.purchase_id for one in taken]):
        claim = changed.get(claim_id) or service.lock(session, claim_id)
        mine = [one for one in taken if one.claim.id == claim_id]
        bonuses = _reverse(session, correction, claim, mine, taken[0].back.purchase_id, at)
        if bonuses or mine:
            lost[claim_id] = bonuses
    return lost


def _units(session: Session, correction: Correction, back: Return, *, at: datetime) -> list[_Taken]:
    """Take a return out of a row of the paper, and what was paid of it from whoever was last."""
    line = _line_of(session, back)
    if line is None:
        return []  # Nobody claims this line: there is nothing to take.
    claimed, factor = line
    stored = _lock(session, claimed, back, factor)
    if back.sold is not None:
        # A person accepted less of the row than it shows: the rest comes back first.
        shown = (back.sold * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
        stored.quantity_sold = max(stored.quantity_sold, stored.quantity_raised + shown)
    if back.printed < 0:
        _raise(stored, -back.printed, factor)
        session.add(stored)
        _note(session, correction, back, at=at)
        return []
    units = (back.printed * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
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
    return _from_last(session, back, stored, over)


def _raise(stored: PurchaseLine, printed: Decimal, factor: Decimal) -> None:
    """More was sold, or what came back was sold again: free units, no points by themselves.

    The return is taken back first: those units are of the printed row. Only the rest is besides.
    """
    again = min(printed, stored.printed_returned)
    units = (again * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
    if again == stored.printed_returned:
        units = stored.quantity_returned  # However it was rounded.
    stored.printed_returned = stored.printed_returned - again
    stored.quantity_returned = max(stored.quantity_returned - units, Decimal(0))
    more = ((printed - again) * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
    stored.quantity_sold = stored.quantity_sold + more
    stored.quantity_raised = stored.quantity_raised + more


def _line_of(session: Session, back: Return) -> tuple[ClaimLine, Decimal] | None:
    """The line of the claim that numbers the rows, and the factor by which the row was paid."""
    claim = paper.fullest_claim(session, back.purchase_id)
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


def _from_last(session: Session, back: Return, stored: PurchaseLine, over: Decimal) -> list[_Taken]:
    left, found = over, []
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
        units = min(left, line.quantity_accepted)
        left = left - units
        line.quantity_accepted = line.quantity_accepted - units
        session.add(line)
        found.append(_Taken(back, line, claim, units))
    assert not left, "more units were accepted than any claim was paid for"
    session.flush()
    return found


def _reverse(
    session: Session,
    correction: Correction,
    claim: Claim,
    taken: Sequence[_Taken],
    purchase_id: UUID,
    at: datetime,
) -> list[str]:
    """Put a claim's lines right and take exactly what they lost back; the bonuses that went."""
    units: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for one in taken:
        units[one.line.id] += one.units
    noted = {one.line.id: one for one in taken}
    for one in taken:
        if noted[one.line.id] is not one:
            # Two rows of the correction speak of one line: the last one bears the points.
            _note(session, correction, one.back, claim=claim, line=one.line, units=one.units, at=at)

    def take(line: ClaimLine, points: int) -> None:
        last = noted.get(line.id)
        if last is None and not points:
            return
        number, debt = _next_number(session, correction), 0
        if points:
            debt = reversals.reverse(
                session,
                of=award_reference(session, line),
                reference=f"correction:{correction.id}:line:{number}",
                points=points,
                at=at,
            ).to_debt
        place = Return(claim.purchase_id or purchase_id, line.position, Decimal(0))
        _note(
            session, correction, last.back if last else place, number=number, claim=claim,
            line=line, units=last.units if last else Decimal(0), points=points, to_debt=debt, at=at,
        )  # fmt: skip

    return lowering.lower(session, claim, taken=units, take=take)


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
