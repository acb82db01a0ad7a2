"""A collective correction in a sales file counts for each of its originals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0022"
branch_labels = None
depends_on = None

_OLD = "uq_correction_program_id_seller_nip_number_norm"
_NEW = "uq_correction_program_id_seller_nip_number_norm_part"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("correction", sa.Column("part", sa.Integer, nullable=False, server_default="1"))
    op.drop_constraint(op.f(_OLD), "correction", type_="unique")
    op.create_unique_constraint(
        op.f(_NEW), "correction", ["program_id", "seller_nip", "number_norm", "part"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(_NEW), "correction", type_="unique")
    op.execute("UPDATE correction SET number_norm = number_norm || '#' || part WHERE part > 1")
    op.create_unique_constraint(
        op.f(_OLD), "correction", ["program_id", "seller_nip", "number_norm"]
    )
    op.drop_column("correction", "part")
