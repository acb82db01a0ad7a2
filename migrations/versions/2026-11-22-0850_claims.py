"""Rows of a paper found by what they say, held to the paper's total; claims by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PAPER = """
-- Units of a product that some reading of a paper shows in all, or a correction sold, and nobody
-- has: readings may number the rows differently, so only the total tells what is left.
CREATE FUNCTION paper_left(paper uuid, thing uuid) RETURNS numeric LANGUAGE sql AS $$
  SELECT coalesce((
    SELECT max(total) FROM (
      SELECT sum(trunc(l.quantity * l.units_per_quantity, 6)) AS total
      FROM claim_line l JOIN claim c ON c.id = l.claim_id
      WHERE c.purchase_id = paper AND l.product_id = thing AND l.quantity > 0
      GROUP BY l.claim_id
    ) readings
  ), 0) + coalesce((
    SELECT sum(quantity_raised - quantity_accepted - quantity_returned)
    FROM purchase_line WHERE purchase_id = paper AND product_id = thing
  ), 0)
$$;

CREATE FUNCTION paper_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.quantity_accepted = 0 OR NEW.product_id IS NULL THEN RETURN NULL; END IF;
  IF TG_OP = 'UPDATE' AND NEW.quantity_accepted <= OLD.quantity_accepted THEN RETURN NULL; END IF;
  PERFORM FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
  IF paper_left(NEW.purchase_id, NEW.product_id) < 0 THEN
    RAISE EXCEPTION 'more units are paid than the paper shows'
      USING ERRCODE = '23514', CONSTRAINT = 'paper_bound';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER paper_bound AFTER INSERT OR UPDATE OF quantity_accepted ON purchase_line
  FOR EACH ROW EXECUTE FUNCTION paper_bound()
"""

_CODES = """
ALTER TABLE code_batch ADD COLUMN units_per_code integer NOT NULL DEFAULT 1
  CONSTRAINT ck_code_batch_units CHECK (units_per_code BETWEEN 1 AND 10000);
ALTER TABLE product_code
  ADD COLUMN voided_by varchar,
  ADD COLUMN voided_at timestamptz,
  ADD COLUMN void_reason varchar NOT NULL DEFAULT '',
  ADD CONSTRAINT ck_product_code_void CHECK (num_nulls(voided_by, voided_at) IN (0, 2)),
  ADD CONSTRAINT ck_product_code_void_unused CHECK (voided_at IS NULL OR claim_id IS NULL);
CREATE INDEX ix_product_code_voided ON product_code (batch_id) WHERE voided_at IS NOT NULL;
CREATE OR REPLACE FUNCTION guard_code() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF OLD.claim_id IS NOT NULL OR OLD.voided_at IS NOT NULL THEN
    RAISE EXCEPTION 'a code works once' USING ERRCODE = '23514';
  END IF;
  IF (NEW.code_hmac, NEW.batch_id) IS DISTINCT FROM (OLD.code_hmac, OLD.batch_id) THEN
    RAISE EXCEPTION 'a code is never changed' USING ERRCODE = '23514';
  END IF;
  IF NEW.claim_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM code_batch WHERE id = NEW.batch_id AND status = 'active') THEN
    RAISE EXCEPTION 'the code does not work now' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
"""
# As the tables of the programmes made it.
_CODES_BEFORE = """
CREATE OR REPLACE FUNCTION guard_code() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF OLD.claim_id IS NOT NULL THEN
    RAISE EXCEPTION 'a code works once' USING ERRCODE = '23514';
  END IF;
  IF (NEW.code_hmac, NEW.batch_id) IS DISTINCT FROM (OLD.code_hmac, OLD.batch_id) THEN
    RAISE EXCEPTION 'a code is never changed' USING ERRCODE = '23514';
  END IF;
  IF NOT EXISTS (SELECT FROM code_batch WHERE id = NEW.batch_id AND status = 'active') THEN
    RAISE EXCEPTION 'the code does not work now' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
DROP INDEX ix_product_code_voided;
ALTER TABLE product_code DROP COLUMN voided_by, DROP COLUMN voided_at, DROP COLUMN void_reason;
ALTER TABLE code_batch DROP COLUMN units_per_code
"""

_MAIL = """
ALTER TABLE mail_message
  DROP CONSTRAINT ck_mail_message_mail_outcome, DROP CONSTRAINT ck_mail_message_claims;
ALTER TABLE mail_message
  ADD CONSTRAINT ck_mail_message_mail_outcome CHECK (outcome IN
    ('claimed', 'unproven', 'no_files', 'refused', 'unknown_sender', 'automatic')),
  ADD CONSTRAINT ck_mail_message_claims
    CHECK (claims >= 0 AND (claims > 0) = (outcome IN ('claimed', 'unproven')))
"""
_MAIL_BEFORE = """
ALTER TABLE mail_message
  DROP CONSTRAINT ck_mail_message_mail_outcome, DROP CONSTRAINT ck_mail_message_claims;
UPDATE mail_message SET outcome = 'claimed' WHERE outcome = 'unproven';
ALTER TABLE mail_message
  ADD CONSTRAINT ck_mail_message_mail_outcome CHECK (outcome IN
    ('claimed', 'no_files', 'refused', 'unknown_sender', 'automatic')),
  ADD CONSTRAINT ck_mail_message_claims
    CHECK (claims >= 0 AND (claims > 0) = (outcome = 'claimed'))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "purchase_line", sa.Column("name", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "purchase_line",
        sa.Column("printed_quantity", sa.Numeric(precision=20, scale=6), nullable=True),
    )
    op.add_column(
        "purchase_line",
        sa.Column(
            "quantity_raised",
            sa.Numeric(precision=20, scale=6),
            server_default="0",
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_purchase_line_raised"),
        "purchase_line",
        "quantity_raised >= 0 AND quantity_raised <= quantity_sold",
    )
    op.execute(
        "UPDATE purchase_line p SET name = l.description, printed_quantity = l.quantity"
        " FROM claim_line l WHERE l.purchase_line_id = p.id"
    )
    op.execute(_PAPER)
    op.execute(_CODES)
    op.execute(_MAIL)
    op.create_index("ix_claim_decided", "claim", ["program_id", "decided_at"], unique=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_claim_decided", table_name="claim")
    op.execute(_CODES_BEFORE)
    op.execute(_MAIL_BEFORE)
    op.execute("DROP TRIGGER paper_bound ON purchase_line")
    op.execute("DROP FUNCTION paper_bound()")
    op.execute("DROP FUNCTION paper_left(uuid, uuid)")
    op.drop_constraint(op.f("ck_purchase_line_raised"), "purchase_line", type_="check")
    op.drop_column("purchase_line", "quantity_raised")
    op.drop_column("purchase_line", "printed_quantity")
    op.drop_column("purchase_line", "name")
