"""Units of a document line come back: no longer payable, and paid ones cost their points.

Lock order: correction → claims in order → purchase lines in order → participants → budget → ledger
accounts → audit head.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import earning, paper, queries, service
from claims.correction_tables import Correction
from claims.granted import remember
from claims.purchase_tables import PurchaseLine
from claims.tables import Claim, ClaimLine
from points import reversals
from verification import given_back, lowering
from verification.correction_notes import Moved, Return, next_number, note
from verification.correction_notes import reference as reference_of
from verification.judging import award_reference

_DIGITS = Decimal("0.000001")


@dataclass(slots=True)
class Changed:
    """Names of the bonuses that a claim lost, and of those that it has again."""

    lost: list[str] = field(default_factory=list)
    regained: list[str] = field(default_factory=list)


def concerned(session: Session, purchase_ids: Collection[UUID]) -> list[UUID]:
    """The claims whose points a return may change, in the order in which they are locked.

    A target that a participant reached with several claims is paid on one of them.
    """
    theirs = session.exec(
        select(Claim.participant_id).where(col(Claim.purchase_id).in_(purchase_ids)).distinct()
    ).all()
    of_these = session.exec(select(Claim.id).where(col(Claim.purchase_id).in_(purchase_ids)))
    targets = {*lowering.with_target(session, theirs), *given_back.lowered(session, theirs)}
    return sorted({*of_these, *targets})


def apply(
    session: Session, correction: Correction, found: Sequence[Return], *, at: datetime
) -> dict[UUID, Changed]:
    """Take returns out of their lines, the points out of the claims that they cost any.

    What is sold again goes back to the claims that had lost it. The claims that changed; the caller
    has locked those that are `concerned`.
    """
    taken: list[Moved] = []
    given: list[Moved] = []
    for back in found:
        moved = _units(session, correction, back, at=at)
        (given if back.printed < 0 else taken).extend(moved)
    if not taken and not given:
        return {}
    for participant_id in sorted({one.claim.participant_id for one in (*taken, *given)}):
        earning.lock_participant(session, participant_id)
    changed = {one.claim.id: one.claim for one in (*taken, *given)}
    made = {claim_id: Changed() for claim_id in changed}
    ids = concerned(session, [one.back.purchase_id for one in (*taken, *given)])
    claims = {one: changed.get(one) or service.lock(session, one) for one in ids}
    for claim_id, claim in claims.items():
        mine = [one for one in taken if one.claim.id == claim_id]
        if taken and (
            lost := _reverse(session, correction, claim, mine, taken[0].back.purchase_id, at)
        ):
            made.setdefault(claim_id, Changed()).lost = lost
    for claim_id, claim in claims.items():
        mine = [one for one in given if one.claim.id == claim_id]
        if given and (
            bonuses := given_back.give_points(
                session, correction, claim, mine, given[0].back.purchase_id, at
            )
        ):
            made.setdefault(claim_id, Changed()).regained = bonuses
    for claim_id, claim in claims.items():
        if sum(line.points for line in queries.list_lines(session, claim_id)) != claim.points:
            made.setdefault(claim_id, Changed())
    return made


def _units(session: Session, correction: Correction, back: Return, *, at: datetime) -> list[Moved]:
    """Take a return out of a row of the paper, and what was paid of it from whoever was last."""
    line = _line_of(session, back)
    if line is None:
        return []  # Nobody claims this line: there is nothing to take.
    claimed, factor = line
    stored = _lock(session, claimed, back, factor)
    back = replace(back, row_id=stored.id)
    if back.sold is not None:
        # A person accepted less of the row than it shows: the rest comes back first.
        shown = (back.sold * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
        stored.quantity_sold = max(stored.quantity_sold, stored.quantity_raised + shown)
    if back.printed < 0:
        _raise(stored, -back.printed, factor)
        session.add(stored)
        session.flush()
        moved = given_back.give_units(session, back, stored)
        if not moved:
            note(session, correction, back, at=at)
        return moved
    units = (back.printed * factor).quantize(_DIGITS, rounding=ROUND_DOWN)
    returned = min(stored.quantity_returned + units, stored.quantity_sold)
    over = max(Decimal(0), stored.quantity_accepted - (stored.quantity_sold - returned))
    stored.quantity_accepted = stored.quantity_accepted - over
    stored.quantity_returned = returned
    stored.printed_returned = stored.printed_returned + back.printed
    session.add(stored)
    session.flush()
    if not over:
        note(session, correction, back, at=at)
        return []
    return _from_last(session, back, stored, over)


def _raise(stored: PurchaseLine, printed: Decimal, factor: Decimal) -> None:
    """More was sold, or what came back was sold again: units that are free.

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


def _from_last(session: Session, back: Return, stored: PurchaseLine, over: Decimal) -> list[Moved]:
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
        remember(line)
        line.quantity_accepted = line.quantity_accepted - units
        session.add(line)
        found.append(Moved(back, line, claim, units))
        back = replace(back, printed=Decimal(0))  # It came back once, whoever was paid for it.
    assert not left, "more units were accepted than any claim was paid for"
    session.flush()
    return found


def _reverse(
    session: Session,
    correction: Correction,
    claim: Claim,
    taken: Sequence[Moved],
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
            note(session, correction, one.back, claim=claim, line=one.line, units=one.units, at=at)

    def take(line: ClaimLine, points: int) -> None:
        last = noted.get(line.id)
        if last is None and not points:
            return
        number, debt = next_number(session, correction), 0
        if points:
            debt = reversals.reverse(
                session,
                of=award_reference(session, line),
                reference=reference_of(correction, number),
                points=points,
                at=at,
            ).to_debt
        place = Return(claim.purchase_id or purchase_id, line.position, Decimal(0))
        note(
            session, correction, last.back if last else place, number=number, claim=claim,
            line=line, units=last.units if last else Decimal(0), points=points, to_debt=debt, at=at,
        )  # fmt: skip

    return lowering.lower(session, claim, taken=units, take=take, keep_granted=True)
