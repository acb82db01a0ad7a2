"""An award takes the accounts last, when only the posting is left to write."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Foreign keys look at accounts FOR KEY SHARE: that waits for FOR UPDATE and for nothing less.
# No address ever changes, so the weaker lock is as good against everybody who moves a balance.
_LOCK = """
CREATE OR REPLACE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_account (address, overdraft)
    SELECT wanted, wanted LIKE 'issued:%' OR wanted LIKE 'debt:%'
    FROM unnest(addresses) AS wanted
    WHERE NOT EXISTS (SELECT FROM ledger_account WHERE address = wanted)
    GROUP BY wanted ORDER BY wanted COLLATE "C"
    ON CONFLICT DO NOTHING;
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR NO KEY UPDATE
$$
"""

_OLD_LOCK = _LOCK.replace("FOR NO KEY UPDATE", "FOR UPDATE")

# Everybody's awards meet at the programme's account: it is held for the posting and the commit
# that follows, and for nothing before. The lock comes before the posting gets its number, so that
# numbers and chains of an account have one order.
_AWARD = """
CREATE OR REPLACE FUNCTION ledger_award(
  said text, sort text, at timestamptz, giver text, taker text, owing text, amount bigint,
  lot uuid, last_day date
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE made bigint;
BEGIN
  IF EXISTS (SELECT FROM ledger_account WHERE address = owing AND balance <> 0) THEN
    RETURN false;
  END IF;
  INSERT INTO ledger_transaction (reference, kind, posted_at) VALUES (said, sort, at)
    ON CONFLICT (reference) DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    RETURN false;
  END IF;
  IF NOT EXISTS (SELECT FROM ledger_account WHERE address = taker) THEN
    PERFORM lock_accounts(ARRAY[giver, taker]);
  END IF;
  INSERT INTO point_lot (id, account, reference, points, remaining, expires_on, created_at)
    VALUES (lot, taker, said, amount, amount, last_day, at);
  PERFORM lock_accounts(ARRAY[giver, taker]);
  INSERT INTO posting (transaction_id, source, destination, points)
    VALUES (made, giver, taker, amount);
  RETURN true;
END $$
"""

_OLD_AWARD = """
CREATE OR REPLACE FUNCTION ledger_award(
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
    for function in (_LOCK, _AWARD):
        op.execute(function)
    # Room on each page for the next version of a row whose balance changes all the time.
    op.execute("ALTER TABLE ledger_account SET (fillfactor = 60)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE ledger_account RESET (fillfactor)")
    for function in (_OLD_AWARD, _OLD_LOCK):
        op.execute(function)
