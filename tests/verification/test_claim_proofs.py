"""`verify` names the claim and the paper whose points or units do not add up."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import proofs, queries
from claims.states import Verdict
from claims.tables import Claim
from programs.policy import Budget
from programs.tables import Participant
from rewards import proofs as order_proofs
from tests import make
from tests.conftest import NOON
from verification import decision_proofs, decisions, undoing
from verification.judging import LineVerdict
from verification.tables import Decision


def decided(session: Session) -> tuple[make.World, Claim]:
    rules = make.RULES.model_copy(update={"budget": Budget(points=5000)})
    of = make.world(session, rules=rules)
    review = make.awaiting(session, of)
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    done = decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    assert proofs.faults(session) == []
    claim = session.get_one(Claim, review.claim_id)
    assert claim.points > 0
    assert done.points == claim.points
    return of, claim


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE claim SET points = points + 1", 2),  # neither its lines' nor the ledger's
        ("UPDATE point_lot SET taken_back = 1", 1),
        ("UPDATE purchase_line SET quantity_accepted = 0 WHERE quantity_accepted > 0", 1),
        ("UPDATE budget_use SET used = 0", 1),
        ("DELETE FROM purchase_key", 1),
    ],
    ids=["claim", "award", "paper", "budget", "keys"],
)
def test_what_does_not_add_up_is_named(session: Session, change: str, named: int) -> None:
    decided(session)
    session.execute(sa.text(change))
    assert len(proofs.faults(session)) >= named


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE purchase_line SET quantity_sold = quantity_sold + 1", "no reading shows so many"),
        (
            "UPDATE purchase_line SET quantity_sold = quantity_sold + 5, quantity_raised = 5",
            "units sold besides, corrections fewer",
        ),
        (
            "UPDATE purchase_line SET printed_returned = 1, quantity_sold = quantity_sold",
            "units came back, corrections more",
        ),
        ("UPDATE claim SET participant_id = :other", "its points are on another account"),
    ],
    ids=["longer", "raised", "returned", "claimant"],
)
def test_units_from_nowhere_and_a_claim_of_somebody_else_are_named(
    session: Session, change: str, named: str
) -> None:
    of, _ = decided(session)
    other = Participant(
        program_id=of.program.id,
        person_id=make.person(session).id,
        company_name="Obcy",
        nip=make.nip(),
        voivodeship="30",
        enrolled_at=NOON,
    )
    session.add(other)
    session.flush()
    statement = sa.text(change)
    session.execute(statement, {"other": other.id} if ":other" in change else {})
    assert any(fault.endswith(named) for fault in proofs.faults(session))


def test_an_order_of_somebody_else_or_at_another_price_is_named(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 900)
    order = make.place(session, of, make.stocked_reward(session, of))
    assert order_proofs.faults(session) == []
    other = make.world(session).participant.id
    cheaper = "UPDATE redemption SET points = 1 WHERE id = :id"
    handed = "UPDATE redemption SET participant_id = :other WHERE id = :id"
    for change, named in ((cheaper, "1 points, 500 were held"), (handed, "another account")):
        with session.begin_nested() as point:
            session.execute(sa.text(change), {"id": order.id, "other": other})
            assert any(
                order.number in fault and fault.endswith(named)
                for fault in order_proofs.faults(session)
            )
            point.rollback()


def test_points_without_a_decision_that_stands_are_named(session: Session) -> None:
    _, claim = decided(session)
    assert decision_proofs.faults(session) == []
    session.execute(sa.text("UPDATE decision SET undone_at = now()"))
    without = f"claim {claim.number}: {claim.points} points without a decision"
    assert without in decision_proofs.faults(session)


def test_a_decision_that_was_undone_and_made_again_adds_up(session: Session) -> None:
    of, claim = decided(session)
    [decision] = _decisions(session, claim)
    undoing.undo(session, decision_id=decision, clerk=of.clerk, note="pomyłka", at=NOON)
    assert proofs.faults(session) == []
    session.refresh(claim)
    assert claim.points == 0
    lines = queries.list_lines(session, claim.id)
    assert sum((line.quantity_accepted or Decimal(0)) for line in lines) == 0


def _decisions(session: Session, claim: Claim) -> list[UUID]:
    return list(session.exec(select(Decision.id).where(Decision.claim_id == claim.id)))
