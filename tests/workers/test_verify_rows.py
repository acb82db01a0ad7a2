"""Whoever owns the database cannot change what was paid or decided without `verify` naming it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from claims import retention
from claims.document_tables import Document
from core import clock
from core.db import make_engine
from core.engines import OWNER, EmbeddedPostgres
from points.tables import AdjustmentStatus
from programs import setup
from programs.policy import Budget
from tests import make
from tests.conftest import NOON
from tests.points import test_adjustments as adjusting
from tests.rewards.test_redemption import shipped
from tests.verification import corrected
from tests.verification import test_code_claims as codes
from web import personal_data
from workers import seals
from workers.sealed_rows import SEALED
from workers.verify import in_rows

# Rows are numbered by the real clock, and moments of the tests' day may lie before it or after.
SEALED_AT = max(clock.now(), NOON) + timedelta(days=2)


@pytest.fixture(scope="module")
def owner(postgres: EmbeddedPostgres) -> Iterator[Session]:
    """Paid code, corrected invoice, points by hand, two orders, a gap; never committed."""
    engine = make_engine(postgres.url(OWNER), limits="")
    with engine.connect() as connection, Session(connection) as session:
        of = make.world(
            session, rules=make.RULES.model_copy(update={"budget": Budget(points=9_999)})
        )
        _, made = codes.active(session, of, units=10)
        codes.claim(session, of, made[0])
        invoice = corrected.original(of)
        corrected.paid(session, of, invoice)
        corrected.send(session, of, corrected.before_after(invoice, {1: "40"}))
        by = make.person(session)
        assert adjusting.propose(session, of, 300, by.id).status is AdjustmentStatus.POSTED
        reward = make.stocked_reward(session, of, price=100)
        shipped(session, make.place(session, of, reward), reward)
        make.place(session, of, reward)
        left_and_came_back(session, of)
        session.flush()
        assert seals.record(session, at=SEALED_AT) >= 15
        assert seals.record(session, at=SEALED_AT) == 0
        assert in_rows(session) == []
        session.info["of"] = of
        yield session
        session.rollback()
    engine.dispose()


def left_and_came_back(session: Session, of: make.World) -> None:
    by = {"program": of.program, "actor": "person:test"}
    facts = {"nip": make.nip(), "name": "Hurtownia Iskra", "short_name": "Iskra"}
    partner = setup.admit_partner(session, at=NOON, **facts, **by)
    setup.dismiss_partner(session, partner_id=partner.id, at=NOON + timedelta(days=1), **by)
    setup.admit_partner(session, at=NOON + timedelta(days=2), **facts, **by)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE product_code SET claim_id = NULL, used_by = NULL, used_at = NULL",
            "a code without its claim",
        ),
        ("DELETE FROM product_code WHERE claim_id IS NOT NULL", "a code without its claim"),
        ("UPDATE code_batch SET units_per_code = 1000", "used for something else"),
        ("DELETE FROM purchase_line", "paid without a row of its paper"),
        ("UPDATE purchase_line SET quantity_returned = 0", "came back, corrections more"),
        (
            "UPDATE purchase_line SET quantity_returned = 0, printed_returned = 0",
            "0.000000 units came back, 20.000000 were taken",
        ),
        ("UPDATE participant SET nip = '5260250274'", "its buyer is another"),
        ("DELETE FROM correction_line", "0 points said, 300 moved"),
        ("DELETE FROM correction_original", "lines without the document"),
        ("DELETE FROM point_reversal", "0 points, 300 posted"),
        ("DELETE FROM point_adjustment", "0 points, 300 posted"),
        ("UPDATE point_adjustment SET points = points * 10", "3000 points, 300 posted"),
        (
            "UPDATE point_adjustment SET status = 'proposed', decided_by = NULL, decided_at = NULL",
            "0 points, 300 posted",
        ),
        ("DELETE FROM redemption", "its points moved, it is missing"),
        ("UPDATE redemption SET status = 'cancelled'", "its points say otherwise"),
        ("DELETE FROM redemption_line", "points are not its lines'"),
        ("UPDATE claim SET status = 'rejected' WHERE points > 0", "paid, but rejected"),
        ("DELETE FROM claim_event", "by no event"),
        (
            "UPDATE purchase SET sale_date = sale_date - 40, issue_date = issue_date - 40",
            "its paper has another day",
        ),
        ("UPDATE decision SET points = points + 1000", "points decided"),
        ("UPDATE decision SET lines = '[]'", "paid otherwise than decided"),
        ("UPDATE claim_line SET explanation = '[]'", "points without an explanation"),
        (
            "UPDATE rule_version SET valid_from = valid_from + 400",
            "paid by rules of another day",
        ),
        ("UPDATE point_lot SET expires_on = expires_on + 3650", "are good for 4015 days"),
        ("UPDATE point_lot SET graced = true", "days of grace that nothing gave"),
        ("UPDATE point_lot SET reference = 'x' || reference", "its lot is another's"),
        # What contradicts nothing else does not fit its digest.
        ("UPDATE rule_version SET rules = rules || '{\"x\": 1}'", "rule_version.published: rows"),
        ("UPDATE claim_event SET actor = 'system'", "claim_event: rows"),
        ("UPDATE document_file SET sha256 = repeat('0', 64)", "document_file: rows"),
        ("DELETE FROM document_file", "then, 0 now"),
        ("UPDATE decision SET note = 'x'", "decision: rows"),
        ("UPDATE program_partner_past SET left_on = left_on + 9", "program_partner_past: rows"),
        ("UPDATE point_adjustment SET reason = 'another'", "point_adjustment.decided: rows"),
    ],
)
def test_a_row_that_the_owner_changed_is_named(owner: Session, change: str, named: str) -> None:
    with owner.begin_nested() as point:
        owner.execute(sa.text("SET LOCAL session_replication_role = replica"))
        owner.connection().exec_driver_sql(change)
        owner.expire_all()
        assert [fault for fault in in_rows(owner) if named in fault]
        point.rollback()


def test_a_row_that_was_slipped_in_among_digested_ones_is_named(owner: Session) -> None:
    with owner.begin_nested() as point:
        owner.connection().exec_driver_sql(
            "INSERT INTO claim_event (id, claim_id, status, actor, at, note, facts)"
            " SELECT '00000000-0000-7000-8000-000000000000', claim_id, status, actor, at, note,"
            " facts FROM claim_event ORDER BY id LIMIT 1"
        )
        [fault] = in_rows(owner)
        assert fault.startswith("claim_event: rows after the first up to")
        point.rollback()


def test_what_is_forgotten_by_right_is_no_fault(owner: Session) -> None:
    of = owner.info["of"]
    with owner.begin_nested() as point:
        for document in owner.exec(select(Document.id)).all():
            retention.forget(owner, document_id=document, at=NOON)
        personal_data.forget(owner, person_id=of.participant.person_id, at=NOON)
        assert in_rows(owner) == []
        point.rollback()


def test_every_table_that_nobody_may_change_is_digested_or_said_why_not() -> None:
    otherwise = {
        "audit_anchor",  # signed
        "audit_entry",  # chained
        "posting",  # points.anchors
        "ledger_transaction",  # in the chain of its postings
        "extraction",  # forgotten with its document
        "layout_lesson",  # pays nothing
        "shipment_event",  # logistics.proofs
        "stock_movement",  # logistics.proofs
    }
    kept = {
        table.name for table in SQLModel.metadata.tables.values() if table.info.get("append_only")
    }
    assert kept - {sealed.table for sealed in SEALED} == otherwise
