"""Several readings of one paper pay each of its units once."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims import queries
from claims.purchase_tables import PurchaseLine
from claims.purchases import HeldReason
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim
from core.db import Database
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from tests.verification.paid_papers import approve
from verification import correcting, decisions, undoing
from verification.judging import TooFewUnits
from verification.tables import Cause, Review


def unread(session: Session, of: make.World) -> Review:
    """A claim whose reader found everything but the number."""
    seen = dataclasses.replace(
        make.reading(of), invoice_number=None, total_gross=None, issue_date=None
    )
    return make.read(session, make.submitted(session, of), seen)


def identify(session: Session, of: make.World, review: Review, number: str) -> object:
    return correcting.identify(
        session,
        review=review,
        number=number,
        issued_on=date(2026, 11, 18),
        seller_nip=of.partner.nip,
        at=NOON,
    )


SOCKET = ("GNIAZDO NOVA P/T Z/U BIAŁE", "60")


def test_a_number_that_a_clerk_types_is_kept_so_that_the_next_photo_of_it_is_held(
    session: Session,
) -> None:
    of = make.world(session)
    first, second = unread(session, of), unread(session, of)
    assert identify(session, of, first, "FV/1/2026") is None
    purchase = queries.find_purchase(session, session.get_one(Claim, first.claim_id))
    assert purchase is not None
    assert purchase.number_norm is not None
    found = identify(session, of, second, " fv/1/ 2026")
    assert found is not None
    claim = session.get_one(Claim, second.claim_id)
    assert (claim.held_reason, claim.held_by_claim_id) == (HeldReason.SAME_NUMBER, first.claim_id)
    assert claim.purchase_id == purchase.id


def test_a_typed_number_of_an_earlier_purchase_shares_its_units(session: Session) -> None:
    of = make.world(session)
    first = make.awaiting(session, of, number="FV/7/2026")
    approve(session, of, first)
    second = unread(session, of)
    identify(session, of, second, "fv/7/2026")
    assert second.cause is Cause.HELD
    one, two = (session.get_one(Claim, r.claim_id) for r in (first, second))
    assert one.purchase_id == two.purchase_id


def test_a_photo_that_lost_a_row_does_not_free_its_units_for_the_xml(session: Session) -> None:
    """Two readings that number the lines differently are one paper: no unit is paid twice."""
    of = make.world(session)
    socket = {"gtin": "5901234123457"}
    photo = [make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", **socket)]
    xml = [make.line(1, "Rura karbowana 20", "50"), make.line(2, *SOCKET, **socket)]
    first = make.read(session, make.submitted(session, of), make.reading(of, lines=photo))
    approve(session, of, first)
    second = make.read(session, make.submitted(session, of), make.reading(of, lines=xml))
    one, two = (session.get_one(Claim, review.claim_id) for review in (first, second))
    assert one.purchase_id == two.purchase_id
    with pytest.raises(TooFewUnits):
        approve(session, of, second)


def test_an_xml_after_a_photo_pays_what_the_photo_lost_and_nothing_again(session: Session) -> None:
    """The photo lost the first row and cut the last quantity; the XML numbers and counts all."""
    of = make.world(session)
    socket = {"gtin": "5901234123457"}
    photo = [make.line(1, *SOCKET, **socket), make.line(2, "GNIAZDO NOVA WZÓR", "4", **socket)]
    xml = [
        make.line(1, "ROZDZ. BOX 24M P/T VX-B24", "2"),
        make.line(2, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", **socket),
        make.line(3, "GNIAZDO NOVA WZÓR", "44", **socket),
    ]
    first = make.read(session, make.submitted(session, of), make.reading(of, lines=photo))
    approve(session, of, first)
    second = make.read(session, make.submitted(session, of), make.reading(of, lines=xml))
    approve(session, of, second)
    lines = queries.list_lines(session, second.claim_id)
    assert [line.quantity_accepted for line in lines] == [2, 0, 40]
    assert lines[1].reason is ReasonCode.ALREADY_CLAIMED
    one, two = (session.get_one(Claim, review.claim_id) for review in (first, second))
    assert (one.points, two.points) == (64 * 15, 2 * 240 + 40 * 15)
    assert (one.status, two.status) == (ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED)
    third = make.read(session, make.submitted(session, of), make.reading(of, lines=xml))
    with pytest.raises(TooFewUnits):
        approve(session, of, third)
    assert proofs.faults(session) == []


def test_undone_units_of_a_shared_paper_are_paid_to_the_next_reading(session: Session) -> None:
    of = make.world(session)
    socket = {"gtin": "5901234123457"}
    photo = [make.line(1, *SOCKET, **socket)]
    xml = [make.line(1, "ROZDZ. BOX 24M P/T VX-B24", "2"), make.line(2, *SOCKET, **socket)]
    first = make.read(session, make.submitted(session, of), make.reading(of, lines=photo))
    approve(session, of, first)
    decision = session.exec(select(decisions.Decision)).one()
    again = undoing.undo(session, decision_id=decision.id, clerk=of.clerk, at=NOON)
    second = make.read(session, make.submitted(session, of), make.reading(of, lines=xml))
    approve(session, of, second)
    accepted = [x.quantity_accepted for x in queries.list_lines(session, second.claim_id)]
    assert accepted == [2, 60]
    with pytest.raises(TooFewUnits):
        approve(session, of, again)


def test_two_readings_of_one_paper_decided_at_once_pay_each_unit_once(
    real_database: Database,
) -> None:
    """Whichever comes first: 60 sockets and 2 boards are paid, over both claims together."""
    socket = {"gtin": "5901234123457"}
    board = "ROZDZ. BOX 24M P/T VX-B24"
    shapes = [
        [make.line(1, *SOCKET, **socket)],
        [make.line(1, board, "2"), make.line(2, *SOCKET, **socket)],
        [make.line(1, *SOCKET, **socket), make.line(2, board, "2")],
        [make.line(7, board, "1"), make.line(9, "GNIAZDO NOVA", "20", **socket)],
    ]
    for turn in range(3):
        with real_database.unit_of_work() as session:
            of = make.world(session)
            number = f"FV/{turn}/26"
            ids = [
                make.read(
                    session, make.submitted(session, of), make.reading(of, number=number, lines=x)
                ).id
                for x in shapes
            ]
        together = threading.Barrier(len(ids))

        def work(review_id: UUID, of: make.World = of, meet: threading.Barrier = together) -> str:
            meet.wait()
            try:
                with real_database.unit_of_work() as own:
                    approve(own, of, own.get_one(Review, review_id))
            except TooFewUnits:
                return "nothing new"
            return "paid"

        with ThreadPoolExecutor(len(ids)) as pool:
            answers = list(pool.map(work, ids))
        assert "paid" in answers
        with real_database.unit_of_work() as session:
            claim_ids = [session.get_one(Review, one).claim_id for one in ids]
            lines = [x for one in claim_ids for x in queries.list_lines(session, one)]
            for product, most in ((of.socket.id, 60), (of.board.id, 2)):
                paid = [x.quantity_accepted or 0 for x in lines if x.product_id == product]
                assert sum(paid) == most
            assert ledger.balance(session, addresses.active(of.participant.id)) == 60 * 15 + 480
            assert proofs.faults(session) == []


def test_the_database_refuses_more_units_than_any_reading_shows(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    approve(session, of, review)
    claim = session.get_one(Claim, review.claim_id)
    with pytest.raises(IntegrityError, match="more units are paid"), session.begin_nested():
        session.execute(
            insert(PurchaseLine).values(
                id=uuid4(), purchase_id=claim.purchase_id, position=99, product_id=of.socket.id,
                quantity_sold=1, quantity_accepted=1,
            )
        )  # fmt: skip
    session.expire_all()
    used = session.exec(
        select(PurchaseLine.quantity_accepted).where(PurchaseLine.product_id == of.socket.id)
    ).all()
    assert used == [60]


def test_two_rows_of_one_product_are_both_paid(session: Session) -> None:
    of = make.world(session)
    rows = [make.line(n, *SOCKET, gtin="5901234123457") for n in (1, 2)]
    review = make.read(session, make.submitted(session, of), make.reading(of, lines=rows))
    approve(session, of, review)
    accepted = [line.quantity_accepted for line in queries.list_lines(session, review.claim_id)]
    assert accepted == [60, 60]


def test_a_quantity_with_more_digits_than_are_stored_can_be_paid(session: Session) -> None:
    """0.3333333 of a box is stored as 0.333333: the line is not longer than itself."""
    of = make.world(session)
    review = make.awaiting(session, of)
    [line, *_] = queries.list_lines(session, review.claim_id)
    line.quantity, line.units_per_quantity = Decimal("1.1"), Decimal("0.333333")
    session.add(line)
    session.flush()
    approve(session, of, review)
    assert line.quantity_accepted == Decimal("0.366666")
