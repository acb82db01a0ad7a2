"""All that is known about a person is shown; erasing leaves sums and chains, and nobody's name."""

from __future__ import annotations

import json

import sqlalchemy as sa
from fastapi.encoders import jsonable_encoder
from sqlmodel import Session, select

from accounts.tables import Person
from claims import queries
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim
from core import audit
from logistics import proofs as stock_proofs
from logistics.tables import Lot
from points import addresses, ledger, proofs
from programs.tables import Participant
from rewards import fulfilment, personal
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from tests import make
from tests.conftest import NOON
from verification import decisions
from verification.judging import LineVerdict
from web import personal_data


def life(session: Session) -> make.World:
    """A decided claim, an undecided one, an order that is packed and one that is not."""
    of = make.world(session)
    review = make.awaiting(session, of)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, review.claim_id)
            if line.product_id
        ],
        at=NOON,
    )
    make.awaiting(session, of, number="FV/2/2026")
    reward = make.stocked_reward(session, of, price=300)
    packed, _ = make.place(session, of, reward), make.place(session, of, reward)
    fulfilment.start(session, redemption_id=packed.id, actor="person:test", at=NOON)
    return of


def test_the_export_names_claims_points_orders_and_addresses(session: Session) -> None:
    of = life(session)
    shown = personal_data.show(session, person_id=of.participant.person_id)
    mine = str(of.participant.id)
    assert shown["programs"][0]["nip"] == of.participant.nip
    assert [claim["document"]["number"] for claim in shown["claims"][mine]] == [
        "FV/1184/11/2026",
        "FV/2/2026",
    ]
    assert shown["points"][mine]["balance"] == 1380 - 600
    assert len(shown["points"][mine]["operations"]) == 4
    assert {order["address"]["street"] for order in shown["orders"][mine]} == {"ul. Polna 4"}
    json.dumps(jsonable_encoder(shown))


def test_erasing_keeps_every_sum_and_chain_and_forgets_who_it_was(session: Session) -> None:
    of = life(session)
    person = session.get_one(Person, of.participant.person_id)
    name, nip = person.name, of.participant.nip
    personal_data.forget(session, person_id=person.id, at=NOON)
    session.expire_all()
    assert proofs.faults(session) == []
    assert stock_proofs.faults(session) == []
    chains = session.exec(select(audit.AuditHead.chain)).all()
    assert [audit.first_fault(session, chain=chain, key=b"k") for chain in chains] == [
        None for _ in chains
    ]
    account = addresses.active(of.participant.id)
    assert ledger.balance(session, account) == 0
    assert ledger.balance(session, addresses.expired(of.program.id)) == 1380 - 300
    erased = session.get_one(Participant, of.participant.id)
    assert (erased.company_name, erased.nip) == ("", "0000000000")
    statuses = session.exec(select(Claim.status).order_by(Claim.number)).all()
    assert statuses == [ClaimStatus.APPROVED, ClaimStatus.CANCELLED]
    shown = personal_data.show(session, person_id=person.id)
    # The parcel on its way still bears a name; the document proves what was paid.
    del shown["orders"], shown["claims"]
    rest = json.dumps(jsonable_encoder(shown), ensure_ascii=False)
    assert name not in rest
    assert nip not in rest
    # Forgetting twice changes nothing more.
    personal_data.forget(session, person_id=person.id, at=NOON)
    assert ledger.balance(session, addresses.expired(of.program.id)) == 1380 - 300


def test_a_parcel_on_its_way_keeps_its_address_until_it_has_arrived(session: Session) -> None:
    of = life(session)
    personal_data.forget(session, person_id=of.participant.person_id, at=NOON)
    orders = session.exec(select(Redemption).order_by(Redemption.number)).all()
    assert [(o.status, o.street) for o in orders] == [
        (RedemptionStatus.IN_FULFILMENT, "ul. Polna 4"),
        (RedemptionStatus.CANCELLED, ""),
    ]
    lot = session.exec(select(Lot)).one()
    assert lot.reserved == 1
    orders[0].status = RedemptionStatus.DELIVERED
    session.add(orders[0])
    session.flush()
    mine = sa.select(Participant.id).where(Participant.id == of.participant.id)
    assert personal.forget_delivered(session, erased=mine) == 1
    assert personal.forget_delivered(session, erased=mine) == 0
    assert orders[0].street == ""
