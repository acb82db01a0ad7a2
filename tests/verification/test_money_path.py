"""Ways to be paid twice, or never, that were once open."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims import queries
from claims.purchase_tables import PurchaseLine
from claims.purchases import HeldReason
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.db import Database
from core.errors import IllegalTransition, Invalid
from logistics.states import ShipmentStatus
from messages.tables import Notice
from ocr.reading import Unreadable, UnreadableReason
from points import addresses, ledger, proofs
from rewards import fulfilment
from rewards import service as rewards
from rewards.service import Wanted
from tests import make
from tests.conftest import NOON
from verification import asking, correcting, decisions, intake, undoing
from verification.judging import LineVerdict, TooFewUnits
from verification.tables import Cause, Review


def approve(session: Session, of: make.World, review: Review) -> None:
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, review.claim_id)
            if line.product_id is not None
        ],
        at=NOON,
    )


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


def test_a_decision_on_a_review_that_was_reopened_meanwhile_is_refused(
    real_database: Database,
) -> None:
    """The page was loaded, then a colleague decided and undid: the old page decides nothing."""
    with real_database.unit_of_work() as session:
        of = make.world(session)
        review = make.awaiting(session, of)
        review_id, claim_id = review.id, review.claim_id
    with real_database.unit_of_work() as late:
        stale = late.get_one(Review, review_id)
        with real_database.unit_of_work() as quick:
            approve(quick, of, quick.get_one(Review, review_id))
        with real_database.unit_of_work() as quick:
            decision = quick.exec(select(decisions.Decision)).one()
            undoing.undo(quick, decision_id=decision.id, clerk=of.clerk, at=NOON)
        with pytest.raises(IllegalTransition):
            approve(late, of, stale)
        late.rollback()
    with real_database.unit_of_work() as session:
        assert ledger.balance(session, addresses.active(of.participant.id)) == 0
        assert session.get_one(Claim, claim_id).status is ClaimStatus.AWAITING_PARTNER
        assert proofs.faults(session) == []


def test_the_same_reward_twice_in_one_order_is_refused_in_words(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 5000)
    reward = make.stocked_reward(session, of, price=500)
    with pytest.raises(Invalid), session.begin_nested():
        rewards.place(
            session,
            program=of.program,
            participant=of.participant,
            wanted=[Wanted(reward.id, 1, 500), Wanted(reward.id, 1, 500)],
            recipient=make.RECIPIENT,
            carrier=make.carrier(session),
            promised_on=date(2026, 11, 27),
            actor="person:test",
            at=NOON,
        )
    assert ledger.balance(session, addresses.active(of.participant.id)) == 5000


def test_a_participant_is_told_each_time_that_pages_cannot_be_read(session: Session) -> None:
    of = make.world(session)
    claim = make.submitted(session, of)
    for turn in range(2):
        at = NOON + timedelta(hours=turn)
        intake.begin_reading(session, claim_id=claim.id, at=at)
        intake.fail_reading(
            session, claim_id=claim.id, error=Unreadable(UnreadableReason.DAMAGED), at=at
        )
        asking.answer(
            session,
            claim_id=claim.id,
            participant_id=of.participant.id,
            files=[make.StoredFile(f"{turn + 7:064x}", "a.jpg", "image/jpeg", 10)],
            at=at,
        )
    told = session.exec(
        select(Notice).where(Notice.recipient == str(of.participant.person_id))
    ).all()
    assert len([n for n in told if "unreadable" in n.kind]) == 2


def test_a_carrier_and_a_packer_reporting_at_once_never_wait_for_each_other(
    real_database: Database,
) -> None:
    """Both lock the order before the parcel; in the other order they would deadlock."""
    with real_database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 100_000)
        reward = make.stocked_reward(session, of, units=20, price=100)
        carrier = make.carrier(session)
        orders = []
        for number in range(8):
            order = make.place(session, of, reward, by=carrier)
            shipment = fulfilment.start(
                session, redemption_id=order.id, actor="person:test", at=NOON
            )
            for _, lot, _ in fulfilment.pick_list(session, order.id):
                fulfilment.scan(
                    session,
                    redemption_id=order.id,
                    lot_number=lot.number,
                    actor="person:test",
                    at=NOON,
                )
            fulfilment.label(
                session,
                redemption_id=order.id,
                carrier_number=f"K{number}",
                actor="person:test",
                at=NOON,
            )
            orders.append((order.id, shipment.id))
    together = threading.Barrier(2)

    def packer() -> list[str]:
        failed = []
        for order_id, _ in orders:
            together.wait()
            try:
                with real_database.unit_of_work() as session:
                    fulfilment.hand_over(
                        session, redemption_id=order_id, actor="person:test", at=NOON
                    )
            except IllegalTransition:
                pass
            except Exception as error:
                failed.append(repr(error))
        return failed

    def courier() -> list[str]:
        failed = []
        for _, shipment_id in orders:
            together.wait()
            try:
                with real_database.unit_of_work() as session:
                    fulfilment.carrier_event(
                        session,
                        shipment_id=shipment_id,
                        raw_code="taken",
                        status=ShipmentStatus.IN_TRANSIT,
                        event_at=NOON,
                        actor="carrier",
                        at=NOON,
                    )
            except Exception as error:
                failed.append(repr(error))
        return failed

    with ThreadPoolExecutor(2) as pool:
        outcomes = [task.result() for task in [pool.submit(packer), pool.submit(courier)]]
    assert outcomes == [[], []]
    with real_database.unit_of_work() as session:
        assert ledger.balance(session, addresses.spent(of.program.id)) == 800
        assert proofs.faults(session) == []


def test_confusable_numbers_sent_at_the_same_moment_pay_once(real_database: Database) -> None:
    """O for 0 makes another number; read in parallel, one of the two still has to wait."""
    with real_database.unit_of_work() as session:
        of = make.world(session)
        claims = [make.submitted(session, of).id for _ in range(6)]
        for claim_id in claims:
            intake.begin_reading(session, claim_id=claim_id, at=NOON)
    together = threading.Barrier(6)
    numbers = ("FV/100/26", "FV/1O0/26", "FV/10O/26", "FV/1OO/26", "FV/l00/26", "FV/I0O/26")

    def read(place: int) -> None:
        together.wait()
        with real_database.unit_of_work() as session:
            intake.complete_reading(
                session,
                claim_id=claims[place],
                reading=make.reading(of, number=numbers[place]),
                pages=(),
                at=NOON,
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, range(6)))
    with real_database.unit_of_work() as session:
        free = session.exec(select(Claim).where(Claim.held_reason == None)).all()  # noqa: E711
        assert len(free) == 1
