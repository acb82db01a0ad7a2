"""History cannot change unseen: the chain names the first entry that was touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core import audit
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from tests.conftest import NOON

KEY = b"a key that the database does not have"


def grown(session: Session, entries: int = 5) -> None:
    for number in range(entries):
        audit.record(
            session,
            chain="program:1",
            actor="person:1",
            action="claim.decide",
            subject=f"claim:{number}",
            at=NOON + timedelta(minutes=number),
            points=number,
        )


def test_an_untouched_chain_holds(session: Session) -> None:
    grown(session)
    audit.anchor_heads(session, key=KEY, at=NOON)
    session.flush()
    assert audit.first_fault(session, chain="program:1", key=KEY) is None


def test_a_head_is_anchored_once_until_the_chain_grows(session: Session) -> None:
    grown(session)
    assert len(audit.anchor_heads(session, key=KEY, at=NOON)) == 1
    session.flush()
    assert audit.anchor_heads(session, key=KEY, at=NOON) == []
    grown(session, 1)
    assert len(audit.anchor_heads(session, key=KEY, at=NOON)) == 1


RECOMPUTE = "a later entry rewritten with its hashes made anew"


@pytest.mark.parametrize(
    ("attack", "fault"),
    [
        ("UPDATE audit_entry SET actor = 'x' WHERE seq = 3", "entry 3 was changed"),
        ("DELETE FROM audit_entry WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entry WHERE seq = 5", "entries up to 5 were anchored"),
        ("UPDATE audit_entry SET facts = '{\"points\": 9}' WHERE seq = 1", "entry 1 was changed"),
        (RECOMPUTE, "entry 5 differs from its anchor"),
    ],
)
def test_even_the_owner_of_the_database_is_found_out(
    real_database: Database, postgres: EmbeddedPostgres, attack: str, fault: str
) -> None:
    with real_database.unit_of_work() as session:
        grown(session)
        audit.anchor_heads(session, key=KEY, at=NOON)
    owner = make_engine(postgres.url(OWNER), limits="")
    with Session(owner) as session:
        session.execute(sa.text("SET session_replication_role = replica"))
        if attack is RECOMPUTE:
            _rewrite_from(session, 4)
        else:
            session.execute(sa.text(attack))
        session.commit()
    owner.dispose()
    with real_database.unit_of_work() as session:
        found = audit.first_fault(session, chain="program:1", key=KEY)
        assert found is not None
        assert fault in found


def _rewrite_from(session: Session, seq: int) -> None:
    """What somebody with all rights would do: change an entry and recompute the rest."""
    entries = session.execute(sa.select(audit.AuditEntry).order_by(audit.AuditEntry.seq)).scalars()
    previous = audit.GENESIS
    for entry in entries:
        if entry.seq >= seq:
            entry.actor = "person:forged" if entry.seq == seq else entry.actor
            entry.previous = previous
            entry.hash = audit._digest(previous, audit._body(entry))
            session.add(entry)
        previous = entry.hash
    head = session.get_one(audit.AuditHead, "program:1")
    head.hash = previous
    session.add(head)
