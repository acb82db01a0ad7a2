"""Levels by what was credited: reviewed once a day, kept until a day to sink, used by rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims import levels, queries
from claims.states import Verdict
from core.clock import local_date
from programs import segments, tiers
from programs.policy import (
    Campaign,
    Every,
    Ladder,
    Level,
    Measure,
    PerUnit,
    Rules,
)
from programs.policy_segments import Conditions
from programs.segment_tables import Segment
from programs.tier_tables import TierStanding
from tests import make
from tests.conftest import NOON
from tests.make import World
from verification import decisions
from verification.judging import LineVerdict

LADDER = Ladder(
    window_days=60,
    sink=Every.MONTH,
    levels=(
        Level(name="Srebrny", at_least=Decimal(500)),
        Level(name="Złoty", at_least=Decimal(2_000)),
    ),
)
RULES = Rules(
    base=(PerUnit(clause="Nova", points=Decimal(10)),),
    ladder=LADDER,
    tier_factors={"Srebrny": Decimal("1.5")},
    campaigns=(
        Campaign(
            clause="Duże firmy",
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 12, 31),
            factor=Decimal(3),
            segments=("wielkopolska", "lista"),
        ),
    ),
)


def bought(
    session: Session, of: World, number: int, *, units: str = "60", at: datetime = NOON
) -> int:
    line = make.line(1, "GNIAZDO NOVA", units, gtin="5901234123457")
    seen = make.reading(
        of, number=f"FV/{number}", lines=[line], total=f"{number}.00", issue_date=local_date(at)
    )
    review = make.read(session, make.submitted(session, of, at=at), seen, at=at)
    verdicts = [
        LineVerdict(one.id, Verdict.APPROVE) for one in queries.list_lines(session, review.claim_id)
    ]
    return decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=at).points


def test_a_level_is_given_the_next_day_once_and_multiplies_from_then(session: Session) -> None:
    of = make.world(session, rules=RULES)
    assert bought(session, of, 1) == 600
    assert levels.review_program(session, of.program, at=NOON) == []
    tomorrow = NOON + timedelta(days=1)
    [risen] = levels.review_program(session, of.program, at=tomorrow)
    assert (risen.level, risen.measured, risen.since) == ("Srebrny", 600, date(2026, 11, 21))
    assert levels.review_program(session, of.program, at=tomorrow) == []
    assert bought(session, of, 2, at=tomorrow) == 900
    # The purchase of the day before is judged by the level of that day.
    assert tiers.level_on(session, of.participant.id, NOON.date()) == ""


def test_a_level_that_is_no_longer_earned_is_kept_until_the_first_of_a_month(
    session: Session,
) -> None:
    of = make.world(session, rules=RULES)
    bought(session, of, 1)
    for days in (1, 70, 71):
        levels.review_program(session, of.program, at=NOON + timedelta(days=days))
    found = session.exec(select(TierStanding).order_by("since")).all()
    # Day 70 is the 29th of January: the first day of a month passed since the last review.
    assert [(one.level, one.since) for one in found] == [
        ("Srebrny", date(2026, 11, 21)),
        ("", date(2027, 1, 29)),
    ]


def test_the_way_to_the_next_level_counts_what_was_credited_today(session: Session) -> None:
    of = make.world(session, rules=RULES)
    bought(session, of, 1)
    found = levels.progress_of(session, of.participant, at=NOON)
    assert found is not None
    ladder, way = found
    assert (way.level, way.measured, way.missing) == ("", 600, 0)
    assert ladder == LADDER
    levels.review_program(session, of.program, at=NOON + timedelta(days=1))
    found = levels.progress_of(session, of.participant, at=NOON + timedelta(days=1))
    assert found is not None
    assert (found[1].level, found[1].missing) == ("Srebrny", 1_400)


def test_levels_by_value_measure_the_amounts_on_documents(session: Session) -> None:
    by_value = RULES.model_copy(
        update={"ladder": LADDER.model_copy(update={"measure": Measure.VALUE})}
    )
    of = make.world(session, rules=by_value)
    bought(session, of, 1)  # 60 units for 10.00 zł each
    [risen] = levels.review_program(session, of.program, at=NOON + timedelta(days=1))
    assert risen.measured == 600


def test_segments_by_attributes_and_by_list_decide_about_a_promotion(session: Session) -> None:
    of = make.world(session, rules=RULES)
    assert bought(session, of, 1) == 600
    segments.create(
        session,
        program_id=of.program.id,
        name="Wielkopolska",
        conditions=Conditions(voivodeships=("30",)),
        author="person:author",
        at=NOON,
    )
    assert bought(session, of, 2) == 1_800


def test_a_list_counts_from_the_day_somebody_stands_on_it(session: Session) -> None:
    of = make.world(session, rules=RULES)
    listed = segments.create(
        session, program_id=of.program.id, name="Lista", author="person:author", at=NOON
    )
    later = NOON + timedelta(days=3)
    made, unknown = segments.add_members(
        session, listed, nips=[of.participant.nip, "1234567890"], author="person:author", at=later
    )
    assert (made, unknown) == (1, ["1234567890"])
    assert bought(session, of, 1, at=NOON + timedelta(days=2)) == 600
    assert bought(session, of, 2, at=later) == 1_800
    segments.remove_member(
        session, listed, participant_id=of.participant.id, at=later + timedelta(days=1)
    )
    assert bought(session, of, 3, at=later) == 1_800
    assert bought(session, of, 4, at=later + timedelta(days=1)) == 600


def test_the_database_keeps_the_conditions_of_a_segment(session: Session) -> None:
    of = make.world(session, rules=RULES)
    made = segments.create(
        session,
        program_id=of.program.id,
        name="Właściciele",
        conditions=Conditions(relations=("owner",)),
        author="person:author",
        at=NOON,
    )
    with pytest.raises(IntegrityError, match="never change"):
        _change(session, made)


def _change(session: Session, segment: Segment) -> None:
    with session.begin_nested():
        segment.conditions = {"relations": ["employee"]}
        session.add(segment)
