"""What a correction changed, written down line by line; the numbers are the ledger's references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import paper
from claims.correction_tables import Correction, CorrectionLine
from claims.tables import Claim, ClaimLine


@dataclass(frozen=True, slots=True)
class Return:
    """So much of a purchase's line came back, in the document's unit; negative: more was sold.

    `sold` is what the document shows of it, where a person accepted less.
    """

    purchase_id: UUID
    position: int
    printed: Decimal
    sold: Decimal | None = None
    row_id: UUID | None = None  # the paper's row, once it is known


@dataclass(frozen=True, slots=True)
class Moved:
    """Units that were taken out of a paid line, or given back to it."""

    back: Return
    line: ClaimLine
    claim: Claim
    units: Decimal


Rows = Mapping[tuple[UUID, int], Decimal]  # a purchase and a row of it → what came back, as printed


def next_number(session: Session, correction: Correction) -> int:
    last = session.execute(
        sa.select(sa.func.coalesce(sa.func.max(col(CorrectionLine.number)), 0)).where(
            col(CorrectionLine.correction_id) == correction.id
        )
    ).scalar_one()
    return int(last) + 1


def reference(correction: Correction, number: int) -> str:
    """Of the posting that a line of a correction makes; it posts once for ever."""
    return f"correction:{correction.id}:line:{number}"


def note(
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
    given: bool = False,
    at: datetime,
) -> None:
    session.add(
        CorrectionLine(
            correction_id=correction.id,
            number=number or next_number(session, correction),
            purchase_id=back.purchase_id,
            position=back.position,
            purchase_line_id=back.row_id,
            claim_id=claim.id if claim else None,
            printed_quantity=-back.printed,
            units=units,
            points=points,
            to_debt=to_debt,
            given=given,
            rule_version_id=line.rule_version_id if line else None,
            at=at,
        )
    )
    session.flush()


def taken_by(session: Session, correction_id: UUID) -> Rows:
    """What a settled correction took of which rows by now, by the numbers that they have today."""
    rows = session.exec(
        select(CorrectionLine)
        .where(CorrectionLine.correction_id == correction_id)
        .order_by(col(CorrectionLine.number))
    )
    places: dict[tuple[UUID, UUID], int] = {}
    found: defaultdict[tuple[UUID, int], Decimal] = defaultdict(Decimal)
    said = set()
    for row in rows:
        position = row.position
        if row.purchase_line_id is not None:
            key = (row.purchase_id, row.purchase_line_id)
            if key not in places:
                places[key] = _position(session, *key, otherwise=row.position)
            position = places[key]
        elif (position, row.at, row.printed_quantity) in said:
            continue  # Rows from before the paper's row was named repeat a return for every claim.
        said.add((position, row.at, row.printed_quantity))
        found[row.purchase_id, position] -= row.printed_quantity
    return {place: printed for place, printed in found.items() if printed}


def _position(session: Session, purchase_id: UUID, row_id: UUID, *, otherwise: int) -> int:
    claim = paper.fullest_claim(session, purchase_id)
    rows = paper.rows_of(session, purchase_id, claim.id) if claim is not None else {}
    return next((n for n, row in rows.items() if row.id == row_id), otherwise)
