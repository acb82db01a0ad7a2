"""Units that a later correction sells again go back to whom an earlier one took them from.

Who lost them last gets them first: the rows stand as if only the rest had ever come back. Units
that nobody was paid for, or that another claim was paid for meanwhile, stay where they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import paper
from claims.correction_tables import Correction
from claims.granted import granted_of, was_lowered
from claims.purchase_tables import PurchaseLine
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from points import restoring
from verification import lifting
from verification.correction_notes import Moved, Return, next_number, note, reference
from verification.judging import award_reference

_NONE = Decimal(0)


def lowered(session: Session, participants: Collection[UUID]) -> Sequence[UUID]:
    """The claims that lost a target to a correction: units of others may bring it back."""
    facts: sa.ColumnElement[bool] = col(ClaimLine.granted).contains(
        {"facts": {"granted": [{"kind": "target"}]}}
    )
    return session.exec(
        select(Claim.id)
        .join(ClaimLine, col(ClaimLine.claim_id) == col(Claim.id))
        .where(col(Claim.participant_id).in_(participants), facts)
        .distinct()
    ).all()


def give_units(session: Session, back: Return, stored: PurchaseLine) -> list[Moved]:
    """Give what is free of a locked row to the lines that corrections took it from."""
    rows = session.exec(
        select(ClaimLine, Claim)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(ClaimLine.purchase_line_id == stored.id, was_lowered())
        # Corrections take from the last first: the earlier decision lost its units last.
        .order_by(col(Claim.decided_at), col(Claim.id))
        .execution_options(populate_existing=True)
    ).all()
    found = []
    for line, claim in rows:
        was = granted_of(line)
        if was is None or line.product_id != stored.product_id:
            continue
        lost = was.units - (line.quantity_accepted or _NONE)
        units = paper.accept_free(session, row=stored, most=lost)
        if units <= 0:
            continue
        line.quantity_accepted = (line.quantity_accepted or _NONE) + units
        line.verdict, line.reason = Verdict.APPROVE, was.reason
        session.add(line)
        found.append(Moved(back, line, claim, units))
        back = replace(back, printed=_NONE)
    session.flush()
    return found


def give_points(
    session: Session,
    correction: Correction,
    claim: Claim,
    given: Sequence[Moved],
    purchase_id: UUID,
    at: datetime,
) -> list[str]:
    """Give a claim back what was taken of the units that it has again; the bonuses that came."""
    units: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    last: dict[UUID, Moved] = {}
    for one in given:
        before = last.get(one.line.id)
        if before is not None:  # Two rows of the correction speak of one line.
            note(
                session, correction, before.back, claim=claim, line=before.line,
                units=before.units, given=True, at=at,
            )  # fmt: skip
        last[one.line.id] = one
        units[one.line.id] = one.units

    def give(line: ClaimLine, points: int) -> None:
        one = last.get(line.id)
        if one is None and not points:
            return
        number, off_debt = next_number(session, correction), 0
        if points:
            off_debt = restoring.restore(
                session,
                of=award_reference(session, line),
                reference=reference(correction, number),
                points=points,
                at=at,
            ).off_debt
        place = Return(claim.purchase_id or purchase_id, line.position, _NONE)
        note(
            session, correction, one.back if one else place, number=number, claim=claim,
            line=line, units=units[line.id] if one else _NONE, points=points, to_debt=off_debt,
            given=True, at=at,
        )  # fmt: skip

    return lifting.lift(session, claim, give=give, at=at)
