"""Every way to lay sales out adds up to the same total."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from analytics import overview, pivot
from analytics.periods import Compare, Period, compared
from analytics.pivot import Dimension
from analytics.selection import Selection
from tests.analytics import scene as scenes
from tests.analytics.scene import Scene
from tests.conftest import NOON

AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def bought_once(engine: sa.Engine) -> Iterator[tuple[sa.Connection, Scene]]:
    """What was bought is made once, in a transaction that is undone after the last test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with in_part(connection) as session:
            made = scenes.scene(session, firms=7)
            for n, firm in enumerate(made.firms):
                scenes.bought(session, made, firm, sockets=5 + n, boards=1)
                scenes.bought(session, made, firm, sockets=2, at=NOON - timedelta(days=35))
            scenes.bought(session, made, made.firms[0], sockets=50, at_second=True)
            session.commit()
        yield connection, made
        transaction.rollback()


def in_part(connection: sa.Connection) -> Session:
    return Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest.fixture
def session(bought_once: tuple[sa.Connection, Scene]) -> Iterator[Session]:
    """What a test writes is undone after it."""
    connection, _ = bought_once
    with connection.begin_nested() as part, in_part(connection) as opened:
        yield opened
        opened.close()
        part.rollback()


@pytest.fixture
def found(bought_once: tuple[sa.Connection, Scene]) -> Scene:
    return bought_once[1]


def of(found: Scene) -> Selection:
    return Selection(found.world.program.id, AUTUMN)


@pytest.mark.parametrize("dimension", sorted(set(Dimension) - {Dimension.PARTICIPANT}))
def test_the_rows_add_up_to_the_total_and_to_the_overview(
    session: Session, found: Scene, dimension: Dimension
) -> None:
    made = pivot.pivot(session, of(found), dimension, by_month=True)
    whole = overview.course(session, of(found), AUTUMN).whole
    assert made.total is not None
    assert made.total.now.units == sum(row.now.units for row in made.rows) == whole.units
    assert made.total.now.points == sum(row.now.points for row in made.rows) == whole.points
    assert sum(m.units for m in made.total.months.values() if m) == whole.units
    if dimension is not Dimension.VOIVODESHIP:
        for row in made.rows:
            assert sum(m.units for m in row.months.values() if m) == row.now.units


def test_rows_come_in_pages_without_loss(session: Session, found: Scene) -> None:
    first = pivot.pivot(session, of(found), Dimension.PRODUCT, limit=1)
    second = pivot.pivot(session, of(found), Dimension.PRODUCT, offset=1, limit=1)
    assert (first.more, second.more) == (True, False)
    assert [row.label for row in (*first.rows, *second.rows)] == [
        found.world.socket.name,
        found.world.board.name,
    ]


def test_regions_of_few_firms_stand_together(session: Session, found: Scene) -> None:
    made = pivot.pivot(session, of(found), Dimension.VOIVODESHIP)
    # One firm bought in the second region: it and the next smallest are not told apart.
    assert [(row.key, row.together) for row in made.rows] == [(None, True)]
    assert made.rows[0].now.units == Decimal(50 + 56 + 14 + 7)


def test_people_are_listed_by_consent_and_without_a_total(session: Session, found: Scene) -> None:
    made = pivot.pivot(session, of(found), Dimension.PARTICIPANT)
    assert {row.key for row in made.rows} == {firm.id for firm in found.firms[:4]}
    assert made.total is None


def test_a_consent_that_was_withdrawn_hides_the_name_again(session: Session, found: Scene) -> None:
    scenes.agree(session, found.firms[1], given=False)
    made = pivot.pivot(session, of(found), Dimension.PARTICIPANT)
    assert found.firms[1].id not in {row.key for row in made.rows}


def test_a_row_stands_beside_its_earlier_self(session: Session, found: Scene) -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    chosen = Selection(found.world.program.id, november)
    before = compared(november, Compare.PREVIOUS)
    made = pivot.pivot(session, chosen, Dimension.FAMILY, before=before)
    earlier = {row.key: row.before.units for row in made.rows if row.before}
    assert earlier == {"Nova": Decimal(14), "Box": Decimal(0)}
    assert made.total is not None
    assert made.total.before is not None
    assert made.total.before.units == 14
