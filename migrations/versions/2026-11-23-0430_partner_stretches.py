"""A wholesaler that left and came back keeps the days of its earlier parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# What counted once counts: the days of a part that ended are never rewritten.
_PAST = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON program_partner_past
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON program_partner_past
  EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Who came back before keeps what is known: one part, from its first day on."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "program_partner_past",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_program_partner_past_period")),
        sa.ForeignKeyConstraint(
            ["program_id", "partner_id"],
            ["program_partner.program_id", "program_partner.partner_id"],
            name=op.f("fk_program_partner_past_program_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_partner_past")),
    )
    op.create_index(
        "ix_program_partner_past_part", "program_partner_past", ["program_id", "partner_id"]
    )
    op.create_index(
        op.f("ix_program_partner_past_partner_id"),
        "program_partner_past",
        ["partner_id", "program_id"],
    )
    op.get_bind().exec_driver_sql(_PAST)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("program_partner_past")
