"""Who raises a limit cannot make use of it alone: it counts when it has stood for a while."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session

from programs import limits, setup
from programs.queries import settings_of
from tests import make
from tests.conftest import NOON


def test_a_raised_limit_counts_after_thirty_days_and_a_lowered_one_at_once(
    session: Session,
) -> None:
    program = make.world(session).program
    facts = setup.ProgramFacts(
        name=program.name,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        claim_until=program.claim_until,
        redeem_until=program.redeem_until,
    )

    def change(adjusted: int, two_people: int, *, days: int = 0) -> None:
        setup.change_program(
            session,
            program_id=program.id,
            facts=facts,
            settings={"adjustment_limit": adjusted, "four_eyes_points": two_people},
            actor="person:x",
            at=NOON + timedelta(days=days),
        )

    def counted(days: int) -> tuple[int, int]:
        facts = session, program.id, settings_of(program), NOON + timedelta(days=days)
        told = limits.adjustment_limit(*facts), limits.two_people_above(*facts)
        guards = sa.func.adjusted_alone, sa.func.two_people_above
        asked = sa.select(*(guard(program.id, facts[3]) for guard in guards))
        assert session.execute(asked).one() == told  # What the database guards is the same.
        return told

    assert counted(0) == (500, 10_000)
    change(1_000_000, 0)
    assert counted(0) == counted(29) == (500, 10_000)
    assert counted(30) == (1_000_000, 0)
    change(300, 800, days=40)
    assert counted(40) == counted(80) == (300, 800)
    change(400, 900, days=90)
    change(300, 800, days=91)
    assert counted(91) == (300, 800)
