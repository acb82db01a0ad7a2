"""The printed rows of one purchase and their units: sold, returned, paid; none is paid twice.

Several readings may speak of one paper and number its rows differently: a photo that lost a row,
an XML that did not. Rows are found by product and name, and the product's total bounds them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.alignment import PaperLine, align
from claims.living import living
from claims.purchase_tables import Purchase, PurchaseLine
from claims.tables import Claim, ClaimLine
from core.columns import new_id

_DIGITS = Decimal("0.000001")
_NONE = Decimal(0)


class Short(StrEnum):
    """Why less of a row is paid than it shows."""

    RETURNED = "returned"
    PAID_BEFORE = "paid_before"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was used up of a row, in the product's units, of which `wanted` were still its own."""

    line_id: UUID
    units: Decimal
    wanted: Decimal
    short: Short | None = None


def lock(session: Session, purchase_id: UUID) -> None:
    """One at a time on a paper; new claims that name it may come in meanwhile."""
    session.execute(
        sa.select(col(Purchase.id))
        .where(col(Purchase.id) == purchase_id)
        .with_for_update(key_share=True)
    )


def rows_of(session: Session, purchase_id: UUID, claim_id: UUID) -> dict[int, PurchaseLine]:
    """The known rows of the paper by the position that one claim's reading gives them."""
    ours = session.exec(
        select(ClaimLine).where(ClaimLine.claim_id == claim_id).order_by(col(ClaimLine.position))
    ).all()
    known = session.exec(
        select(PurchaseLine)
        .where(PurchaseLine.purchase_id == purchase_id)
        .order_by(col(PurchaseLine.position))
        .execution_options(populate_existing=True)
    ).all()
    return _rows(known, ours)


def _rows(known: Sequence[PurchaseLine], ours: Sequence[ClaimLine]) -> dict[int, PurchaseLine]:
    by_id = {row.id: row for row in known}
    found = {
        line.position: by_id.pop(line.purchase_line_id)
        for line in ours
        if line.purchase_line_id in by_id  # Judged before: the row is known.
    }
    left = [row for row in known if row.id in by_id]
    open_lines = [line for line in ours if line.position not in found]
    pairs = align(
        [PaperLine(x.position, x.product_id, x.name, x.printed_quantity) for x in left],
        [PaperLine(x.position, x.product_id, x.description, x.quantity) for x in open_lines],
    )
    found.update({open_lines[here].position: left[there] for here, there in pairs.items()})
    return found


def open_row(session: Session, *, purchase_id: UUID, line: ClaimLine, sold: Decimal) -> UUID:
    """The paper's row that a claim's line shows, made if nobody spoke of it before.

    The paper must be locked.
    """
    found = rows_of(session, purchase_id, line.claim_id).get(line.position)
    if found is not None:
        return found.id
    taken = set(
        session.exec(select(PurchaseLine.position).where(PurchaseLine.purchase_id == purchase_id))
    )
    # The number of the row in this reading, unless another reading gave it to another row.
    position = line.position if line.position not in taken else max(taken) + 1
    made = PurchaseLine(
        id=new_id(),
        purchase_id=purchase_id,
        position=position,
        product_id=line.product_id,
        name=line.description,
        printed_quantity=line.quantity,
        quantity_sold=sold,
    )
    session.add(made)
    session.flush()
    return made.id


def take_units(
    session: Session, *, purchase_id: UUID, line: ClaimLine, longer: bool = True
) -> Taken:
    """Use up what is free of the row that a line shows, exactly, under any concurrency.

    What came back or was paid before, under whatever number, is left out: `short` tells. Without
    `longer` a row of which something was paid stays as long as it was then.
    """
    assert line.product_id is not None
    assert line.quantity is not None
    lock(session, purchase_id)
    # As many digits as the database stores: a row must not be longer than itself.
    shown = units_of(line)
    row_id = open_row(session, purchase_id=purchase_id, line=line, sold=shown)
    _restate(session, row_id, line, shown)
    row = session.exec(
        select(PurchaseLine)
        .where(PurchaseLine.id == row_id)
        .execution_options(populate_existing=True)
    ).one()
    # What corrections sold besides covers a return before the printed units do.
    wanted = shown - max(row.quantity_returned - row.quantity_raised, _NONE)
    if wanted <= 0:
        return Taken(row_id, _NONE, wanted, Short.RETURNED)
    if row.product_id != line.product_id:
        return Taken(row_id, _NONE, wanted, Short.PAID_BEFORE)  # As another product.
    sold = max(row.quantity_sold, shown) if longer else row.quantity_sold
    free = min(
        wanted,
        sold - row.quantity_returned - row.quantity_accepted,
        _left_on_paper(session, purchase_id, line.product_id),
    )
    if free <= 0 or not accept_units(session, row_id=row_id, quantity=free, sold=sold):
        return Taken(row_id, _NONE, wanted, Short.PAID_BEFORE)
    return Taken(row_id, free, wanted, Short.PAID_BEFORE if free < wanted else None)


