"""What the database itself must hold: a CHECK per amount and status, an index per foreign key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from migrations.metadata import METADATA

TABLES = list(METADATA.sorted_tables)


def leading(table: sa.Table) -> set[str]:
    """Columns that an index or key begins with."""
    firsts = [next(iter(index.expressions)) for index in table.indexes if index.expressions]
    first = {found.name for found in firsts if isinstance(found, sa.Column)}
    first |= {
        next(iter(constraint.columns)).name
        for constraint in table.constraints
        if isinstance(constraint, (sa.UniqueConstraint, sa.PrimaryKeyConstraint))
        and len(constraint.columns)
    }
    return first


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_foreign_key_has_an_index(table: sa.Table) -> None:
    known = leading(table)
    bare = [c.name for c in table.columns if c.foreign_keys and c.name not in known]
    assert bare == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_status_has_a_check(table: sa.Table) -> None:
    loose = [
        c.name
        for c in table.columns
        if isinstance(c.type, sa.Enum) and (c.type.native_enum or not c.type.create_constraint)
    ]
    assert loose == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_moment_knows_its_zone(table: sa.Table) -> None:
    naive = [
        c.name for c in table.columns if isinstance(c.type, sa.DateTime) and not c.type.timezone
    ]
    assert naive == []


AMOUNTS = ("points", "balance", "quantity", "on_hand", "reserved", "remaining", "price_points")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_amount_has_a_check(table: sa.Table) -> None:
    checks = " ".join(
        str(c.sqltext) for c in table.constraints if isinstance(c, sa.CheckConstraint)
    )
    loose = [c.name for c in table.columns if c.name in AMOUNTS and c.name not in checks]
    # What a movement of stock counts may be a loss: its sign belongs to its kind.
    if table.name in ("stock_movement", "claim_line"):
        loose = [name for name in loose if name != "quantity"]
    assert loose == []
