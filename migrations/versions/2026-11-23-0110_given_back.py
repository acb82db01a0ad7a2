"""Points that a correction took come back when a later one sells the goods again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KINDS = (
    "award",
    "hold",
    "capture",
    "release",
    "expiry",
    "correction",
    "refund",
    "adjustment",
    "partner_reward",
    "reversal",
    "set_off",
)

# Lines that corrections lowered before anybody kept how they had been paid: by the decision that
# stands. Bonuses that went with the units are not known any more.
_GRANTED = """
UPDATE claim_line l SET granted = jsonb_build_object(
  'units', said ->> 'quantity_accepted', 'points', (said ->> 'points')::bigint,
  'reason', said ->> 'reason', 'steps', l.explanation, 'facts', l.rule_facts)
FROM decision d, jsonb_array_elements(d.lines) said
WHERE d.claim_id = l.claim_id AND d.undone_at IS NULL
  AND (said ->> 'position')::integer = l.position AND said ->> 'verdict' = 'approve'
  AND (said ->> 'product_id')::uuid = l.product_id
  AND (said ->> 'quantity_accepted')::numeric > l.quantity_accepted
  AND EXISTS (SELECT FROM correction_line c WHERE c.claim_id = l.claim_id)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds((*_KINDS, "restoration"))
    op.create_table(
        "point_restoration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("award_reference", sa.String(), nullable=False),
        sa.Column("account", sa.String(collation="C"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("to_active", sa.BigInteger(), nullable=False),
        sa.Column("to_expired", sa.BigInteger(), nullable=False),
        sa.Column("off_debt", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "points > 0 AND points = to_active + to_expired + off_debt "
            "AND to_active >= 0 AND to_expired >= 0 AND off_debt >= 0",
            name=op.f("ck_point_restoration_points"),
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["ledger_account.address"], name=op.f("fk_point_restoration_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_restoration")),
        sa.UniqueConstraint("reference", name=op.f("uq_point_restoration_reference")),
    )
    for name in ("account", "award_reference"):
        op.create_index(f"ix_point_restoration_{name}", "point_restoration", [name])
    op.execute(
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON point_restoration FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON point_restoration "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.add_column(
        "claim_line",
        sa.Column("granted", JSONB(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "correction_line",
        sa.Column("given", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("correction_line", sa.Column("purchase_line_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_correction_line_purchase_line_id"),
        "correction_line",
        "purchase_line",
        ["purchase_line_id"],
        ["id"],
    )
    op.create_index(
        op.f("ix_correction_line_purchase_line_id"), "correction_line", ["purchase_line_id"]
    )
    op.get_bind().exec_driver_sql(_GRANTED)


def _kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_ledger_transaction_transaction_kind")
    op.drop_constraint(name, "ledger_transaction", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "ledger_transaction", f"kind IN ({listed})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("correction_line", "purchase_line_id")
    op.drop_column("correction_line", "given")
    op.drop_column("claim_line", "granted")
    op.drop_table("point_restoration")
    # What was posted in the meantime keeps its meaning under the nearest older name.
    op.execute("ALTER TABLE ledger_transaction DISABLE TRIGGER USER")
    op.execute("UPDATE ledger_transaction SET kind = 'correction' WHERE kind = 'restoration'")
    op.execute("ALTER TABLE ledger_transaction ENABLE TRIGGER USER")
    _kinds(_KINDS)
