"""Caps and budgets under decisions that are made at once, and what undoing gives back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from claims import budget_room, earning, queries
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from core.db import Database
from messages.tables import Notice
from points import addresses, ledger
from programs import budgets
from programs import service as programs
from programs.budget_tables import BudgetUse
from programs.policy import (
    Budget,
    Cap,
    Every,
    FirstPurchase,
    PerUnit,
    Rules,
    Selection,
    Target,
)
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from tests.make import World
from verification import decisions, undoing
from verification.judging import LineVerdict
from verification.tables import Decision, Review

AT_ONCE = 6
RATE = PerUnit(clause="Nova", points=Decimal(10), products=Selection(families=("Nova",)))
CAPPED = Rules(base=(RATE,), participant_caps=(Cap(points=1_000, every=Every.MONTH),))
BUDGETED = Rules(base=(RATE,), budget=Budget(points=1_000))


def approve(session: Session, of: World, review: Review) -> Decision:
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    return decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)


def waiting(
    session: Session, of: World, number: int, participant: Participant | None = None
) -> Review:
    """A claim of 40 sockets: 400 points."""
    claim = make.submitted(session, of, participant=participant)
    line = make.line(1, "GNIAZDO NOVA", "40", gtin="5901234123457")
    seen = make.reading(of, number=f"FV/{number}", lines=[line], total=f"{100 + number}.00")
    return make.read(session, claim, seen)


def colleague(session: Session, of: World) -> Participant:
    return programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session).id,
        company_name="Instalacje",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )


def race(database: Database, of: World, reviews: list[UUID]) -> int:
    """Approve all at the same moment; the points that came of it."""
    gate = Barrier(len(reviews))

    def one(review_id: UUID) -> None:
        with database.unit_of_work() as session:
            review = session.get_one(Review, review_id)
            gate.wait(timeout=20)
            approve(session, of, review)

    with ThreadPoolExecutor(len(reviews)) as pool:
        list(pool.map(one, reviews))
    with database.unit_of_work() as session:
        return session.exec(select(sa.func.sum(Claim.points))).one()


def prepared(database: Database, rules: Rules, *, of_one: bool) -> tuple[World, list[UUID]]:
    with database.unit_of_work() as session:
        of = make.world(session, rules=rules)
        people = [of.participant if of_one else colleague(session, of) for _ in range(AT_ONCE)]
        found = [waiting(session, of, n, person).id for n, person in enumerate(people)]
    return of, found


def test_decisions_at_once_fill_a_participants_cap_exactly(real_database: Database) -> None:
    of, reviews = prepared(real_database, CAPPED, of_one=True)
    assert race(real_database, of, reviews) == 1_000
    with real_database.unit_of_work() as session:
        assert ledger.balance(session, addresses.active(of.participant.id)) == 1_000


def test_decisions_at_once_spend_a_budget_exactly(real_database: Database) -> None:
    of, reviews = prepared(real_database, BUDGETED, of_one=False)
    assert race(real_database, of, reviews) == 1_000
    with real_database.unit_of_work() as session:
        row = session.exec(select(BudgetUse)).one()
        assert (row.used, row.ended_at) == (1_000, NOON)
        assert -ledger.balance(session, addresses.issued(of.program.id)) == 1_000


def test_a_first_purchase_is_paid_once_when_decisions_meet(real_database: Database) -> None:
    first = FirstPurchase(clause="start", points=Decimal(50))
    rules = Rules(base=(RATE,), bonuses=(first,))
    of, reviews = prepared(real_database, rules, of_one=True)
    assert race(real_database, of, reviews) == AT_ONCE * 400 + 50


def test_without_the_participants_lock_the_cap_is_passed(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the lock carries the promise, not luck."""
    _meet_before_posting(monkeypatch)
    monkeypatch.setattr(earning, "lock_participant", lambda *_: None)
    of, reviews = prepared(real_database, CAPPED, of_one=True)
    assert race(real_database, of, reviews) == AT_ONCE * 400


