"""Ways to be paid twice, or never, that were once open."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from claims.states import ClaimStatus
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
from tests.verification.paid_papers import approve
from verification import asking, decisions, intake, undoing
from verification.tables import Review


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
