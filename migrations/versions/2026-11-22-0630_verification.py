"""What verification and partners keep beside the first tables."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "verification"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _open_sales_and_partners()
    _run("decisions")


def _run(name: str) -> None:
    """Tables and triggers of automatic decisions, second looks, appeals and four eyes."""
    op.get_bind().exec_driver_sql((SQL / f"{name}.sql").read_text().replace("%", "%%"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run("decisions_down")
    for table in _SALES_AND_PARTNERS:
        op.drop_table(table)


_SALES_AND_PARTNERS = (
    "ksef_sighting",
    "feed_answer",
    "partner_absence",
    "sales_key",
    "sales_feed_fault",
    "partner_invitation",
    "enrolment_link",
    "sales_feed_mapping",
    "sales_feed",
    "ksef_key",
    "ksef_invoice",
    "ksef_connection",
)


def _open_sales_and_partners() -> None:
    """Sales exports, KSeF connections, invitations, absences, enrolment links."""
    op.create_table(
        "ksef_connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("nip", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "refused",
                "revoked",
                name="connection_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("connected_by", sa.Uuid(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page_offset", sa.Integer(), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invoices", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_ksef_connection_revoked"),
        ),
        sa.CheckConstraint(
            "status <> 'revoked' OR token_sealed IS NULL", name=op.f("ck_ksef_connection_forgotten")
        ),
        sa.ForeignKeyConstraint(
            ["connected_by"], ["person.id"], name=op.f("fk_ksef_connection_connected_by")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_ksef_connection_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["person.id"], name=op.f("fk_ksef_connection_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ksef_connection")),
    )
    op.create_index(
        op.f("ix_ksef_connection_connected_by"), "ksef_connection", ["connected_by"], unique=False
    )
    op.create_index(
        op.f("ix_ksef_connection_partner_id"), "ksef_connection", ["partner_id"], unique=False
    )
    op.create_index(
        op.f("ix_ksef_connection_revoked_by"), "ksef_connection", ["revoked_by"], unique=False
    )
    op.create_index(
        "uq_ksef_connection_living",
        "ksef_connection",
        ["partner_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'revoked'"),
    )
    op.create_table(
        "ksef_invoice",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("ksef_number", sa.String(), nullable=False),
        sa.Column("invoice_number", sa.String(), nullable=False),
        sa.Column("invoice_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seller_nip", sa.String(), nullable=False),
        sa.Column("buyer_nip", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("gross_grosze", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(invoice_hash) = 32", name=op.f("ck_ksef_invoice_hash")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_ksef_invoice_partner_id")
        ),
        sa.PrimaryKeyConstraint("partner_id", "ksef_number", name=op.f("pk_ksef_invoice")),
    )
    op.create_index(
        "ix_ksef_invoice_hash", "ksef_invoice", ["partner_id", "invoice_hash"], unique=False
    )
    op.create_table(
        "ksef_key",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(key) = 16", name=op.f("ck_ksef_key_key")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_ksef_key_partner_id")
        ),
        sa.PrimaryKeyConstraint("partner_id", "key", name=op.f("pk_ksef_key")),
    )
    op.create_table(
        "sales_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "mapping",
                "waiting",
                "done",
                "refused",
                name="feed_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_bad", sa.Integer(), nullable=False),
        sa.Column("rows_used", sa.Integer(), nullable=False),
        sa.Column("claims_proven", sa.Integer(), nullable=False),
        sa.Column("claims_different", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('done', 'refused')) = (finished_at IS NOT NULL)",
            name=op.f("ck_sales_feed_finished"),
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_sales_feed_sha256")),
        sa.CheckConstraint(
            "rows_total >= 0 AND rows_done >= 0 AND rows_bad >= 0 AND rows_used >= 0 AND claims_proven >= 0 AND claims_different >= 0",
            name=op.f("ck_sales_feed_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_sales_feed_partner_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_sales_feed_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_feed")),
        sa.UniqueConstraint("partner_id", "sha256", name=op.f("uq_sales_feed_partner_id_sha256")),
    )
    op.create_index(
        "ix_sales_feed_partner", "sales_feed", ["partner_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_sales_feed_sent_by"), "sales_feed", ["sent_by"], unique=False)
    op.create_table(
        "sales_feed_mapping",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_sales_feed_mapping_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_sales_feed_mapping_partner_id")
        ),
        sa.PrimaryKeyConstraint("partner_id", "signature", name=op.f("pk_sales_feed_mapping")),
    )
    op.create_index(
        op.f("ix_sales_feed_mapping_confirmed_by"),
        "sales_feed_mapping",
        ["confirmed_by"],
        unique=False,
    )
    op.create_table(
        "enrolment_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9A-Za-z_-]{10,40}$'", name=op.f("ck_enrolment_link_code")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_enrolment_link_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_enrolment_link_program_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_link")),
        sa.UniqueConstraint("code", name=op.f("uq_enrolment_link_code")),
    )
    op.create_index(
        op.f("ix_enrolment_link_program_id"), "enrolment_link", ["program_id"], unique=False
    )
    op.create_index(
        "uq_enrolment_link_open",
        "enrolment_link",
        ["branch_id", "program_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "partner_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "clerk",
                "manager",
                name="partner_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role <> 'clerk' OR branch_id IS NOT NULL",
            name=op.f("ck_partner_invitation_clerk_has_branch"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)",
            name=op.f("ck_partner_invitation_accepted"),
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_partner_invitation_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["person.id"], name=op.f("fk_partner_invitation_accepted_by")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_partner_invitation_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_partner_invitation_invited_by")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_invitation_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_invitation")),
    )
    op.create_index(
        op.f("ix_partner_invitation_accepted_by"),
        "partner_invitation",
        ["accepted_by"],
        unique=False,
    )
    op.create_index(
        op.f("ix_partner_invitation_branch_id"), "partner_invitation", ["branch_id"], unique=False
    )
    op.create_index(
        op.f("ix_partner_invitation_invited_by"), "partner_invitation", ["invited_by"], unique=False
    )
    op.create_index(
        "uq_partner_invitation_open",
        "partner_invitation",
        ["partner_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "sales_feed_fault",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["sales_feed.id"], name=op.f("fk_sales_feed_fault_feed_id")
        ),
        sa.PrimaryKeyConstraint("feed_id", "row_number", name=op.f("pk_sales_feed_fault")),
    )
    op.create_table(
        "sales_key",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("octet_length(key) = 16", name=op.f("ck_sales_key_key")),
        sa.PrimaryKeyConstraint("partner_id", "key", name=op.f("pk_sales_key")),
    )
    op.create_table(
        "partner_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_user_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "deputy_id IS NULL OR deputy_id <> partner_user_id",
            name=op.f("ck_partner_absence_other"),
        ),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_partner_absence_days")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["partner_user.id"], name=op.f("fk_partner_absence_deputy_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_partner_absence_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["partner_user_id"],
            ["partner_user.id"],
            name=op.f("fk_partner_absence_partner_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_absence")),
    )
    op.create_index(
        op.f("ix_partner_absence_deputy_id"), "partner_absence", ["deputy_id"], unique=False
    )
    op.create_index(
        op.f("ix_partner_absence_entered_by"), "partner_absence", ["entered_by"], unique=False
    )
    op.create_index(
        op.f("ix_partner_absence_partner_user_id"),
        "partner_absence",
        ["partner_user_id"],
        unique=False,
    )
    op.create_table(
        "feed_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "proven",
                "different",
                name="feed_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_feed_answer_claim_id")),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["sales_feed.id"], name=op.f("fk_feed_answer_feed_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_answer")),
        sa.UniqueConstraint("claim_id", "feed_id", name=op.f("uq_feed_answer_claim_id_feed_id")),
    )
    op.create_index(op.f("ix_feed_answer_feed_id"), "feed_answer", ["feed_id"], unique=False)
    op.create_table(
        "ksef_sighting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column(
            "sight",
            sa.Enum(
                "registered",
                "not_found",
                "different",
                "unavailable",
                name="sight",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_by", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "link LIKE 'https://qr.ksef.mf.gov.pl/invoice/%%'", name=op.f("ck_ksef_sighting_link")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_ksef_sighting_claim_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_ksef_sighting_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ksef_sighting")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_ksef_sighting_claim_id"), "ksef_sighting", ["claim_id"], unique=False)
    op.create_index(op.f("ix_ksef_sighting_seen_by"), "ksef_sighting", ["seen_by"], unique=False)
