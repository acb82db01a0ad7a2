"""Documents are forgotten when their time is over; a line has one living award."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# What was read is append-only for the application: it goes only with a document that is forgotten.
_FORGET = """
CREATE FUNCTION forget_readings(wanted uuid) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM extraction USING document
    WHERE extraction.document_id = wanted AND document.id = wanted
      AND document.forgotten_at IS NOT NULL
$$
"""

# `claim:<id>:line:<n>:award` and its later turns (`…:award:2`) are awards of one line.
CLAIM, LINE = "split_part(reference, ':', 2)", "split_part(reference, ':', 4)"
LIVING = "reference LIKE 'claim:%' AND taken_back < points"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("document", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.get_bind().exec_driver_sql(_FORGET)
    op.create_index(
        "uq_point_lot_living",
        "point_lot",
        [sa.text(CLAIM), sa.text(LINE)],
        unique=True,
        postgresql_where=sa.text(LIVING),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("uq_point_lot_living", "point_lot")
    op.execute("DROP FUNCTION forget_readings(uuid)")
    op.drop_column("document", "forgotten_at")
