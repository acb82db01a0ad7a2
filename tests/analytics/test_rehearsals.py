"""Past claims under a draft: who gains, who loses, what it costs, when the budget ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from analytics import past_claims, rehearsals
from claims.tables import Claim
from core import queue
from core.runtime import App
from programs import rule_drafts
from programs.policy import Budget, Campaign, Cap, Every, Ladder, Level, PerUnit, Rules, Selection
from programs.policy_replay import PastClaim, PastLine, Replay, shifted, years_to_shift
from programs.rehearsal_tables import Rehearsal, RehearsalStatus
from programs.rule_tables import RuleVersion
from tests.analytics import scene as scenes
from tests.conftest import NOON
from workers import rehearsals as work
from workers.runtime import Handler, run_attempt

RATE = PerUnit(clause="Nova", points=Decimal(10))
ANNA, PIOTR = uuid4(), uuid4()


def claim(who: UUID, month: int, units: int, *, points: int = 0, family: str = "Nova") -> PastClaim:
    day = date(2026, month, 10)
    line = PastLine(family, family, Decimal(units), points)
    return PastClaim(who, day + timedelta(days=2), day, "", (line,))


def replayed(rules: Rules, *claims: PastClaim) -> Replay:
    return rehearsals.replay(claims, rules, lambda *_: frozenset())


def test_it_says_who_gains_who_loses_and_what_it_costs() -> None:
    made = replayed(
        Rules(base=(RATE,)),
        claim(ANNA, 1, 10, points=80),
        claim(PIOTR, 1, 10, points=130),
        claim(ANNA, 2, 5, points=50),
    )
    result = rehearsals.result_of(made)
    assert (result["points"], result["points_then"]) == (260, 250)
    assert (result["gaining"], result["losing"], result["same"]) == (1, 1, 0)
    assert result["most_gaining"] == [[str(ANNA), 20]]
    assert result["most_losing"] == [[str(PIOTR), -30]]
    assert made.months == {"2026-01": (210, 200), "2026-02": (50, 50)}
    assert result["months"] == [["", 260, 250]], "one or two firms stand behind each month"


def test_the_budget_stops_on_its_day_and_is_told() -> None:
    claims = [claim(ANNA, month, 10) for month in (1, 2, 3, 4)]
    ended = replayed(Rules(base=(RATE,), budget=Budget(points=250)), *claims)
    assert (ended.points_then, ended.cut_lines) == (250, 2)
    assert rehearsals.result_of(ended)["budget_ends_on"] == "2026-03-12"
    going = replayed(Rules(base=(RATE,), budget=Budget(points=800)), *claims)
    forecast = going.budget_forecast()
    # 400 points in 93 days: as many again end in July.
    assert forecast == date(2026, 1, 10) + timedelta(days=186)
    assert not rehearsals.result_of(going)["budget_ended"]


def test_levels_and_caps_grow_within_the_replay() -> None:
    rules = Rules(
        base=(RATE,),
        ladder=Ladder(levels=(Level(name="Srebrny", at_least=Decimal(150)),)),
        tier_factors={"Srebrny": Decimal(2)},
        participant_caps=(Cap(points=300, every=Every.MONTH),),
    )
    claims = [claim(ANNA, 1, 20), claim(ANNA, 2, 10), claim(ANNA, 3, 20), claim(PIOTR, 3, 1)]
    made = replayed(rules, *claims)
    assert made.months == {"2026-01": (0, 200), "2026-02": (0, 200), "2026-03": (0, 310)}
    assert made.levels() == {"Srebrny": 1, "": 1}


@pytest.mark.parametrize(
    ("first", "valid_from", "years"),
    [
        (date(2026, 1, 5), date(2026, 12, 1), 1),
        (date(2026, 1, 5), date(2027, 1, 1), 1),
        (date(2025, 3, 1), date(2026, 12, 1), 2),
        (date(2026, 1, 5), date(2025, 1, 1), 0),
    ],
)
def test_history_is_moved_by_whole_years(first: date, valid_from: date, years: int) -> None:
    assert years_to_shift(first, valid_from) == years
    assert shifted(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.fixture
def asked(real_app: App) -> UUID:
    """A rehearsal of a draft that doubles March, over six claims of this November."""
    with real_app.database.unit_of_work() as session:
        found = scenes.scene(session)
        for firm in found.firms:
            scenes.bought(session, found, firm, sockets=10)
        november = Campaign(
            clause="Listopad",
            starts_on=date(2027, 11, 1),
            ends_on=date(2027, 11, 30),
            factor=Decimal(2),
        )
        draft = rule_drafts.start(session, like=found.world.rules, author="person:a", at=NOON)
        rule_drafts.save(
            session,
            draft,
            rules=Rules(
                base=(RATE.model_copy(update={"products": Selection(families=("Nova",))}),),
                campaigns=(november,),
            ),
            valid_from=date(2026, 12, 1),
            note="",
            editor="person:a",
        )
        made = rehearsals.request(session, draft, actor="person:a", at=NOON)
        again = rehearsals.request(session, draft, actor="person:b", at=NOON)
        assert again.id == made.id
        return made.id


def attempt(app: App, handler: Handler) -> None:
    with app.database.unit_of_work() as session:
        rings = queue.take_due(session, at=NOON + timedelta(days=900), queue="default", room=50)
        named = session.exec(
            select(queue.Work).where(queue.Work.job == rehearsals.REHEARSE.name)
        ).one()
    [ring] = [ring for ring in rings if ring.work_id == named.id]
    handlers = {rehearsals.REHEARSE.name: handler}
    assert run_attempt(app, handlers, work_id=ring.work_id, attempt=ring.attempt)


def test_a_worker_replays_everything_and_writes_only_the_result(real_app: App, asked: UUID) -> None:
    with real_app.database.unit_of_work() as session:
        before = [(c.id, c.points) for c in session.exec(select(Claim).order_by("id"))]
    attempt(real_app, Handler(work.rehearse))
    with real_app.database.unit_of_work() as session:
        found = session.get_one(Rehearsal, asked)
        assert (found.status, found.done, found.total) == (RehearsalStatus.DONE, 6, 6)
        assert found.shifted_years == 1
        assert found.result is not None
        # 60 sockets: 15 points each in this November, 20 in the doubled one of the next year.
        assert (found.result["points"], found.result["points_then"]) == (900, 1_200)
        assert found.result["gaining"] == 6
        assert [(c.id, c.points) for c in session.exec(select(Claim).order_by("id"))] == before
        version = session.get_one(RuleVersion, found.rule_version_id)
        assert version.published_at is None


def test_a_rehearsal_of_another_programme_is_not_found(real_app: App, asked: UUID) -> None:
    with (
        real_app.database.unit_of_work() as session,
        pytest.raises(rehearsals.RehearsalNotFound),
    ):
        rehearsals.get(session, program_id=uuid4(), rehearsal_id=asked)


def test_the_stream_brings_each_claim_once_with_its_lines(real_app: App, asked: UUID) -> None:
    del asked
    with real_app.database.unit_of_work() as session:
        program_id = session.exec(select(Claim.program_id)).first()
        assert program_id is not None
        claims = list(past_claims.stream(session, program_id))
        assert past_claims.extent(session, program_id) == (6, claims[0].purchased_on)
    assert len(claims) == 6
    assert {len(one.lines) for one in claims} == {1}
    assert replace(claims[0], lines=()).partner_nip != ""


PEOPLE = [uuid4() for _ in range(12)]


def bought_by(*people: UUID, family: str = "Nova") -> list[PastClaim]:
    return [claim(who, 3, 10, points=100, family=family) for who in people]


def aimed(segment: str) -> Rules:
    """Everybody's points as they were, and a hundredfold for one segment."""
    only = Campaign(
        clause="Dla wybranych",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        factor=Decimal(100),
        segments=(segment,),
    )
    return Rules(base=(RATE,), campaigns=(only,))