def units_of(line: ClaimLine) -> Decimal:
    """What a line shows, in the product's units, with as many digits as are stored."""
    return ((line.quantity or _NONE) * line.units_per_quantity).quantize(_DIGITS, "ROUND_DOWN")


def _left_on_paper(session: Session, purchase_id: UUID, product_id: UUID) -> Decimal:
    """Units of a product that some reading of the paper shows in all and nobody has.

    The database holds decisions to the same bound (`paper_bound`).
    """
    left: Decimal = session.execute(
        sa.select(sa.func.paper_left(purchase_id, product_id))
    ).scalar_one()
    return left


def _restate(session: Session, row_id: UUID, line: ClaimLine, shown: Decimal) -> None:
    """A person corrected what the document says of a row of which nothing is accepted yet.

    What came back is counted again in the product's units, and never more than was sold.
    """
    session.execute(
        sa.update(PurchaseLine)
        .where(col(PurchaseLine.id) == row_id, col(PurchaseLine.quantity_accepted) == 0)
        .values(
            product_id=line.product_id,
            name=line.description,
            printed_quantity=line.quantity,
            quantity_sold=PurchaseLine.quantity_raised + shown,
            quantity_returned=sa.func.least(
                PurchaseLine.quantity_raised + shown,
                PurchaseLine.printed_returned * line.units_per_quantity,
            ),
        )
    )


def accept_units(session: Session, *, row_id: UUID, quantity: Decimal, sold: Decimal) -> bool:
    """Use up units of a row of `sold`; False when too few are free. Safe under any concurrency."""
    result: Any = session.execute(
        sa.update(PurchaseLine)
        .where(
            col(PurchaseLine.id) == row_id,
            sold - col(PurchaseLine.quantity_returned) - col(PurchaseLine.quantity_accepted)
            >= quantity,
        )
        .values(
            quantity_accepted=PurchaseLine.quantity_accepted + quantity,
            quantity_sold=sa.func.greatest(PurchaseLine.quantity_sold, sold),
        )
    )
    return bool(result.rowcount == 1)


def accept_free(session: Session, *, row: PurchaseLine, most: Decimal) -> Decimal:
    """Use up to `most` units of a locked row that nobody has; how many. Zero where none is free."""
    assert row.product_id is not None
    session.flush()
    free = min(
        most,
        row.quantity_sold - row.quantity_returned - row.quantity_accepted,
        _left_on_paper(session, row.purchase_id, row.product_id),
    )
    if free <= 0 or not accept_units(session, row_id=row.id, quantity=free, sold=row.quantity_sold):
        return _NONE
    session.refresh(row)
    return free


def free_units(session: Session, *, row_id: UUID, quantity: Decimal) -> None:
    """Give accepted units back when a decision is undone."""
    session.execute(
        sa.update(PurchaseLine)
        .where(col(PurchaseLine.id) == row_id)
        .values(quantity_accepted=PurchaseLine.quantity_accepted - quantity)
    )


def fullest_claim(session: Session, purchase_id: UUID) -> Claim | None:
    """The claim by whose reading corrections number the paper's rows.

    What was paid stands before what was only decided, and both before what anybody sent of the
    same number; of equal ones the one that shows most, then the one that came first.
    """
    rows = (
        sa.select(sa.func.count())
        .where(col(ClaimLine.claim_id) == col(Claim.id))
        .correlate(Claim)
        .scalar_subquery()
    )
    paid = (
        sa.select(col(ClaimLine.id))
        .where(col(ClaimLine.claim_id) == col(Claim.id), col(ClaimLine.quantity_accepted) > 0)
        .correlate(Claim)
        .exists()
    )
    return session.exec(
        select(Claim)
        .where(Claim.purchase_id == purchase_id, living())
        .order_by(
            sa.case(
                (paid, 0),
                (col(Claim.decided_at).is_not(None), 1),
                (col(Claim.held_reason).is_(None), 2),
                else_=3,
            ),
            rows.desc(),
            col(Claim.submitted_at),
            col(Claim.id),
        )
        .limit(1)
    ).first()
