"""What a registered correction corrects is kept: its original may be claimed later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("ksef_invoice", sa.Column("corrects", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_ksef_invoice_corrects"), "ksef_invoice", "octet_length(corrects) = 32"
    )
    op.create_index(
        "ix_ksef_invoice_corrects",
        "ksef_invoice",
        ["partner_id", "corrects"],
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("ksef_invoice", "corrects")
