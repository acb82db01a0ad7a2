"""A correction of a row that no reader saw: a clerk had typed it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import Session

from claims import queries
from claims.correction_tables import CorrectionStatus
from claims.tables import Claim
from demo.documents.purchase import Purchase
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    approve,
    before_after,
    no_faults,
    only_correction,
    original,
    read,
    send,
    spendable,
)
from verification import correcting, correction_originals, corrections


def typed(session: Session, of: make.World, invoice: Purchase, lost: int, *counts: int) -> Claim:
    """The reader missed one row, of which the clerk knows the product and the quantity."""
    seen = read(invoice)
    missed = next(line for line in seen.lines if line.position == lost)
    claim = make.submitted(session, of)
    left = tuple(line for line in seen.lines if line is not missed)
    review = make.read(session, claim, replace(seen, lines=left))
    product = of.board if missed.gtin is None else of.socket
    for count in counts:
        correcting.add_line(
            session,
            review=review,
            clerk=of.clerk,
            product_id=product.id,
            quantity=Decimal(count),
            at=NOON,
        )
    approve(session, of, review)
    assert claim.points == 1380
    return claim


@pytest.mark.parametrize(
    ("lost", "count", "back", "points"), [(1, 60, {1: "45"}, 1155), (2, 2, {2: "1"}, 1140)]
)
def test_the_only_row_that_a_correction_fits_is_found_by_its_code(
    session: Session, of: make.World, lost: int, count: int, back: dict[int, str], points: int
) -> None:
    invoice = original(of)
    claim = typed(session, of, invoice, lost, count)
    send(session, of, before_after(invoice, back))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (claim.points, spendable(session, of)) == (points, points)
    assert no_faults(session)


@pytest.mark.parametrize("counts", [(60,), (40, 20)], ids=["an unknown name", "two rows of it"])
def test_a_row_that_cannot_be_told_is_named_at_the_desk(
    session: Session, of: make.World, counts: tuple[int, ...]
) -> None:
    invoice = original(of)
    claim = typed(session, of, invoice, 1, *counts)
    correction = before_after(invoice, {1: "45"})
    if len(counts) == 1:
        correction = replace(
            correction, lines=tuple(replace(line, gtin="") for line in correction.lines)
        )
        assert correction.correction is not None
    send(session, of, correction)
    made = only_correction(session)
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, ["correction-row-not-found"],
    )  # fmt: skip
    assert (claim.points, claim.purchase_id is None) == (1380, False)
    assert claim.purchase_id is not None
    row = queries.list_lines(session, claim.id)[-1]
    shown = correction_originals.original_lines(session, claim.purchase_id)
    assert row.position in {line.position for line in shown}
    corrections.resolve(
        session,
        correction_id=made.id,
        returned={(claim.purchase_id, row.position): Decimal(15)},
        person_id=of.clerk.person_id,
        at=NOON,
    )
    assert (claim.points, spendable(session, of)) == (1155, 1155)
    assert no_faults(session)
