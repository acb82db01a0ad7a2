"""The figures tie to the decisions and to the ledger, whatever is filtered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import breakdown, claim_list, funnel, liability, overview
from analytics.claim_list import Moment, Show
from analytics.periods import Compare, Period, compared
from analytics.selection import Basis, Selection
from claims import service
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Channel
from points import addresses, ledger
from tests import make
from tests.analytics import scene as scenes
from tests.conftest import NOON
from verification import undoing
from verification.tables import Decision

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def of(found: scenes.Scene, period: Period = NOVEMBER, **filters: object) -> Selection:
    return Selection(found.world.program.id, period, **filters)  # type: ignore[arg-type]


def test_units_and_points_are_those_of_the_decisions_and_of_the_ledger(session: Session) -> None:
    found = scenes.scene(session)
    decisions = [
        scenes.bought(session, found, firm, sockets=3 + n, boards=n % 2, at_second=n % 3 == 0)
        for n, firm in enumerate(found.firms)
    ]
    scenes.bought(session, found, reject=ReasonCode.OTHER_BUYER)
    whole = overview.course(session, of(found), NOVEMBER).whole
    assert whole.points == sum(d.points for d in decisions) > 0
    assert whole.points == -ledger.balance(session, addresses.issued(found.world.program.id))
    assert whole.units == sum(3 + n + n % 2 for n in range(len(found.firms)))
    assert (whole.submitted, whole.decided, whole.paid) == (7, 7, 6)
    assert whole.participants == whole.firms == 6


def test_a_decision_that_was_undone_counts_nowhere(session: Session) -> None:
    found = scenes.scene(session)
    decision = scenes.bought(session, found)
    undoing.undo(
        session, decision_id=decision.id, clerk=found.world.clerk, at=NOON + timedelta(hours=2)
    )
    whole = overview.course(session, of(found), NOVEMBER).whole
    assert (whole.units, whole.points, whole.decided, whole.submitted) == (0, 0, 0, 1)


def test_the_days_add_up_to_the_whole_and_belong_to_poland(session: Session) -> None:
    found = scenes.scene(session)
    # 23:30 UTC is half past midnight of the next day in Warsaw.
    late = NOON.replace(hour=23, minute=30)
    scenes.bought(session, found, sockets=4, at=late, after=timedelta(minutes=1))
    scenes.bought(session, found, sockets=6)
    course = overview.course(session, of(found), NOVEMBER)
    assert {day: f.units for day, f in course.by_day.items()} == {
        date(2026, 11, 20): Decimal(6),
        date(2026, 11, 21): Decimal(4),
    }
    assert sum(f.points for f in course.by_day.values()) == course.whole.points
    assert sum(f.submitted for f in course.by_day.values()) == course.whole.submitted == 2


def test_a_period_takes_its_own_days_only(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found, at=NOON - timedelta(days=28))
    scenes.bought(session, found, sockets=7)
    day = Period(date(2026, 11, 20), date(2026, 11, 20))
    assert overview.course(session, of(found, day), day).whole.units == 7
    earlier = compared(Period(date(2026, 11, 13), date(2026, 11, 20)), Compare.PREVIOUS)
    assert earlier is not None
    assert overview.course(session, of(found), earlier).whole.units == 0


def test_the_median_time_runs_from_sending_to_decision(session: Session) -> None:
    found = scenes.scene(session)
    for minutes in (10, 20, 90):
        scenes.bought(session, found, after=timedelta(minutes=minutes))
    assert overview.course(session, of(found), NOVEMBER).whole.median_s == 20 * 60


def test_filters_part_the_whole_without_loss(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found, sockets=5, boards=2)
    scenes.bought(session, found, sockets=8, at_second=True)

    def units(**filters: object) -> Decimal:
        return overview.course(session, of(found, **filters), NOVEMBER).whole.units

    assert units() == 15
    assert units(branch_id=found.world.branch.id) == 7
    assert units(branch_id=found.second.id) == 8
    assert units(partner_id=found.world.partner.id) == 15
    assert units(voivodeship="04") == 8
    assert units(family="Nova") == 13
    assert units(family="Box") == 2
    assert units(product_id=found.world.board.id) == 2
    claims = overview.course(session, of(found, family="Box"), NOVEMBER).whole
    assert (claims.submitted, claims.decided) == (1, 1)


def test_units_can_belong_to_the_day_of_purchase(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found, sockets=9, after=timedelta(days=3))
    bought = of(found, Period(date(2026, 11, 20), date(2026, 11, 20)), basis=Basis.PURCHASED)
    decided = of(found, Period(date(2026, 11, 20), date(2026, 11, 20)))
    assert overview.course(session, bought, bought.period).whole.units == 9
    assert overview.course(session, decided, decided.period).whole.units == 0


def test_another_programme_is_nowhere_in_the_figures(session: Session) -> None:
    ours, theirs = scenes.scene(session), scenes.scene(session)
    scenes.bought(session, theirs, sockets=50)
    whole = overview.course(session, of(ours), NOVEMBER).whole
    assert whole == overview.Figures()
    assert breakdown.top_products(session, of(ours), before=None) == []
    assert claim_list.list_claims(session, of(ours)) == []
    assert funnel.funnel(session, of(ours)).submitted == 0


def test_top_products_stand_beside_their_earlier_units(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found, sockets=5, boards=2)
    before = compared(NOVEMBER, Compare.PREVIOUS)
    assert before is not None
    scenes.bought(session, found, sockets=20, at=NOON - timedelta(days=40))
    rows = breakdown.top_products(session, of(found), before=before)
    assert [(row.sku, row.units, row.before) for row in rows] == [
        ("VX-N210", Decimal(5), Decimal(20)),
        ("VX-B24", Decimal(2), Decimal(0)),
    ]


def test_a_region_of_few_firms_is_put_together_with_others(session: Session) -> None:
    found = scenes.scene(session, firms=8)
    for firm in found.firms[:6]:
        scenes.bought(session, found, firm, sockets=10)
    for firm in found.firms[6:]:
        scenes.bought(session, found, firm, sockets=3, at_second=True)
    rows = breakdown.regions(session, of(found))
    assert [(row.voivodeship, row.firms) for row in rows] == [("30", 6), ("04", 2)]
    shown, others = breakdown.shown_regions(rows)
    assert shown == []
    assert others is not None
    assert others.units == 66


def drafts(session: Session, found: scenes.Scene) -> None:
    """E-mails that nobody said were theirs: one waits, one was withdrawn, one ran out of time."""
    world = found.world
    stored = make.StoredFile("d" * 64, "poczta.pdf", "application/pdf", 900)
    waiting, withdrawn, _ = (
        service.submit(
            session,
            program=world.program,
            participant=world.participant,
            files=[stored],
            channel=Channel.EMAIL,
            actor="mailbox",
            confirmed=False,
            at=NOON - timedelta(days=days),
        )
        for days in (1, 2, 16)
    )
    mine = world.participant.id
    service.cancel(session, claim_id=withdrawn.id, participant_id=mine, actor="person:a", at=NOON)
    assert (service.expire_drafts(session, at=NOON), waiting.status) == (1, ClaimStatus.DRAFT)


def test_the_funnel_names_every_loss(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found)
    scenes.bought(session, found, reject=ReasonCode.OTHER_BUYER)
    make.submitted(session, found.world)
    make.read(
        session,
        make.submitted(session, found.world),
        make.reading(found.world, number="FV/obce", lines=[make.line(1, "Farba", "1")]),
    )
    drafts(session, found)
    seen = funnel.funnel(session, of(found))
    assert (seen.submitted, seen.read, seen.matched, seen.paid) == (4, 3, 2, 1)
    assert seen.unread == (("in_progress", 1),)
    assert seen.refused == (("other_buyer", 1),)
    shown = {
        show: claim_list.totals(session, of(found), show=show, moment=Moment.SUBMITTED).claims
        for show in (Show.ALL, Show.READ, Show.MATCHED, Show.PAID, Show.REFUSED)
    }
    assert shown == {Show.ALL: 4, Show.READ: 3, Show.MATCHED: 2, Show.PAID: 1, Show.REFUSED: 1}
    # Of other products nothing was claimed, so nothing of them was refused either.
    others = replace(of(found), family="Nikt tego nie kupił")
    refused = claim_list.totals(session, others, show=Show.REFUSED, moment=Moment.SUBMITTED)
    assert refused.claims == 0


def test_the_list_behind_a_figure_adds_up_to_it(session: Session) -> None:
    found = scenes.scene(session)
    for firm in found.firms:
        scenes.bought(session, found, firm, sockets=4, boards=1)
    for filters in ({}, {"family": "Nova"}, {"product_id": found.world.board.id}):
        chosen = of(found, **filters)
        whole = overview.course(session, chosen, NOVEMBER).whole
        sums = claim_list.totals(session, chosen, show=Show.PAID, moment=Moment.DECIDED)
        assert (sums.units, sums.points) == (whole.units, whole.points)
        rows = claim_list.list_claims(session, chosen, show=Show.PAID, moment=Moment.DECIDED)
        assert sum(row.units for row in rows) == whole.units


def test_the_list_goes_on_where_it_stopped(session: Session) -> None:
    found = scenes.scene(session)
    for minutes in range(5):
        scenes.bought(session, found, at=NOON - timedelta(minutes=minutes))
    seen: list[str] = []
    before = None
    while rows := claim_list.list_claims(session, of(found), before=before, limit=2):
        seen += [row.number for row in rows]
        before = (rows[-1].submitted_at, rows[-1].claim_id)
    assert len(seen) == len(set(seen)) == 5
    every = [row.number for row in claim_list.list_claims(session, of(found))]
    assert seen == every


def test_liability_is_what_people_hold_at_the_end_of_each_day(session: Session) -> None:
    found = scenes.scene(session)
    program_id = found.world.program.id
    scenes.bought(session, found, sockets=10, at=NOON - timedelta(days=40))
    scenes.bought(session, found, sockets=20)
    owed = liability.liability(session, program_id=program_id, period=NOVEMBER)
    issued = -ledger.balance(session, addresses.issued(program_id))
    assert owed.now == owed.at_end == issued
    assert owed.at_start == 150
    assert owed.by_day == {date(2026, 11, 20): 450}
    values = liability.days_until(owed.by_day, owed.at_start, NOVEMBER)
    assert (values[0], values[18], values[19], values[-1]) == (150, 150, 450, 450)


def test_rewards_cost_what_their_lots_were_bought_for(session: Session) -> None:
    found = scenes.scene(session)
    make.give_points(session, found.world, 2_000)
    reward = make.stocked_reward(session, found.world, price=500)
    make.place(session, found.world, reward, quantity=2)
    cost = liability.cost_per_point(session, program_id=found.world.program.id)
    assert cost == Decimal(30_000) / 500
    assert liability.in_money(100, cost) == 6_000
    assert liability.in_money(100, None) is None


def test_decisions_in_the_period_are_the_living_ones(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found)
    scenes.bought(session, found, reject=ReasonCode.UNREADABLE)
    living = session.execute(
        sa.select(sa.func.count()).select_from(Decision).where(col(Decision.undone_at).is_(None))
    ).scalar_one()
    assert overview.course(session, of(found), NOVEMBER).whole.decided == living
