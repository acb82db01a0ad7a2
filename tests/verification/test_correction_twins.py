"""One correction that two sources number differently takes its units once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from claims.correction_tables import Correction, CorrectionStatus
from demo.documents import corrections as makers
from demo.documents.purchase import Purchase
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    SOLD_ON,
    before_after,
    no_faults,
    original,
    paid,
    send,
    spendable,
    with_sockets,
)
from verification import correction_twins, feed_corrections
from verification.feed_returns import Returned, SaleCorrection

DAY = SOLD_ON.replace(day=15)


def from_file(
    session: Session, of: make.World, invoice: Purchase, number: str, back: str, day: str
) -> None:
    row = Returned(
        name=invoice.lines[0].name, index="", gtin=invoice.lines[0].gtin, delta=Decimal(back),
        unit="szt",
    )  # fmt: skip
    told = SaleCorrection(number, invoice.number, of.participant.nip, day, (row,))
    feed_corrections.take_in(session, partner=of.partner, found=[told], at=NOON)


def difference(invoice: Purchase, number: str, units: int, day: int = 15) -> Purchase:
    return makers.quantity_difference(
        invoice, number=number, issued_on=DAY.replace(day=day), returned={1: Decimal(units)}
    )


def known(session: Session) -> dict[str, tuple[CorrectionStatus, list[str]]]:
    found = session.exec(select(Correction).order_by(col(Correction.created_at)))
    return {one.number: (one.status, one.doubts) for one in found}


@pytest.mark.parametrize("register_first", [False, True], ids=["file first", "KSeF first"])
@pytest.mark.parametrize("states", [False, True], ids=["differences", "before and after"])
def test_the_same_rows_units_and_day_are_one_document(
    session: Session, of: make.World, register_first: bool, states: bool
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    sent = (
        before_after(invoice, {1: "40"}, "FK/900/2026")
        if states
        else difference(invoice, "FK/900/2026", 20)
    )
    if register_first:
        send(session, of, sent)
    from_file(session, of, invoice, "KFS 12/11", "-20", DAY.isoformat())
    if not register_first:
        send(session, of, sent)
    second = "KFS 12/11" if register_first else "FK/900/2026"
    assert known(session)[second] == (
        CorrectionStatus.APPLIED, [correction_twins.SAME_DOCUMENT],
    )  # fmt: skip
    assert (claim.points, spendable(session, of)) == (1080, 1080)
    assert no_faults(session)


@pytest.mark.parametrize(("units", "day"), [(20, 16), (25, 15)], ids=["another day", "other units"])
def test_what_agrees_in_part_is_for_a_person(
    session: Session, of: make.World, units: int, day: int
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    from_file(session, of, invoice, "KFS 12/11", "-20", DAY.isoformat())
    send(session, of, difference(invoice, "FK/900/2026", units, day))
    assert known(session)["FK/900/2026"] == (
        CorrectionStatus.NEEDS_PERSON, [correction_twins.OTHER_NUMBER],
    )  # fmt: skip
    assert (claim.points, spendable(session, of)) == (1080, 1080)


def test_what_says_that_it_follows_the_other_is_another_document(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    from_file(session, of, invoice, "KFS 12/11", "-20", DAY.isoformat())
    send(session, of, before_after(with_sockets(invoice, "40"), {1: "20"}, "FK/901/2026"))
    # Two of one source are two, however alike.
    assert (claim.points, spendable(session, of)) == (780, 780)
    from_file(session, of, invoice, "KFS 13/11", "-5", "2026-11-19")
    from_file(session, of, invoice, "KFS 14/11", "-5", "2026-11-19")
    assert (claim.points, spendable(session, of)) == (630, 630)
    assert no_faults(session)


def test_other_rows_of_the_same_day_are_another_document(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    from_file(session, of, invoice, "KFS 12/11", "-20", DAY.isoformat())
    boards = makers.quantity_difference(
        invoice, number="FK/902/2026", issued_on=DAY, returned={2: Decimal(1)}
    )
    send(session, of, replace(boards, number="FK/902/2026"))
    assert (claim.points, spendable(session, of)) == (840, 840)
    assert no_faults(session)
