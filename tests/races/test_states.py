"""Every state with every action: what the table does not have is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlmodel import Session, select

from claims import queries as claim_queries
from claims import service as claims
from claims import states as claim_states
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim, ClaimEvent
from core.errors import DomainError, Kind
from logistics import stock
from logistics.states import ALLOCATION, AllocationStatus
from logistics.tables import Allocation, Lot
from points import proofs
from rewards import fulfilment, service
from rewards import states as reward_states
from rewards.states import PARTICIPANT_MAY_CANCEL, RedemptionStatus
from rewards.tables import Redemption, RedemptionEvent
from tests import make
from tests.conftest import NOON
from verification import asking, decisions
from verification.judging import LineVerdict
from verification.tables import Decision, Review

Act = Callable[[Session, make.World, Review], object]


def approve(session: Session, of: make.World, review: Review) -> object:
    lines = claim_queries.list_lines(session, review.claim_id)
    return decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[LineVerdict(x.id, Verdict.APPROVE) for x in lines if x.product_id],
        at=NOON,
    )


def reject(session: Session, of: make.World, review: Review) -> object:
    return decisions.reject(
        session, review=review, clerk=of.clerk, reason=ReasonCode.NOT_OUR_DOCUMENT, at=NOON
    )


def cancel(session: Session, of: make.World, review: Review) -> object:
    return claims.cancel(
        session,
        claim_id=review.claim_id,
        participant_id=of.participant.id,
        actor="person:test",
        at=NOON,
    )


def answer(session: Session, of: make.World, review: Review) -> object:
    return asking.answer(
        session,
        claim_id=review.claim_id,
        participant_id=of.participant.id,
        text="To ja",
        at=NOON,
    )


# Where each action may lead; it is allowed where the table has one of these steps.
CLAIM_ACTIONS: dict[str, tuple[Act, ClaimStatus]] = {
    "approve": (approve, ClaimStatus.REJECTED),
    "reject": (reject, ClaimStatus.REJECTED),
    "cancel": (cancel, ClaimStatus.CANCELLED),
    "answer": (answer, ClaimStatus.AWAITING_PARTNER),
}


@pytest.mark.parametrize("action", sorted(CLAIM_ACTIONS))
@pytest.mark.parametrize("status", sorted(ClaimStatus))
def test_a_claim_takes_only_the_steps_of_its_table(
    session: Session, status: ClaimStatus, action: str
) -> None:
    act, target = CLAIM_ACTIONS[action]
    if target in claim_states.TRANSITIONS[status]:
        return  # Allowed: the tests of its use case show what it does.
    of = make.world(session)
    review = make.awaiting(session, of)
    claim = session.get_one(Claim, review.claim_id)
    claim.status = status
    session.add(claim)
    session.flush()
    events = len(session.exec(select(ClaimEvent)).all())
    with pytest.raises(DomainError) as refused, session.begin_nested():
        act(session, of, review)
    assert refused.value.kind is Kind.CONFLICT
    session.refresh(claim)
    assert claim.status is status
    assert len(session.exec(select(ClaimEvent)).all()) == events
    assert session.exec(select(Decision)).all() == []
    assert proofs.faults(session) == []


def _start(session: Session, order: Redemption) -> object:
    return fulfilment.start(session, redemption_id=order.id, actor="person:test", at=NOON)


def _hand_over(session: Session, order: Redemption) -> object:
    return fulfilment.hand_over(session, redemption_id=order.id, actor="person:test", at=NOON)


def _cancel(session: Session, order: Redemption) -> object:
    return service.cancel(
        session,
        redemption_id=order.id,
        participant_id=order.participant_id,
        actor="person:test",
        at=NOON,
    )


def _drop(session: Session, order: Redemption) -> object:
    return service.cancel(
        session, redemption_id=order.id, participant_id=None, actor="person:test", at=NOON
    )


def _confirm(session: Session, order: Redemption) -> object:
    return fulfilment.confirm_delivery(
        session,
        redemption_id=order.id,
        participant_id=order.participant_id,
        actor="person:test",
        at=NOON,
    )


R = RedemptionStatus
TABLE = reward_states.TRANSITIONS
ORDER_ACTIONS: dict[str, tuple[Callable[[Session, Redemption], object], frozenset[R]]] = {
    "start": (_start, frozenset(s for s in R if R.IN_FULFILMENT in TABLE[s])),
    "hand over": (_hand_over, frozenset(s for s in R if R.SHIPPED in TABLE[s])),
    "cancel": (_cancel, PARTICIPANT_MAY_CANCEL),
    "drop": (_drop, frozenset(s for s in R if R.CANCELLED in TABLE[s])),
    "confirm": (_confirm, frozenset({R.SHIPPED, R.DELIVERED})),
}


@pytest.mark.parametrize("action", sorted(ORDER_ACTIONS))
@pytest.mark.parametrize("status", sorted(RedemptionStatus))
def test_an_order_takes_only_the_steps_of_its_table(
    session: Session, status: RedemptionStatus, action: str
) -> None:
    act, allowed = ORDER_ACTIONS[action]
    if status in allowed:
        return  # Allowed: the tests of its use case show what it does.
    of = make.world(session)
    make.give_points(session, of, 1_000)
    order = make.place(session, of, make.stocked_reward(session, of))
    order.status = status
    order.hold_reason = "debt" if status is R.ON_HOLD else None
    session.add(order)
    session.flush()
    events = len(session.exec(select(RedemptionEvent)).all())
    with pytest.raises(DomainError) as refused, session.begin_nested():
        act(session, order)
    assert refused.value.kind in (Kind.CONFLICT, Kind.NOT_FOUND)
    session.refresh(order)
    assert order.status is status
    assert len(session.exec(select(RedemptionEvent)).all()) == events
    lot = session.exec(select(Lot)).one()
    assert (lot.on_hand, lot.reserved) == (5, 1)
    assert proofs.faults(session) == []


@pytest.mark.parametrize("status", sorted(AllocationStatus))
@pytest.mark.parametrize("target", sorted(AllocationStatus))
def test_reserved_units_take_only_the_steps_of_their_table(
    session: Session, status: AllocationStatus, target: AllocationStatus
) -> None:
    if target in ALLOCATION[status] or target is AllocationStatus.RESERVED:
        return
    of = make.world(session)
    make.give_points(session, of, 1_000)
    make.place(session, of, make.stocked_reward(session, of))
    allocation = session.exec(select(Allocation)).one()
    allocation.status = status
    session.add(allocation)
    session.flush()
    lot = session.exec(select(Lot)).one()
    before = (lot.on_hand, lot.reserved)
    acts = {
        AllocationStatus.PICKED: lambda: stock.pick(
            session,
            reference=allocation.reference,
            lot_number=lot.number,
            actor="person:test",
            at=NOON,
        ),
        AllocationStatus.CONSUMED: lambda: stock.consume(
            session, reference=allocation.reference, actor="person:test", at=NOON
        ),
        AllocationStatus.RELEASED: lambda: stock.release(
            session,
            reference=allocation.reference,
            actor="person:test",
            reason="test",
            at=NOON,
        ),
    }
    with suppress(DomainError), session.begin_nested():
        acts[target]()
    session.refresh(allocation)
    session.refresh(lot)
    # Refused, or harmless because it had happened before: either way nothing moved.
    assert allocation.status is status
    assert (lot.on_hand, lot.reserved) == before
