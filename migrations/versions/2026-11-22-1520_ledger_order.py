"""A posting takes its accounts in order by itself, and an award takes the programme's one last."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Both balances as before, but the lower address first, as `lock_accounts` takes them: a posting
# of a single move then needs no lock of its own before it.
_APPLY = """
CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry ledger_transaction; giver uuid; taker uuid; turn int;
BEGIN
  SELECT * INTO entry FROM ledger_transaction WHERE id = NEW.transaction_id;
  FOR turn IN 1..2 LOOP
    IF (turn = 1) = (NEW.source < NEW.destination) THEN
      UPDATE ledger_account AS a SET balance = a.balance - NEW.points,
          head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
            entry.reference, entry.kind, entry.posted_at, -NEW.points, NEW.destination,
            a.balance - NEW.points))
        WHERE a.address = NEW.source
        RETURNING a.balance, a.head, a.program_id
        INTO NEW.source_balance, NEW.source_hash, giver;
    ELSE
      UPDATE ledger_account AS a SET balance = a.balance + NEW.points,
          head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
            entry.reference, entry.kind, entry.posted_at, NEW.points, NEW.source,
            a.balance + NEW.points))
        WHERE a.address = NEW.destination
        RETURNING a.balance, a.head, a.program_id
        INTO NEW.destination_balance, NEW.destination_hash, taker;
    END IF;
  END LOOP;
  IF giver IS NULL AND taker IS NOT NULL THEN
    UPDATE ledger_account SET program_id = taker WHERE address = NEW.source;
  ELSIF taker IS NULL AND giver IS NOT NULL THEN
    UPDATE ledger_account SET program_id = giver WHERE address = NEW.destination;
  ELSIF giver <> taker THEN
    RAISE EXCEPTION 'points of one programme cannot move to another' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
"""

_OLD_APPLY = """
CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry ledger_transaction; giver uuid; taker uuid;
BEGIN
  SELECT * INTO entry FROM ledger_transaction WHERE id = NEW.transaction_id;
  UPDATE ledger_account AS a SET balance = a.balance - NEW.points,
      head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
        entry.reference, entry.kind, entry.posted_at, -NEW.points, NEW.destination,
        a.balance - NEW.points))
    WHERE a.address = NEW.source
    RETURNING a.balance, a.head, a.program_id
    INTO NEW.source_balance, NEW.source_hash, giver;
  UPDATE ledger_account AS a SET balance = a.balance + NEW.points,
      head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
        entry.reference, entry.kind, entry.posted_at, NEW.points, NEW.source,
        a.balance + NEW.points))
    WHERE a.address = NEW.destination
    RETURNING a.balance, a.head, a.program_id
    INTO NEW.destination_balance, NEW.destination_hash, taker;
  IF giver IS NULL AND taker IS NOT NULL THEN
    UPDATE ledger_account SET program_id = taker WHERE address = NEW.source;
  ELSIF taker IS NULL AND giver IS NOT NULL THEN
    UPDATE ledger_account SET program_id = giver WHERE address = NEW.destination;
  ELSIF giver <> taker THEN
    RAISE EXCEPTION 'points of one programme cannot move to another' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
"""

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

# Everybody's awards meet at the programme's account: it is taken last, when only the posting is
# left to write, and held until the commit that follows.
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
  IF (SELECT count(*) FROM ledger_account WHERE address IN (giver, taker)) < 2 THEN
    PERFORM lock_accounts(ARRAY[giver, taker]);
  END IF;
  INSERT INTO point_lot (id, account, reference, points, remaining, expires_on, created_at)
    VALUES (lot, taker, said, amount, amount, last_day, at);
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
    for function in (_APPLY, _LOCK, _AWARD):
        op.execute(function)
    # Room on each page for the next version of a row whose balance changes all the time.
    op.execute("ALTER TABLE ledger_account SET (fillfactor = 60)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE ledger_account RESET (fillfactor)")
    for function in (_OLD_AWARD, _OLD_LOCK, _OLD_APPLY):
        op.execute(function)
