"""Claims are judged by what held on the day of the purchase, whatever is renamed meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from analytics import past_claims
from claims import proofs, queries
from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from ocr.reading import Line
from programs import product_history, product_import, product_rates, segments
from programs import service as programs
from programs.budget_tables import BudgetUse
from programs.policy import (
    Budget,
    Every,
    FirstPurchase,
    PerUnit,
    Rules,
    Selection,
    Target,
)
from programs.policy_replay import Replay
from programs.policy_segments import Conditions
from tests import make
from tests.conftest import NOON
from tests.verification.test_days import approve
from verification import preview, undoing
from verification.tables import Decision, Review

ALL = PerUnit(clause="Wszystko", points=Decimal(10))
BOX = PerUnit(clause="Box", points=Decimal(1), products=Selection(families=("Box",)))
NOVA = Selection(families=("Nova",))
RENAMED = "sku;nazwa;rodzina\nVX-N210;Gniazdo Nova p/t z uziemieniem białe;Nova 2027\n".encode()


def rename(session: Session, of: make.World, *, from_start: bool = False) -> None:
    product_import.apply(
        session, program_id=of.program.id, data=RENAMED, actor="x", from_start=from_start, at=NOON
    )


def publish(session: Session, of: make.World, rules: Rules, day: date) -> None:
    made = programs.draft_rules(
        session, program_id=of.program.id, rules=rules, valid_from=day, author="person:a", at=NOON
    )
    programs.publish_rules(session, version_id=made.id, publisher="person:b", at=NOON)


def sockets(position: int, units: str) -> Line:
    return make.line(position, "GNIAZDO NOVA P/T Z/U BIAŁE", units, gtin="5901234123457")


def waiting(session: Session, of: make.World, number: str, *lines: Line, day: date) -> Review:
    total = str(100 + int(number.split("/")[1]))
    seen = make.reading(of, number=number, lines=list(lines), issue_date=day, total=total)
    return make.read(session, make.submitted(session, of), seen)


def paid(session: Session, of: make.World, number: str, *lines: Line, day: date) -> Decision:
    return approve(session, of, waiting(session, of, number, *lines, day=day))


NOV = date(2026, 11, 18)


def test_a_family_that_is_renamed_before_the_decision_changes_nothing_of_it(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    claim = session.get_one(Claim, review.claim_id)
    rows = product_import.preview(session, program_id=of.program.id, data=RENAMED).rows
    warned = product_rates.unpaid(session, rows, program_id=of.program.id, today=NOON.date())
    assert [row.sku for row in warned] == ["VX-N210"]
    rename(session, of)
    known = [
        product_history.of(session, of.socket, on=NOON.date() + timedelta(days=days)).family
        for days in (0, 1)
    ]
    assert known == ["Nova", "Nova 2027"]
    assert approve(session, of, review).points == claim.estimate_points == 1_380
    with pytest.raises(sa.exc.DBAPIError, match="product_past"), session.begin_nested():
        session.execute(sa.text("DELETE FROM product_past"))


def test_a_rehearsal_judges_by_the_facts_of_the_day_that_it_supposes(session: Session) -> None:
    """What was bought before a rename is what it was; moved behind it, it has the new name."""
    of = make.world(session)
    approve(session, of, make.awaiting(session, of))
    rename(session, of)
    rules = Rules(base=(PerUnit(clause="Nova", points=Decimal(10), products=NOVA),))
    for days, families, points in ((0, {"Nova", "Box"}, 600), (14, {"Nova 2027", "Box"}, 0)):
        made = Replay(rules, lambda *_: frozenset())
        for claim in past_claims.stream(session, of.program.id, days=days):
            made.add(claim)
        assert (made.families.keys(), made.points_then) == (families, points)


def test_a_line_without_a_rate_uses_up_nothing_and_says_so(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    rename(session, of, from_start=True)
    claim = session.get_one(Claim, review.claim_id)
    wishes = {x.position: preview.wish_of(x) for x in queries.list_lines(session, claim.id)}
    seen = preview.count(session, review=review, claim=claim, wishes=wishes)
    assert [seen[n].has_rate for n in (1, 2)] == [False, True]
    decision = approve(session, of, review)
    socket, board = queries.list_lines(session, claim.id)[:2]
    assert (socket.verdict, socket.reason) == (Verdict.REJECT, ReasonCode.NO_RATE)
    assert (socket.quantity_accepted, socket.points) == (Decimal(0), 0)
    assert decision.points == board.points == 480
    with pytest.raises(IntegrityError, match="no rate covers"), session.begin_nested():
        session.execute(
            sa.update(ClaimLine)
            .where(col(ClaimLine.id) == socket.id)
            .values(verdict="approve", explanation=[], rule_facts=board.rule_facts)
        )


def test_one_document_or_two_bring_the_same(session: Session) -> None:
    board = make.line(2, "ROZDZ. BOX 24M P/T VX-B24", "1")
    start = FirstPurchase(clause="Start", points=Decimal(100))
    ten = Target(clause="Dziesięć", points=Decimal(50), units=Decimal(10))
    of = make.world(session, rules=Rules(base=(BOX,), bonuses=(start, ten)))
    together = paid(session, of, "FV/1/11", sockets(1, "9"), board, day=NOV)
    of = make.world(session, rules=Rules(base=(BOX,), bonuses=(start, ten)))
    first = paid(session, of, "FV/2/11", sockets(1, "9"), day=NOV)
    second = paid(session, of, "FV/3/11", board, day=NOV)
    assert (together.points, first.points, second.points) == (101, 0, 101)


def test_a_budget_counts_all_that_its_stretch_gave_whichever_version_judged_it(
    session: Session,
) -> None:
    of = make.world(session, rules=Rules(base=(ALL,), budget=Budget(points=900, every=Every.MONTH)))
    whole = Budget(points=1_000)
    publish(session, of, Rules(base=(ALL,)), date(2026, 11, 5))
    publish(session, of, Rules(base=(ALL,), budget=whole), date(2026, 11, 10))
    october = paid(session, of, "FV/1/10", sockets(1, "50"), day=date(2026, 10, 5))
    assert october.points == 500
    assert paid(session, of, "FV/2/11", sockets(1, "20"), day=date(2026, 11, 5)).points == 200
    last = paid(session, of, "FV/3/11", sockets(1, "40"), day=NOV)
    assert last.points == 300
    # What an older version pays later counts as well; what is undone may be given again.
    assert paid(session, of, "FV/4/11", sockets(1, "5"), day=date(2026, 11, 6)).points == 50
    undoing.undo(
        session, decision_id=october.id, clerk=of.clerk, note="pomyłka", at=NOON + timedelta(days=1)
    )
    rows = {row.stretch: row.used for row in session.exec(select(BudgetUse))}
    assert rows == {"2026-10": 0, "program": 550}
    assert paid(session, of, "FV/5/11", sockets(1, "90"), day=NOV).points == 450
    assert proofs.faults(session) == []


def test_a_target_under_another_name_is_paid_once(session: Session) -> None:
    goal = Target(clause="Cel", points=Decimal(500), units=Decimal(10), every=Every.YEAR)
    of = make.world(session, rules=Rules(base=(ALL,), bonuses=(goal,)))
    renamed = goal.model_copy(update={"clause": "Cel roczny"})
    publish(session, of, Rules(base=(ALL,), bonuses=(renamed,)), date(2026, 11, 1))
    assert paid(session, of, "FV/1/10", sockets(1, "10"), day=date(2026, 10, 5)).points == 600
    assert paid(session, of, "FV/2/11", sockets(1, "1"), day=NOV).points == 10


def test_who_joins_a_firm_later_changes_nothing_of_a_day_before(session: Session) -> None:
    of = make.world(session)
    segments.create(
        session, program_id=of.program.id, name="Duże", conditions=Conditions(firm_from=2),
        author="x", at=NOON,
    )  # fmt: skip
    programs.enrol(
        session, program=of.program, person_id=make.person(session).id, company_name="X",
        nip=of.participant.nip, voivodeship="30", at=NOON,
    )  # fmt: skip

    def there(on: date) -> frozenset[str]:
        return segments.keys_of(session, of.participant, wanted={"duze"}, on=on, tier="")

    assert (there(NOV), there(NOON.date())) == (frozenset(), frozenset({"duze"}))