@pytest.mark.parametrize(
    ("members", "told"), [(0, True), (1, False), (4, False), (5, True), (7, True), (8, False)]
)
def test_no_sum_is_told_of_a_rule_for_or_but_for_a_few_firms(members: int, told: bool) -> None:
    chosen = set(PEOPLE[:members])
    made = rehearsals.replay(
        bought_by(*PEOPLE),
        aimed("s"),
        lambda who, *_: frozenset({"s"}) if who in chosen else frozenset(),
        before=Rules(base=(RATE,)),
    )
    assert (rehearsals.withheld_of(made) == []) is told
    if members == 8:
        assert rehearsals.withheld_of(made) == ["Dla wybranych"], "four firms are left out"


def test_two_people_of_one_firm_are_one_firm() -> None:
    chosen = set(PEOPLE[:5])
    made = rehearsals.replay(
        bought_by(*PEOPLE),
        aimed("s"),
        lambda who, *_: frozenset({"s"}) if who in chosen else frozenset(),
        before=Rules(base=(RATE,)),
    )
    assert rehearsals.withheld_of(made) == []
    assert rehearsals.withheld_of(made, lambda who: "firm" if who in chosen else str(who)) == [
        "Dla wybranych"
    ]


def test_a_rule_that_stays_is_told_and_one_that_goes_is_not() -> None:
    """Many rates of a programme reach few firms: what holds anyway is no secret of the draft."""
    rare = PerUnit(clause="Rzadka", points=Decimal(3), products=Selection(families=("Rare",)))
    both = Rules(base=(rare, RATE))
    claims = [*bought_by(*PEOPLE[:6]), *bought_by(PEOPLE[0], family="Rare")]
    louder = Rules(base=(rare, RATE.model_copy(update={"points": Decimal(20)})))
    kept = rehearsals.replay(claims, louder, lambda *_: frozenset(), before=both)
    assert rehearsals.withheld_of(kept) == []
    gone = rehearsals.replay(
        claims, Rules(base=louder.base[1:]), lambda *_: frozenset(), before=both
    )
    assert rehearsals.withheld_of(gone) == ["Rzadka"]
    result = rehearsals.result_of(kept)
    assert result["families"] == [["", 700, 1230]], "the few stand behind a family that hides them"


def test_a_draft_that_changes_four_firms_in_all_tells_no_sum() -> None:
    claims = [*bought_by(*PEOPLE[:8])]
    odd = [replace(one, lines=(replace(one.lines[0], points=90),)) for one in claims[:4]]
    made = rehearsals.replay(
        [*odd, *claims[4:]], Rules(base=(RATE,)), lambda *_: frozenset(), before=Rules(base=(RATE,))
    )
    assert rehearsals.withheld_of(made) == [""]
