"""A wholesaler takes part on days: its purchases count by the day on which they were made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.clock import local_date
from programs import queries, setup
from programs.branches import BranchTakesNoPart
from programs.place_tables import ProgramPartnerPast
from programs.setup import AlreadyInProgram, PartBeginsOutside
from tests import make
from tests.conftest import NOON
from tests.make import World
from verification import handing

BY = "person:manager"
LEFT = local_date(NOON)
BACK = LEFT + timedelta(days=10)


def leave_and_come_back(session: Session, of: World) -> None:
    setup.dismiss_partner(session, program=of.program, partner_id=of.partner.id, actor=BY, at=NOON)
    come_back(session, of)


def come_back(session: Session, of: World) -> None:
    setup.admit_partner(
        session, program=of.program, nip=of.partner.nip, name="", short_name="", actor=BY,
        at=NOON + timedelta(days=10),
    )  # fmt: skip


def test_a_part_may_begin_on_a_day_that_has_passed(session: Session) -> None:
    """Never before the programme, nor in a part before."""
    of = make.world(session)
    facts = {"program": of.program, "name": "Druga", "short_name": "", "actor": BY, "at": NOON}
    first = of.program.starts_on
    for wrong in (first - timedelta(days=1), LEFT + timedelta(days=1)):
        with pytest.raises(PartBeginsOutside), session.begin_nested():
            setup.admit_partner(session, nip=make.nip(), since=wrong, **facts)
    other = setup.admit_partner(session, nip=make.nip(), since=LEFT - timedelta(days=9), **facts)
    days = [LEFT - timedelta(days=n) for n in (10, 9, 0)]
    known = [
        queries.takes_part(session, program_id=of.program.id, partner_id=other.id, on=day)
        for day in days
    ]
    assert known == [False, True, True]
    setup.dismiss_partner(session, program=of.program, partner_id=other.id, actor=BY, at=NOON)
    later = {**facts, "at": NOON + timedelta(days=5)}
    with pytest.raises(PartBeginsOutside), session.begin_nested():
        setup.admit_partner(session, nip=other.nip, since=LEFT - timedelta(days=1), **later)
    setup.admit_partner(session, nip=other.nip, since=LEFT + timedelta(days=2), **later)
    days = [LEFT + timedelta(days=n) for n in (-1, 1, 2)]
    known = [
        queries.takes_part(session, program_id=of.program.id, partner_id=other.id, on=day)
        for day in days
    ]
    assert known == [True, False, True]


def counts(session: Session, of: World, day: date) -> bool:
    return queries.takes_part(session, program_id=of.program.id, partner_id=of.partner.id, on=day)


def test_who_left_and_came_back_keeps_the_gap(session: Session) -> None:
    of = make.world(session)
    leave_and_come_back(session, of)
    days = {
        local_date(make.STARTED) - timedelta(days=1): False,
        local_date(make.STARTED): True,
        LEFT - timedelta(days=1): True,
        LEFT: False,
        BACK - timedelta(days=1): False,
        BACK: True,
    }
    assert {day: counts(session, of, day) for day in days} == days
    with pytest.raises(AlreadyInProgram):
        come_back(session, of)
    other = make.world(session)
    program_id = other.program.id
    assert not queries.takes_part(session, program_id=program_id, partner_id=of.partner.id, on=BACK)


@pytest.mark.parametrize(
    ("bought", "known"), [(LEFT - timedelta(days=2), True), (BACK - timedelta(days=2), False)]
)
def test_a_claim_goes_to_who_took_part_when_the_goods_were_bought(
    session: Session, bought: date, known: bool
) -> None:
    """Whenever it comes: what was bought before the gap is still theirs, what in it is not."""
    of = make.world(session)
    leave_and_come_back(session, of)
    late = NOON + timedelta(days=11)
    claim = make.submitted(session, of, at=late)
    review = make.read(session, claim, make.reading(of, issue_date=bought), at=late)
    assert (claim.branch_id == of.branch.id) is known
    assert (review.partner_id == of.partner.id) is known


def test_a_claim_of_an_earlier_purchase_is_theirs_while_they_are_out(session: Session) -> None:
    of = make.world(session)
    setup.dismiss_partner(session, program=of.program, partner_id=of.partner.id, actor=BY, at=NOON)
    later = NOON + timedelta(days=1)
    claim = make.submitted(session, of, at=later)
    make.read(session, claim, make.reading(of), at=later)
    assert claim.branch_id == of.branch.id


def test_no_review_is_handed_to_who_took_no_part_that_day(session: Session) -> None:
    of = make.world(session)
    leave_and_come_back(session, of)
    late = NOON + timedelta(days=11)
    claim = make.submitted(session, of, at=late)
    gap = BACK - timedelta(days=2)
    review = make.read(session, claim, make.reading(of, issue_date=gap), at=late)
    organiser = make.organiser(session, of.program)
    with pytest.raises(BranchTakesNoPart):
        handing.hand_to_branch(
            session, review_id=review.id, clerk=organiser, branch_id=of.branch.id, at=late
        )


def test_the_days_of_an_earlier_part_are_never_rewritten(session: Session) -> None:
    of = make.world(session)
    leave_and_come_back(session, of)
    past = session.exec(select(ProgramPartnerPast)).one()
    assert (past.joined_on, past.left_on) == (local_date(make.STARTED), LEFT)
    for change in ("UPDATE program_partner_past SET left_on = left_on + 1",
                   "DELETE FROM program_partner_past"):  # fmt: skip
        with pytest.raises(DBAPIError, match="program_partner_past"), session.begin_nested():
            session.execute(sa.text(change))