def test_without_the_budgets_lock_the_database_refuses_to_overrun(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: unlocked reads would overrun, and the guarded update stops that."""
    _meet_before_posting(monkeypatch)
    monkeypatch.setattr(budgets, "lock", budgets.used)
    of, reviews = prepared(real_database, BUDGETED, of_one=False)
    with real_database.unit_of_work() as session:
        session.add(BudgetUse(program_id=of.program.id, stretch="program", used=0))
    with pytest.raises(budgets.BudgetOverrun):
        race(real_database, of, reviews)
    with real_database.unit_of_work() as session:
        assert session.exec(select(BudgetUse.used)).one() <= 1_000
        assert -ledger.balance(session, addresses.issued(of.program.id)) <= 1_000


def _begun_meanwhile(database: Database) -> int:
    """What a budget counts that begins while a decision without one is not committed yet."""
    of, [review_id, *_] = prepared(database, Rules(base=(RATE,)), of_one=True)

    def begin() -> int:
        with database.unit_of_work() as other:
            return budget_room.lock(
                other, program_id=of.program.id, rules=BUDGETED, on=date(2026, 11, 18)
            )

    waiting_for_gate = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as session:
            approve(session, of, session.get_one(Review, review_id))
            begun = pool.submit(begin)
            while not begun.done() and not session.execute(waiting_for_gate).scalar_one():
                wait([begun], timeout=0.01)
        return begun.result(timeout=20)


def test_a_budget_that_begins_waits_for_decisions_that_have_none(real_database: Database) -> None:
    assert _begun_meanwhile(real_database) == 400


def test_without_the_gate_a_budget_begins_without_what_is_being_paid(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: whoever pays has to pass the gate."""
    monkeypatch.setattr(budgets, "_pass_gate", lambda *_: None)
    assert _begun_meanwhile(real_database) == 0


def _meet_before_posting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has read what was credited before anybody posts."""
    gate, judge = Barrier(AT_ONCE), earning.judge

    def slow(session: Session, **facts: object) -> object:
        found = judge(session, **facts)
        if facts.get("locked"):
            gate.wait(timeout=20)
        return found

    monkeypatch.setattr(earning, "judge", slow)


@pytest.fixture
def decided(session: Session) -> Callable[[Rules], tuple[World, list[Decision]]]:
    def made(rules: Rules) -> tuple[World, list[Decision]]:
        of = make.world(session, rules=rules)
        found = [approve(session, of, waiting(session, of, n)) for n in range(3)]
        return of, found

    return made


def test_an_undone_decision_gives_its_points_back_to_the_budget(
    session: Session, decided: Callable[[Rules], tuple[World, list[Decision]]]
) -> None:
    of, made = decided(BUDGETED)
    assert [one.points for one in made] == [400, 400, 200]
    undoing.undo(session, decision_id=made[0].id, clerk=of.clerk, at=NOON + timedelta(seconds=3))
    assert session.exec(select(BudgetUse.used)).one() == 600
    again = approve(session, of, waiting(session, of, 9))
    assert again.points == 400
    assert session.exec(select(BudgetUse.used)).one() == 1_000


def test_an_undone_decision_opens_the_cap_and_the_target_again(
    session: Session, decided: Callable[[Rules], tuple[World, list[Decision]]]
) -> None:
    target = Target(clause="sto", points=Decimal(77), units=Decimal(100))
    of, made = decided(Rules(base=(RATE,), bonuses=(target,)))
    assert [one.points for one in made] == [400, 400, 477]
    undoing.undo(session, decision_id=made[2].id, clerk=of.clerk, at=NOON + timedelta(seconds=3))
    assert approve(session, of, waiting(session, of, 9)).points == 477


def test_the_managers_hear_once_that_the_budget_ended(session: Session) -> None:
    of = make.world(session, rules=BUDGETED)
    manager = make.person(session)
    place = Grant(Role.PROGRAM_MANAGER, scope_of("program", of.program.id))
    grants.grant(session, person_id=manager.id, grant=place, by="person:test", at=NOON)
    made = [approve(session, of, waiting(session, of, n)) for n in range(4)]
    assert [one.points for one in made] == [400, 400, 200, 0]
    told = session.exec(select(Notice).where(Notice.kind == "budget-ended")).all()
    assert [notice.person_id for notice in told] == [manager.id]


def test_the_line_keeps_every_step_and_what_the_rules_were_told(session: Session) -> None:
    first = FirstPurchase(clause="Na start", points=Decimal(50))
    of = make.world(session, rules=BUDGETED.model_copy(update={"bonuses": (first,)}))
    decision = approve(session, of, waiting(session, of, 1))
    line = session.exec(select(ClaimLine).where(ClaimLine.claim_id == decision.claim_id)).one()
    assert [(s["stage"], s["clause"], s["kind"]) for s in line.explanation] == [
        ("base", "Nova", "per_unit"),
        ("campaign", "Na start", "first_purchase"),
    ]
    assert line.rule_facts["rooms"] == [{"limit": "budget:program", "left": 1_000}]
    assert line.points == 450


def test_the_version_of_the_purchase_day_judges_whenever_the_decision_is_made(
    session: Session,
) -> None:
    of = make.world(session, rules=Rules(base=(RATE,)))
    better = Rules(base=(RATE.model_copy(update={"points": Decimal(99)}),))
    version = programs.draft_rules(
        session,
        program_id=of.program.id,
        rules=better,
        valid_from=date(2026, 11, 19),
        author="person:author",
        at=NOON,
    )
    programs.publish_rules(session, version_id=version.id, publisher="person:second", at=NOON)
    assert local_sale(session, of, date(2026, 11, 18), 1) == (400, of.rules.id)
    assert local_sale(session, of, date(2026, 11, 19), 2) == (3_960, version.id)


def local_sale(session: Session, of: World, day: date, number: int) -> tuple[int, UUID | None]:
    line = make.line(1, "GNIAZDO NOVA", "40", gtin="5901234123457")
    seen = make.reading(
        of, number=f"FV/{number}", lines=[line], issue_date=day, total=f"{number}.00"
    )
    review = make.read(session, make.submitted(session, of), seen)
    decision = approve(session, of, review)
    judged = session.exec(
        select(ClaimLine.rule_version_id).where(col(ClaimLine.claim_id) == decision.claim_id)
    ).one()
    return decision.points, judged
