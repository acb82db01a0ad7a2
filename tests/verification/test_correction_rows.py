"""Which units of a row a correction takes: never those that were not paid, nor some that stayed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.correction_tables import CorrectionStatus
from claims.purchase_tables import PurchaseLine as StoredLine
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim
from demo.documents import corrections as makers
from demo.documents.purchase import Purchase
from ocr.reading import Value
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    SOLD_ON,
    approve,
    before_after,
    claimed,
    next_of,
    no_faults,
    only_correction,
    original,
    paid,
    read,
    send,
    spendable,
    with_sockets,
)
from verification import decisions
from verification.correction_originals import BEFORE_DIFFERS
from verification.judging import LineVerdict, TooFewUnits


def test_a_longer_copy_that_nobody_judged_does_not_number_the_rows(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    seen = read(invoice)
    forged = replace(
        seen,
        document_sha256="",
        lines=tuple(
            replace(
                seen.lines[0],
                position=place,
                gtin=None,
                description=Value(f"Puszka {place}"),
            )
            for place in range(1, 6)
        ),
    )
    copy = make.submitted(session, of)
    make.read(session, copy, forged)
    assert copy.held_reason is not None
    send(session, of, before_after(invoice, {1: "0", 2: "0"}))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.REVERSED, 0, 0)


@pytest.mark.parametrize("left", ["0", "20"])
def test_a_return_that_is_taken_back_leaves_all_units_to_be_paid(
    session: Session, of: make.World, left: str
) -> None:
    invoice = original(of)
    first = before_after(invoice, {1: left})
    send(session, of, first)
    send(session, of, next_of(invoice, first, left, "60", "KOR/2/2026"))
    assert claimed(session, of, invoice).points == 1380
    [row, _] = session.exec(select(StoredLine).order_by("position")).all()
    none, sixty = Decimal(0), Decimal(60)
    assert (row.quantity_sold, row.quantity_returned, row.quantity_raised) == (sixty, none, none)
    assert (row.printed_returned, row.quantity_accepted) == (none, sixty)
    assert no_faults(session)


def test_units_that_were_sold_besides_are_free_for_another_claim(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    first = before_after(invoice, {1: "0"})
    send(session, of, first)
    assert claim.points == 480
    # Sixty are sold again and are the claim's own; thirty more than ever are anybody's.
    send(session, of, next_of(invoice, first, "0", "90", "KOR/2/2026"))
    again = claimed(session, of, invoice)
    assert (claim.points, again.points, spendable(session, of)) == (1380, 450, 1830)
    # Who was paid last loses first, and has it again when they are sold once more.
    send(session, of, next_of(invoice, first, "90", "55", "KOR/3/2026"))
    assert (claim.points, again.points, spendable(session, of)) == (1305, 0, 1305)
    send(session, of, next_of(invoice, first, "55", "70", "KOR/4/2026"))
    assert (claim.points, again.points, spendable(session, of)) == (1380, 150, 1530)
    assert no_faults(session)


def test_units_that_a_correction_sold_besides_cover_a_return_before_the_claim(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    first = before_after(invoice, {1: "80"})
    send(session, of, first)
    send(session, of, next_of(invoice, first, "80", "60", "KOR/2/2026"))
    assert claimed(session, of, invoice).points == 1380
    assert no_faults(session)


def cut(session: Session, of: make.World, invoice: Purchase, quantity: str) -> Claim:
    """A clerk accepts only so many of sixty sockets, and both boards."""
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(invoice))
    sockets, boards, _ = queries.list_lines(session, claim.id)
    said = [
        LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(quantity)),
        LineVerdict(boards.id, Verdict.APPROVE),
    ]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
    return claim


def test_what_was_never_accepted_of_a_row_comes_back_first(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = cut(session, of, invoice, "20")
    first = before_after(invoice, {1: "40"})
    send(session, of, first)
    assert (claim.points, spendable(session, of)) == (780, 780)
    send(session, of, next_of(invoice, first, "40", "15", "KOR/2/2026"))
    assert (claim.points, spendable(session, of)) == (480 + 15 * 15, 480 + 15 * 15)
    # Fifteen are left and paid: a copy of the paper brings nothing more.
    again = make.submitted(session, of)
    approve_or_none(session, of, again, invoice)
    assert spendable(session, of) == 480 + 15 * 15
    assert no_faults(session)


def approve_or_none(session: Session, of: make.World, claim: Claim, invoice: Purchase) -> None:
    review = make.read(session, claim, read(invoice))
    assert claim.held_reason is not None
    with pytest.raises(TooFewUnits), session.begin_nested():
        approve(session, of, review)


def test_a_row_that_was_read_wrong_loses_what_came_back_of_it(
    session: Session, of: make.World
) -> None:
    """The reader saw sixty where the paper says twenty: the clerk's figure is the paper's."""
    invoice = original(of)
    claim = cut(session, of, invoice, "20")
    send(session, of, before_after(with_sockets(invoice, "20"), {1: "15"}))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (claim.points, spendable(session, of)) == (480 + 15 * 15, 480 + 15 * 15)


@pytest.mark.parametrize("before", ["50", "60"])
def test_a_correction_that_does_not_say_what_was_there_before_is_for_a_person(
    session: Session, of: make.World, before: str
) -> None:
    invoice = original(of)
    claim = cut(session, of, invoice, "20")
    if before == "50":
        sent = before_after(with_sockets(invoice, before), {1: "40"})
    else:
        sent = makers.quantity_difference(
            invoice, number="KOR/3", issued_on=SOLD_ON, returned={1: Decimal(20)}
        )
    send(session, of, sent)
    made = only_correction(session)
    assert (made.status, made.doubts) == (CorrectionStatus.NEEDS_PERSON, [BEFORE_DIFFERS])
    assert (claim.points, spendable(session, of)) == (780, 780)
