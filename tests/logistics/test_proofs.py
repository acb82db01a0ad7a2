"""`verify` re-adds the stock too."""

from __future__ import annotations

from sqlmodel import Session, select

from logistics import proofs
from logistics.tables import Lot
from rewards import fulfilment, service
from tests import make
from tests.conftest import NOON


def test_stock_adds_up_after_orders_and_a_lot_that_was_edited_is_named(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 10_000)
    reward = make.stocked_reward(session, of, units=5)
    sent, given_up, _ = (make.place(session, of, reward) for _ in range(3))
    fulfilment.start(session, redemption_id=sent.id, actor="person:test", at=NOON)
    for _, lot, _ in fulfilment.pick_list(session, sent.id):
        fulfilment.scan(
            session,
            redemption_id=sent.id,
            lot_number=lot.number,
            actor="person:test",
            at=NOON,
        )
    fulfilment.label(
        session, redemption_id=sent.id, carrier_number="K1", actor="person:test", at=NOON
    )
    fulfilment.hand_over(session, redemption_id=sent.id, actor="person:test", at=NOON)
    service.cancel(
        session, redemption_id=given_up.id, participant_id=None, actor="person:test", at=NOON
    )
    assert proofs.faults(session) == []
    lot = session.exec(select(Lot)).one()
    assert (lot.on_hand, lot.reserved) == (4, 1)
    lot.on_hand = 5
    session.add(lot)
    session.flush()
    [fault] = proofs.faults(session)
    assert fault.startswith(f"stock lot {lot.number}: 5 on hand, book 4")
