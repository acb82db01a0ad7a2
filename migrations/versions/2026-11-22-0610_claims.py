"""What claims keep beside the first tables: keys of a purchase, corrections, piles, e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The keys that purchases of the first tables have, in the words of claims.purchases.
_KEYS = (
    ("ksef:' || ksef_number", "ksef_number IS NOT NULL"),
    ("hash:' || ksef_hash", "ksef_hash IS NOT NULL"),
    (
        "number:' || seller_nip || ':' || kind || ':' || number_norm",
        "number_norm IS NOT NULL AND seller_nip IS NOT NULL",
    ),
    (
        "receipt:' || cash_register_id || ':' || print_number",
        "cash_register_id IS NOT NULL AND print_number IS NOT NULL",
    ),
    ("file:' || file_sha256", "file_sha256 IS NOT NULL"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "claim_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_claim_batch_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_batch")),
    )
    op.create_index(
        op.f("ix_claim_batch_participant_id"), "claim_batch", ["participant_id"], unique=False
    )
    op.create_table(
        "mail_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=998), nullable=False),
        sa.Column("sender_sha256", sa.String(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "claimed",
                "no_files",
                "refused",
                "unknown_sender",
                "automatic",
                name="mail_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(participant_id IS NULL) = (outcome IN ('unknown_sender', 'automatic'))",
            name=op.f("ck_mail_message_known"),
        ),
        sa.CheckConstraint(
            "claims >= 0 AND (claims > 0) = (outcome = 'claimed')",
            name=op.f("ck_mail_message_claims"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_mail_message_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_message_id")),
    )
    op.create_index(
        op.f("ix_mail_message_participant_id"), "mail_message", ["participant_id"], unique=False
    )
    op.create_index(
        "uq_mail_message_answered",
        "mail_message",
        ["sender_sha256"],
        unique=True,
        postgresql_where=sa.text("answered AND participant_id IS NULL"),
    )
    op.create_table(
        "purchase_key",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_purchase_key_program_id")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_key_purchase_id")
        ),
        sa.PrimaryKeyConstraint("program_id", "key", name=op.f("pk_purchase_key")),
    )
    op.create_index(
        op.f("ix_purchase_key_purchase_id"), "purchase_key", ["purchase_id"], unique=False
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("seller_nip", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_norm", sa.String(), nullable=False),
        sa.Column("ksef_number", sa.String(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "needs_person",
                "applied",
                "dismissed",
                name="correction_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("doubts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('applied', 'dismissed')) = (settled_at IS NOT NULL)",
            name=op.f("ck_correction_decided"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_correction_claim_id")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_correction_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_correction_program_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_correction_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "program_id",
            "seller_nip",
            "number_norm",
            name=op.f("uq_correction_program_id_seller_nip_number_norm"),
        ),
    )
    op.create_index(op.f("ix_correction_claim_id"), "correction", ["claim_id"], unique=False)
    op.create_index(
        "ix_correction_open", "correction", ["program_id", "status", "created_at"], unique=False
    )
    op.create_index(op.f("ix_correction_partner_id"), "correction", ["partner_id"], unique=False)
    op.create_index(op.f("ix_correction_settled_by"), "correction", ["settled_by"], unique=False)
    op.create_index(
        "uq_correction_ksef",
        "correction",
        ["program_id", "ksef_number"],
        unique=True,
        postgresql_where=sa.text("ksef_number IS NOT NULL"),
    )
    op.create_table(
        "correction_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("printed_quantity", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("units", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("to_debt", sa.BigInteger(), nullable=False),
        sa.Column("rule_version_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_correction_line_number")),
        sa.CheckConstraint("points >= 0 AND units >= 0", name=op.f("ck_correction_line_points")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_correction_line_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_line_correction_id")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_correction_line_purchase_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"],
            ["rule_version.id"],
            name=op.f("fk_correction_line_rule_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_line")),
        sa.UniqueConstraint(
            "correction_id", "number", name=op.f("uq_correction_line_correction_id_number")
        ),
        info={"append_only": True},
    )
    op.create_index(
        op.f("ix_correction_line_claim_id"), "correction_line", ["claim_id"], unique=False
    )
    op.create_index(
        op.f("ix_correction_line_purchase_id"), "correction_line", ["purchase_id"], unique=False
    )
    op.create_index(
        op.f("ix_correction_line_rule_version_id"),
        "correction_line",
        ["rule_version_id"],
        unique=False,
    )
    op.create_table(
        "correction_original",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_norm", sa.String(), nullable=False),
        sa.Column("ksef_number", sa.String(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_original_correction_id")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_correction_original_purchase_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_original")),
        sa.UniqueConstraint(
            "correction_id", "position", name=op.f("uq_correction_original_correction_id_position")
        ),
    )
    op.create_index(
        "ix_correction_original_ksef", "correction_original", ["ksef_number"], unique=False
    )
    op.create_index(
        "ix_correction_original_number", "correction_original", ["number_norm"], unique=False
    )
    op.create_index(
        op.f("ix_correction_original_purchase_id"),
        "correction_original",
        ["purchase_id"],
        unique=False,
    )
    op.add_column(
        "claim",
        sa.Column(
            "buyer_relation",
            sa.Enum(
                "buyer",
                "additional_buyer",
                "employee",
                "other",
                "unread",
                name="buyer_relation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column("claim", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_claim_batch_id"), "claim", ["batch_id"], unique=False)
    op.create_foreign_key(op.f("fk_claim_batch_id"), "claim", "claim_batch", ["batch_id"], ["id"])
    op.add_column("claim_line", sa.Column("proposed_product_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_claim_line_proposed_product_id"),
        "claim_line",
        ["proposed_product_id"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("fk_claim_line_proposed_product_id"),
        "claim_line",
        "product",
        ["proposed_product_id"],
        ["id"],
    )
    op.add_column("document_page", sa.Column("likeness", postgresql.BIT(length=256), nullable=True))
    op.add_column(
        "document_page", sa.Column("likeness_bands", postgresql.ARRAY(sa.Integer()), nullable=True)
    )
    op.create_index(
        "ix_document_page_likeness",
        "document_page",
        ["likeness_bands"],
        unique=False,
        postgresql_using="gin",
    )
    op.add_column(
        "purchase", sa.Column("of_receipt", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column(
        "purchase_line",
        sa.Column(
            "quantity_returned",
            sa.Numeric(precision=20, scale=6),
            server_default="0",
            nullable=False,
        ),
    )
    op.add_column(
        "purchase_line",
        sa.Column(
            "printed_returned",
            sa.Numeric(precision=20, scale=6),
            server_default="0",
            nullable=False,
        ),
    )
    op.drop_constraint(op.f("ck_purchase_line_accepted"), "purchase_line", type_="check")
    op.create_check_constraint(
        op.f("ck_purchase_line_accepted"),
        "purchase_line",
        "quantity_accepted >= 0 AND quantity_returned >= 0 AND printed_returned >= 0"
        " AND quantity_accepted + quantity_returned <= quantity_sold",
    )
    op.execute(
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON correction_line"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON correction_line"
        " EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "seller_layout",
        sa.Column("seller_vat_id", sa.String(length=40), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("labels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("documents_seen", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("documents_seen > 0", name=op.f("ck_seller_layout_seen")),
        sa.PrimaryKeyConstraint("seller_vat_id", name=op.f("pk_seller_layout")),
    )
    op.create_index(
        op.f("ix_seller_layout_learned_at"), "seller_layout", ["learned_at"], unique=False
    )
    op.create_table(
        "layout_lesson",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_layout_lesson_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_layout_lesson")),
        info={"append_only": True},
    )
    op.execute(
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON layout_lesson"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON layout_lesson"
        " EXECUTE FUNCTION refuse_change()"
    )
    for key, known in _KEYS:
        op.execute(
            "INSERT INTO purchase_key (program_id, key, purchase_id) "  # noqa: S608 - our own text
            f"SELECT program_id, '{key}, id FROM purchase WHERE {known} ON CONFLICT DO NOTHING"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("layout_lesson")
    op.drop_table("seller_layout")
    op.drop_constraint(op.f("ck_purchase_line_accepted"), "purchase_line", type_="check")
    op.create_check_constraint(
        op.f("ck_purchase_line_accepted"),
        "purchase_line",
        "quantity_accepted >= 0 AND quantity_accepted <= quantity_sold",
    )
    op.drop_column("purchase_line", "printed_returned")
    op.drop_column("purchase_line", "quantity_returned")
    op.drop_column("purchase", "of_receipt")
    op.drop_index("ix_document_page_likeness", table_name="document_page", postgresql_using="gin")
    op.drop_column("document_page", "likeness_bands")
    op.drop_column("document_page", "likeness")
    op.drop_constraint(op.f("fk_claim_line_proposed_product_id"), "claim_line", type_="foreignkey")
    op.drop_index(op.f("ix_claim_line_proposed_product_id"), table_name="claim_line")
    op.drop_column("claim_line", "proposed_product_id")
    op.drop_constraint(op.f("fk_claim_batch_id"), "claim", type_="foreignkey")
    op.drop_index(op.f("ix_claim_batch_id"), table_name="claim")
    op.drop_column("claim", "batch_id")
    op.drop_column("claim", "buyer_relation")
    op.drop_index(op.f("ix_correction_original_purchase_id"), table_name="correction_original")
    op.drop_index("ix_correction_original_number", table_name="correction_original")
    op.drop_index("ix_correction_original_ksef", table_name="correction_original")
    op.drop_table("correction_original")
    op.drop_index(op.f("ix_correction_line_rule_version_id"), table_name="correction_line")
    op.drop_index(op.f("ix_correction_line_purchase_id"), table_name="correction_line")
    op.drop_index(op.f("ix_correction_line_claim_id"), table_name="correction_line")
    op.drop_table("correction_line")
    op.drop_index(
        "uq_correction_ksef",
        table_name="correction",
        postgresql_where=sa.text("ksef_number IS NOT NULL"),
    )
    op.drop_index(op.f("ix_correction_settled_by"), table_name="correction")
    op.drop_index(op.f("ix_correction_partner_id"), table_name="correction")
    op.drop_index("ix_correction_open", table_name="correction")
    op.drop_index(op.f("ix_correction_claim_id"), table_name="correction")
    op.drop_table("correction")
    op.drop_index(op.f("ix_purchase_key_purchase_id"), table_name="purchase_key")
    op.drop_table("purchase_key")
    op.drop_index(
        "uq_mail_message_answered",
        table_name="mail_message",
        postgresql_where=sa.text("answered AND participant_id IS NULL"),
    )
    op.drop_index(op.f("ix_mail_message_participant_id"), table_name="mail_message")
    op.drop_table("mail_message")
    op.drop_index(op.f("ix_claim_batch_participant_id"), table_name="claim_batch")
    op.drop_table("claim_batch")
