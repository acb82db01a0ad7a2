"""A wholesaler takes part with all its branches, or with those that the programme lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from core.audit import AuditEntry
from core.clock import local_date
from core.errors import Invalid
from partners.places import BranchNotFound
from partners.queries import PartnerNotFound
from partners.tables import Branch
from programs import branches, joining, setup
from programs.branches import (
    AllBranchesTakePart,
    BranchTakesNoPart,
    BranchTakesPart,
    DayPassed,
    Scope,
)
from programs.place_tables import ProgramBranch
from programs.tables import ProgramPartner
from tests import make
from tests.conftest import NOON
from tests.make import World

TODAY = local_date(NOON)
BY = "person:manager"


def second(session: Session, of: World, name: str = "Elmet Kraków") -> Branch:
    made = Branch(
        partner_id=of.partner.id,
        name=name,
        street="ul. Wielicka 30",
        postcode="30-552",
        city="Kraków",
        voivodeship="12",
        created_at=NOON,
    )
    session.add(made)
    session.flush()
    return made


def choose(session: Session, of: World, *chosen: Branch, since: date = TODAY) -> ProgramPartner:
    return branches.choose(
        session,
        program=of.program,
        partner_id=of.partner.id,
        branch_ids=[branch.id for branch in chosen],
        since=since,
        reason="umowa",
        actor=BY,
        at=NOON,
    )


def enrol(session: Session, of: World, branch: Branch, since: date = TODAY) -> None:
    branches.enrol(
        session,
        program=of.program,
        partner_id=of.partner.id,
        branch_id=branch.id,
        since=since,
        actor=BY,
        at=NOON,
    )


def end(session: Session, of: World, branch: Branch, since: date = TODAY) -> None:
    branches.end(
        session,
        program=of.program,
        partner_id=of.partner.id,
        branch_id=branch.id,
        since=since,
        reason="koniec umowy",
        actor=BY,
        at=NOON,
    )


def take_all(session: Session, of: World, since: date = TODAY) -> None:
    branches.take_all(
        session, program=of.program, partner_id=of.partner.id, since=since, actor=BY, at=NOON
    )


def counts(session: Session, of: World, branch: Branch, days: int = 0) -> bool:
    """Whether the branch counts so many days from today."""
    return branches.takes_part(
        session,
        program_id=of.program.id,
        branch_id=branch.id,
        on=TODAY + timedelta(days=days),
    )


def test_all_branches_count_and_a_new_one_joins_by_itself(session: Session) -> None:
    of = make.world(session)
    assert counts(session, of, of.branch)
    assert counts(session, of, second(session, of))
    for change in (enrol, end):
        with pytest.raises(AllBranchesTakePart):
            change(session, of, of.branch)
    with pytest.raises(AllBranchesTakePart):
        take_all(session, of)


def test_of_a_list_only_its_branches_count_and_only_from_its_day(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch, since=TODAY + timedelta(days=3))
    assert [counts(session, of, other, day) for day in (0, 2, 3, 90)] == [True, True, False, False]
    assert all(counts(session, of, of.branch, day) for day in (-30, 0, 2, 3, 90))
    later = second(session, of, "Elmet Nowa Huta")
    assert counts(session, of, later, 2)
    assert not counts(session, of, later, 3), "a new branch joins by itself no more"


def test_a_branch_ends_from_a_day_and_comes_back(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch, other)
    with pytest.raises(DayPassed):
        end(session, of, other, since=TODAY - timedelta(days=1))
    end(session, of, other, since=TODAY + timedelta(days=2))
    assert [counts(session, of, other, day) for day in (0, 1, 2, 9)] == [True, True, False, False]
    with pytest.raises(BranchTakesNoPart):
        end(session, of, other)
    enrol(session, of, other, since=TODAY + timedelta(days=5))
    assert [counts(session, of, other, day) for day in (1, 2, 4, 5)] == [True, False, False, True]
    with pytest.raises(BranchTakesPart):
        enrol(session, of, other)
    actions = session.exec(
        select(AuditEntry.action).where(AuditEntry.subject == f"program:{of.program.id}")
    ).all()
    assert {"partner.choose_branches", "branch.end", "branch.enrol"} <= set(actions)


def test_all_branches_count_again_and_a_second_list_keeps_the_days_between(
    session: Session,
) -> None:
    of = make.world(session)
    other = second(session, of)
    choose(session, of, of.branch)
    take_all(session, of, since=TODAY + timedelta(days=2))
    assert [counts(session, of, other, day) for day in (-1, 0, 1, 2)] == [True, False, False, True]
    place = session.get_one(ProgramPartner, (of.program.id, of.partner.id))
    assert branches.scope_of(place, TODAY) is Scope.CHOSEN
    in_three_days = NOON + timedelta(days=3)
    branches.choose(
        session,
        program=of.program,
        partner_id=of.partner.id,
        branch_ids=[of.branch.id],
        since=local_date(in_three_days) + timedelta(days=4),
        actor=BY,
        at=in_three_days,
    )
    seen = [counts(session, of, other, day) for day in (-1, 0, 1, 2, 6, 7, 99)]
    assert seen == [True, False, False, True, True, False, False]
    assert all(counts(session, of, of.branch, day) for day in (-1, 0, 1, 2, 6, 7, 99))


def test_what_nobody_may_choose_changes_nothing(session: Session) -> None:
    of, stranger = make.world(session), make.world(session)
    with pytest.raises(Invalid):
        choose(session, of)
    with pytest.raises(BranchNotFound):
        choose(session, of, stranger.branch)
    with pytest.raises(DayPassed):
        choose(session, of, of.branch, since=TODAY - timedelta(days=1))
    with pytest.raises(PartnerNotFound):
        branches.choose(
            session,
            program=of.program,
            partner_id=stranger.partner.id,
            branch_ids=[stranger.branch.id],
            since=TODAY,
            actor=BY,
            at=NOON,
        )
    assert session.exec(select(ProgramBranch.id)).all() == []
    assert counts(session, of, of.branch)


def test_the_database_keeps_a_list_of_its_own_branches_and_its_history(session: Session) -> None:
    of, stranger = make.world(session), make.world(session)
    choose(session, of, of.branch)
    foreign = ProgramBranch(
        program_id=of.program.id,
        partner_id=of.partner.id,
        branch_id=stranger.branch.id,
        joined_on=TODAY,
        created_at=NOON,
    )
    twice = ProgramBranch(
        program_id=of.program.id,
        partner_id=of.partner.id,
        branch_id=of.branch.id,
        joined_on=TODAY,
        created_at=NOON,
    )
    for row in (foreign, twice):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.insert(ProgramBranch).values(row.model_dump()))
    end(session, of, of.branch)
    for change in (
        sa.update(ProgramBranch).values(left_on=None),
        sa.update(ProgramBranch).values(joined_on=TODAY - timedelta(days=9)),
        sa.delete(ProgramBranch),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(change)


def test_nobody_joins_by_a_poster_of_a_branch_that_takes_no_part(session: Session) -> None:
    of = make.world(session)
    other = second(session, of)
    codes = [
        joining.link_of(session, branch_id=b.id, program_id=of.program.id, at=NOON).code
        for b in (of.branch, other)
    ]
    choose(session, of, of.branch)
    assert joining.find_place(session, code=codes[0], at=NOON)[1] == of.branch
    with pytest.raises(joining.NoSuchLink):
        joining.find_place(session, code=codes[1], at=NOON)
    enrol(session, of, other)
    assert joining.find_place(session, code=codes[1], at=NOON)[1] == other
    setup.dismiss_partner(session, program=of.program, partner_id=of.partner.id, actor=BY, at=NOON)
    with pytest.raises(joining.NoSuchLink):
        joining.find_place(session, code=codes[0], at=NOON + timedelta(seconds=1))
