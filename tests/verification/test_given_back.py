"""What a correction took comes back, to the point, when a later one sells the goods again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from claims import proofs as claim_proofs
from claims import queries
from claims.correction_tables import Correction, CorrectionProof, CorrectionStatus
from claims.states import ClaimStatus, ReasonCode, Verdict
from demo.documents import corrections as makers
from demo.documents.purchase import Purchase
from messages.kinds import BUDGET_ENDED, CLAIM_GIVEN_BACK
from messages.tables import Notice
from points import proofs
from points import service as points
from programs.budget_tables import BudgetUse
from programs.policy import Budget, Cap, PerUnit, Rules
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    approve,
    before_after,
    claimed,
    next_of,
    no_faults,
    original,
    paid,
    send,
    spendable,
)
from tests.verification.test_corrections import BONUSES
from verification import corrections, receipts, undoing
from verification.correction_notes import Return
from verification.tables import Decision, Review, ReviewStatus
from web.views import corrections as views


def faults(session: Session) -> list[str]:
    return [*proofs.faults(session), *claim_proofs.faults(session)]


def down_and_up(session: Session, of: make.World, invoice: Purchase, low: str, high: str) -> None:
    """The sockets of an invoice go from sixty to `low`, then to `high`; each is sent twice."""
    first = before_after(invoice, {1: low})
    second = next_of(invoice, first, low, high, "KOR/2/2026")
    for _ in range(2):
        send(session, of, first)
    for _ in range(2):
        send(session, of, second)


@pytest.mark.parametrize(("low", "high", "points_now"), [
    ("0", "60", 1380), ("0", "25", 855), ("20", "60", 1380), ("20", "50", 1230), ("0", "90", 1380),
])  # fmt: skip
def test_points_come_back_with_the_units_and_never_more_than_were_granted(
    session: Session, of: make.World, low: str, high: str, points_now: int
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    down_and_up(session, of, invoice, low, high)
    assert (claim.points, spendable(session, of)) == (points_now, points_now)
    assert no_faults(session)
    sockets = queries.list_lines(session, claim.id)[0]
    assert (sockets.verdict, sockets.reason) == (Verdict.APPROVE, ReasonCode.COUNTED)
    assert sockets.quantity_accepted == min(int(high), 60)
    # The participant is told why: a message, the claim's page, the statement.
    [notice] = session.exec(select(Notice).where(Notice.kind == CLAIM_GIVEN_BACK.name)).all()
    gained = points_now - 480 - int(low) * 15
    assert notice.context["points"] == gained
    told = [
        (one.number, one.units, one.points, one.given) for one in views.taken(session, claim.id)
    ]
    assert told == [
        ("KOR/1/2026", 60 - int(low), (60 - int(low)) * 15, False),
        ("KOR/2/2026", min(int(high), 60) - int(low), gained, True),
    ]
    line = next(x for x in receipts.receipt_of(session, claim).lines if x.position == 1)
    assert (line.points, line.units) == (points_now - 480, min(int(high), 60))


def test_a_claim_that_was_reversed_stands_again_and_can_still_be_undone(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    first = before_after(invoice, {1: "0", 2: "0"})
    send(session, of, first)
    assert claim.status is ClaimStatus.REVERSED
    send(session, of, next_of(invoice, first, "0", "60", "KOR/2/2026"))
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.APPROVED, 900, 900)
    decision = session.exec(select(Decision).where(Decision.claim_id == claim.id)).one()
    review = undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=NOON)
    assert (claim.points, spendable(session, of)) == (0, 0)
    approve(session, of, review)
    assert (claim.points, spendable(session, of)) == (900, 900)
    assert faults(session) == []


def test_spent_points_that_come_back_end_the_debt(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    make.place(session, of, make.stocked_reward(session, of, price=1300))
    first = before_after(invoice, {1: "0"})
    send(session, of, first)
    owes = points.debt(session, participant_id=of.participant.id)
    assert (spendable(session, of), owes) == (0, 820)
    send(session, of, next_of(invoice, first, "0", "50", "KOR/2/2026"))
    assert points.debt(session, participant_id=of.participant.id) == 70
    send(session, of, next_of(invoice, first, "50", "60", "KOR/3/2026"))
    assert (claim.points, spendable(session, of)) == (1380, 80)
    assert points.debt(session, participant_id=of.participant.id) == 0
    assert no_faults(session)


def test_units_that_another_claim_was_paid_for_meanwhile_stay_with_it(
    session: Session, of: make.World
) -> None:
    """The first decision is undone while its row is empty; a second claim is paid what is sold."""
    invoice = original(of)
    claim = paid(session, of, invoice)
    first = before_after(invoice, {1: "0"})
    send(session, of, first)
    decision = session.exec(select(Decision).where(Decision.claim_id == claim.id)).one()
    undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=NOON)
    send(session, of, next_of(invoice, first, "0", "60", "KOR/2/2026"))
    assert claimed(session, of, invoice).points == 1380
    send(session, of, next_of(invoice, first, "60", "70", "KOR/3/2026"))
    review = session.exec(
        select(Review).where(Review.claim_id == claim.id, Review.status != ReviewStatus.DONE)
    ).one()
    approve(session, of, review)
    assert (claim.points, spendable(session, of)) == (150, 1530)
    assert no_faults(session)


LIMITED = Rules(
    base=(PerUnit(clause="sztuka", points=Decimal(10)),),
    participant_caps=(Cap(points=1_000),),
    budget=Budget(points=5_000),
)


def test_what_comes_back_keeps_to_the_cap_that_others_used_meanwhile(session: Session) -> None:
    of = make.world(session, rules=LIMITED)
    invoice = original(of)
    one = claimed(session, of, invoice)
    assert one.points == 620
    first = before_after(invoice, {1: "0"})
    send(session, of, first)
    other = claimed(session, of, original(of, "FV/1185/11/2026"))
    assert (one.points, other.points) == (20, 620)
    send(session, of, next_of(invoice, first, "0", "60", "KOR/2/2026"))
    assert (one.points, spendable(session, of)) == (380, 1_000)
    assert session.exec(select(BudgetUse.used)).one() == 1_000
    line = receipts.receipt_of(session, one).lines[0]
    assert (line.points + receipts.receipt_of(session, one).lines[1].points) == 380
    assert "participant:month" in {x.limit for x in receipts.receipt_of(session, one).lines}
    assert no_faults(session)


def test_the_managers_hear_when_what_comes_back_uses_up_the_budget(session: Session) -> None:
    rules = Rules(base=LIMITED.base, budget=Budget(points=1_000))
    of = make.world(session, rules=rules)
    manager = make.person(session)
    place = Grant(Role.PROGRAM_MANAGER, scope_of("program", of.program.id))
    grants.grant(session, person_id=manager.id, grant=place, by="person:test", at=NOON)
    invoice = original(of)
    one = claimed(session, of, invoice)
    first = before_after(invoice, {1: "0"})
    send(session, of, first)
    claimed(session, of, original(of, "FV/1185/11/2026"))
    budget_ended = select(Notice.person_id).where(Notice.kind == BUDGET_ENDED.name)
    assert session.exec(budget_ended).all() == []
    send(session, of, next_of(invoice, first, "0", "60", "KOR/2/2026"))
    assert (one.points, session.exec(select(BudgetUse.used)).one()) == (380, 1_000)
    assert session.exec(budget_ended).all() == [manager.id]


def test_bonuses_come_back_with_their_units_and_never_twice(session: Session) -> None:
    of = make.world(session, rules=BONUSES)
    first, second = original(of), original(of, "FV/1185/11/2026")
    one, other = claimed(session, of, first), claimed(session, of, second)
    assert (one.points, other.points) == (62 + 500 + 100, 62 + 500 + 700)
    down = before_after(first, {1: "0"})
    send(session, of, down)
    assert (one.points, other.points) == (2 + 100, 62 + 500)
    send(session, of, next_of(first, down, "0", "60", "KOR/2/2026"))
    # The set, the target on the other claim, the first purchase: all where they had been.
    assert (one.points, other.points) == (62 + 500 + 100, 62 + 500 + 700)
    told = [(x.number, x.points, x.bonuses, x.given) for x in views.taken(session, other.id)]
    assert told == [("KOR/1/2026", 700, "cel", False), ("KOR/2/2026", 700, "cel", True)]
    assert no_faults(session)
    # Wholly back, and the first purchase is another claim's when the goods are sold again.
    gone = before_after(first, {1: "0", 2: "0"}, "KOR/3/2026")
    send(session, of, gone)
    assert (one.status, one.points) == (ClaimStatus.REVERSED, 0)
    third = claimed(session, of, original(of, "FV/1186/11/2026"))
    assert third.points == 62 + 500 + 700 + 100
    again = before_after(emptied(first), {1: "60", 2: "2"}, "KOR/4/2026")
    send(session, of, named(again, first, gone))
    assert (one.points, other.points, third.points) == (562, 562, 1_362)
    assert spendable(session, of) == 562 + 562 + 1_362
    assert no_faults(session)


def emptied(invoice: Purchase) -> Purchase:
    left = tuple(replace(line, quantity=Decimal(0)) for line in invoice.lines[:2])
    return replace(invoice, lines=(*left, *invoice.lines[2:]))


def named(again: Purchase, *originals: Purchase) -> Purchase:
    assert again.correction is not None
    both = tuple(makers.reference(one) for one in originals)
    return replace(again, correction=replace(again.correction, originals=both))


SUMS = {"plain": None, "bonuses": BONUSES, "limited": LIMITED}


@pytest.mark.parametrize("rules", SUMS.values(), ids=SUMS.keys())
def test_any_chain_of_corrections_ends_where_the_last_one_alone_would(
    session: Session, rules: Rules | None
) -> None:
    of = make.world(session, rules=rules) if rules else make.world(session)
    invoice = original(of)
    claim = claimed(session, of, invoice)
    other = claimed(session, of, original(of, "FV/1185/11/2026"))
    whole = claim.points + other.points
    assert claim.purchase_id is not None

    def change(position: int, printed: int) -> None:
        correction = Correction(
            program_id=of.program.id,
            seller_nip=of.partner.nip,
            number=(number := str(uuid4())),
            number_norm=number,
            encoding="A",
            proof=CorrectionProof.KSEF_FETCHED,
            status=CorrectionStatus.WAITING,
            reading={},
            created_at=NOON,
        )
        session.add(correction)
        session.flush()
        back = Return(claim.purchase_id or UUID(int=0), position, Decimal(printed))
        corrections._apply(session, correction, [back], at=NOON)

    counts = st.lists(
        st.one_of(
            st.tuples(st.just(1), st.integers(0, 60)), st.tuples(st.just(2), st.integers(0, 2))
        ),
        min_size=1,
        max_size=5,
    )

    @settings(
        max_examples=8, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(chain=counts)
    def ends_alike(chain: list[tuple[int, int]]) -> None:
        with session.begin_nested() as example:
            now = {1: 60, 2: 2}
            for position, count in chain:
                if count != now[position]:
                    change(position, now[position] - count)
                    now[position] = count
                assert spendable(session, of) == claim.points + other.points <= whole
                assert faults(session) == []
            stepwise = (claim.points, other.points)
            for position, sold in ((1, 60), (2, 2)):  # All of it sold again: all points are back.
                if now[position] != sold:
                    change(position, now[position] - sold)
            assert claim.points + other.points == whole
            for position, sold in ((1, 60), (2, 2)):
                if now[position] != sold:
                    change(position, sold - now[position])
            assert (claim.points, other.points) == stepwise
            assert faults(session) == []
            example.rollback()
        session.expire_all()

    ends_alike()
    assert (claim.points + other.points, spendable(session, of)) == (whole, whole)
