"""Sealed corrections of sales files; an award holds the programme's account for less long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = """
CREATE FUNCTION open_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_account (address, overdraft)
    SELECT wanted, wanted LIKE 'issued:%' OR wanted LIKE 'debt:%'
    FROM unnest(addresses) AS wanted
    WHERE NOT EXISTS (SELECT FROM ledger_account WHERE address = wanted)
    GROUP BY wanted ORDER BY wanted COLLATE "C"
    ON CONFLICT DO NOTHING
$$
"""
# Nobody changes an address: who only refers to an account (a lot does) need not wait for it.
_HOLD = """
CREATE FUNCTION hold_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR NO KEY UPDATE
$$
"""
_LOCK = """
CREATE OR REPLACE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT open_accounts(addresses);
  SELECT hold_accounts(addresses)
$$
"""
_OLD_LOCK = """
CREATE OR REPLACE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_account (address, overdraft)
    SELECT wanted, wanted LIKE 'issued:%' OR wanted LIKE 'debt:%'
    FROM unnest(addresses) AS wanted
    WHERE NOT EXISTS (SELECT FROM ledger_account WHERE address = wanted)
    GROUP BY wanted ORDER BY wanted COLLATE "C"
    ON CONFLICT DO NOTHING;
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR UPDATE
$$
"""
# All that no other award waits for comes first, the posting with its accounts last.
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
  PERFORM open_accounts(ARRAY[giver, taker]);
  INSERT INTO point_lot (id, account, reference, points, remaining, expires_on, created_at)
    VALUES (lot, taker, said, amount, amount, last_day, at);
  -- Before the posting takes its number: an account's chain runs in the order of the numbers.
  PERFORM hold_accounts(ARRAY[giver, taker]);
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
    op.create_table(
        "sales_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(lookup) = 16", name=op.f("ck_sales_correction_lookup")),
        sa.CheckConstraint("octet_length(own) = 16", name=op.f("ck_sales_correction_own")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_sales_correction_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["sales_feed.id"], name=op.f("fk_sales_correction_feed_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_correction")),
        sa.UniqueConstraint("partner_id", "own", name=op.f("uq_sales_correction_partner_id_own")),
    )
    op.create_index("ix_sales_correction_lookup", "sales_correction", ["partner_id", "lookup"])
    op.create_index("ix_sales_correction_feed_id", "sales_correction", ["feed_id"])
    for statement in (_OPEN, _HOLD, _LOCK, _AWARD):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        _OLD_AWARD,
        _OLD_LOCK,
        "DROP FUNCTION hold_accounts(text[])",
        "DROP FUNCTION open_accounts(text[])",
    ):
        op.execute(statement)
    op.drop_table("sales_correction")
