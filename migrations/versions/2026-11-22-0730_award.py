"""An award in one call: the posting and its lot."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AWARD = """
-- False when the caller must look closer: the reference was posted before, or a debt is to be paid.
CREATE FUNCTION ledger_award(
  said text, sort text, at timestamptz, giver text, taker text, owing text, amount bigint,
  lot uuid, last_day date
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_account WHERE address = owing AND balance <> 0) THEN
    RETURN false;
  END IF;
  IF ledger_post(said, sort, at, ARRAY[giver], ARRAY[taker], ARRAY[amount]) IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO point_lot (id, account, reference, points, remaining, expires_on, created_at)
    VALUES (lot, taker, said, amount, amount, last_day, at);
  RETURN true;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_AWARD)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DROP FUNCTION ledger_award(text, text, timestamptz, text, text, text, bigint, uuid, date)"
    )
