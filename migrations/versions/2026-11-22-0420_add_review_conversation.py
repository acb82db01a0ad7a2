"""Add what is asked, answered and corrected while a claim is checked, and who waits since when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("taken_at", "escalated_at", "waiting_since"):
        op.add_column("review", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE review SET escalated_at = created_at WHERE status = 'escalated'")
    op.create_table(
        "review_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "partner",
                "program",
                "participant",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> '' OR template <> ''", name=op.f("ck_review_message_said")),
        sa.CheckConstraint("length(text) <= 1000", name=op.f("ck_review_message_text")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_review_message_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_message_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_review_message_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_message")),
        info={"append_only": True},
    )
    op.create_index("ix_review_message_claim", "review_message", ["claim_id", "at"])
    for name in ("review_id", "author_id"):
        op.create_index(op.f(f"ix_review_message_{name}"), "review_message", [name])
    op.create_table(
        "field_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("corrected_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ms_spent", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_field_correction_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_field_correction_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["person.id"], name=op.f("fk_field_correction_corrected_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_correction")),
        info={"append_only": True},
    )
    for name in ("claim_id", "review_id", "corrected_by"):
        op.create_index(op.f(f"ix_field_correction_{name}"), "field_correction", [name])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("field_correction")
    op.drop_table("review_message")
    for name in ("waiting_since", "escalated_at", "taken_at"):
        op.drop_column("review", name)
