"""What programmes keep beside the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# A programme gets a new stamp with every statement that changes its products or their GTINs, so
# that a process knows whether the catalogue that it prepared for matching still stands.
_STAMPS = """
CREATE FUNCTION stamp_catalogue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO catalogue_stamp (program_id, stamp)
  SELECT program_id, gen_random_uuid() FROM (SELECT DISTINCT program_id FROM changed) AS c
  ORDER BY program_id
  ON CONFLICT (program_id) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;
"""


def _stamp_catalogues() -> None:
    op.create_table(
        "catalogue_stamp",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_catalogue_stamp_program_id")
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_catalogue_stamp")),
    )
    op.execute(_STAMPS)
    for table in ("product", "product_gtin"):
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER stamp_catalogue_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed "
                "FOR EACH STATEMENT EXECUTE FUNCTION stamp_catalogue()"
            )
    op.execute(
        "INSERT INTO catalogue_stamp (program_id, stamp) SELECT id, gen_random_uuid() FROM program"
    )


_SEGMENTS_STAND = """
-- Published rules may name a segment: who is in it by its attributes never changes afterwards.
CREATE FUNCTION refuse_segment_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.conditions IS DISTINCT FROM OLD.conditions OR NEW.key <> OLD.key
     OR NEW.program_id <> OLD.program_id THEN
    RAISE EXCEPTION 'the conditions of a segment never change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_change BEFORE UPDATE ON segment
  FOR EACH ROW EXECUTE FUNCTION refuse_segment_change();
"""


# Codes on products: of a code only its HMAC is kept. A code works once, while its batch is active;
# nothing takes it back, changes or deletes it.
_CODES = """
CREATE TABLE code_batch (
  id uuid CONSTRAINT pk_code_batch PRIMARY KEY,
  program_id uuid NOT NULL CONSTRAINT fk_code_batch_program_id REFERENCES program (id),
  number integer NOT NULL,
  product_id uuid NOT NULL CONSTRAINT fk_code_batch_product_id REFERENCES product (id),
  size integer NOT NULL CONSTRAINT ck_code_batch_size CHECK (size BETWEEN 1 AND 5000),
  note varchar NOT NULL,
  status varchar(40) NOT NULL
    CONSTRAINT ck_code_batch_batch_status
    CHECK (status IN ('planned', 'issued', 'active', 'void')),
  created_by varchar NOT NULL,
  created_at timestamptz NOT NULL,
  issued_by varchar,
  issued_at timestamptz,
  activated_by varchar,
  activated_at timestamptz,
  voided_by varchar,
  voided_at timestamptz,
  void_reason varchar NOT NULL,
  CONSTRAINT uq_code_batch_program_id_number UNIQUE (program_id, number),
  CONSTRAINT ck_code_batch_issued
    CHECK (status IN ('planned', 'void') OR issued_at IS NOT NULL),
  CONSTRAINT ck_code_batch_active CHECK (status <> 'active' OR activated_at IS NOT NULL),
  CONSTRAINT ck_code_batch_void CHECK ((status = 'void') = (voided_at IS NOT NULL))
);
CREATE INDEX ix_code_batch_program_id ON code_batch (program_id);
CREATE INDEX ix_code_batch_product_id ON code_batch (product_id);
CREATE TABLE product_code (
  code_hmac bytea CONSTRAINT pk_product_code PRIMARY KEY,
  batch_id uuid NOT NULL CONSTRAINT fk_product_code_batch_id REFERENCES code_batch (id),
  claim_id uuid CONSTRAINT uq_product_code_claim_id UNIQUE,
  used_by uuid CONSTRAINT fk_product_code_used_by REFERENCES participant (id),
  used_at timestamptz,
  CONSTRAINT ck_product_code_hmac CHECK (octet_length(code_hmac) = 32),
  CONSTRAINT ck_product_code_used CHECK (num_nulls(claim_id, used_by, used_at) IN (0, 3))
);
CREATE INDEX ix_product_code_batch_id ON product_code (batch_id);
CREATE INDEX ix_product_code_used_by ON product_code (used_by);
CREATE INDEX ix_product_code_used ON product_code (batch_id) WHERE claim_id IS NOT NULL;
CREATE FUNCTION guard_code() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER guard_code BEFORE UPDATE ON product_code
  FOR EACH ROW EXECUTE FUNCTION guard_code();
CREATE TRIGGER no_delete BEFORE DELETE ON product_code
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

# Lists of products that a worker writes, and which column of a programme's files means what.
_IMPORTS = """
CREATE TABLE import_columns (
  program_id uuid CONSTRAINT pk_import_columns PRIMARY KEY
    CONSTRAINT fk_import_columns_program_id REFERENCES program (id),
  columns jsonb NOT NULL,
  saved_by varchar NOT NULL,
  saved_at timestamptz NOT NULL
);
CREATE TABLE product_import (
  id uuid CONSTRAINT pk_product_import PRIMARY KEY,
  program_id uuid NOT NULL CONSTRAINT fk_product_import_program_id REFERENCES program (id),
  file_name varchar NOT NULL,
  file_sha256 varchar NOT NULL,
  columns jsonb NOT NULL,
  status varchar(40) NOT NULL
    CONSTRAINT ck_product_import_import_status
    CHECK (status IN ('waiting', 'running', 'done', 'failed')),
  total integer NOT NULL,
  done integer NOT NULL,
  added integer NOT NULL,
  changed integer NOT NULL,
  left_out integer NOT NULL,
  requested_by varchar NOT NULL,
  requested_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT ck_product_import_progress CHECK (done >= 0 AND done <= total),
  CONSTRAINT ck_product_import_finished
    CHECK ((status IN ('done', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX ix_product_import_program_id ON product_import (program_id);
CREATE TABLE product_unit (
  product_id uuid NOT NULL CONSTRAINT fk_product_unit_product_id REFERENCES product (id),
  name varchar NOT NULL,
  units numeric(20, 6) NOT NULL CONSTRAINT ck_product_unit_units CHECK (units > 0),
  CONSTRAINT pk_product_unit PRIMARY KEY (product_id, name)
);
CREATE FUNCTION stamp_catalogue_of_units() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO catalogue_stamp (program_id, stamp)
  SELECT program_id, gen_random_uuid() FROM (
    SELECT DISTINCT p.program_id FROM changed AS u JOIN product AS p ON p.id = u.product_id
  ) AS c
  ORDER BY program_id
  ON CONFLICT (program_id) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;
CREATE TRIGGER stamp_insert AFTER INSERT ON product_unit REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stamp_catalogue_of_units();
CREATE TRIGGER stamp_update AFTER UPDATE ON product_unit REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stamp_catalogue_of_units();
CREATE TRIGGER stamp_delete AFTER DELETE ON product_unit REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION stamp_catalogue_of_units();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add_earning()
    _stamp_catalogues()
    op.get_bind().exec_driver_sql(_CODES)
    op.get_bind().exec_driver_sql(_IMPORTS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("product_unit")
    op.execute("DROP FUNCTION stamp_catalogue_of_units()")
    for table in ("product_import", "import_columns", "product_code", "code_batch"):
        op.drop_table(table)
    op.execute("DROP FUNCTION guard_code()")
    _drop_earning()
    for table in ("product", "product_gtin"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER stamp_catalogue_{event} ON {table}")
    op.execute("DROP FUNCTION stamp_catalogue()")
    op.drop_table("catalogue_stamp")


def _add_earning() -> None:
    """Budgets, levels, segments, rehearsals, and what the rules were told of a paid line."""
    op.create_table(
        "budget_use",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("stretch", sa.String(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("used >= 0", name=op.f("ck_budget_use_used")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_budget_use_program_id")
        ),
        sa.PrimaryKeyConstraint("program_id", "stretch", name=op.f("pk_budget_use")),
    )
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version_id", sa.Uuid(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("shifted_years", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="rehearsal_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'done') = (result IS NOT NULL)", name=op.f("ck_rehearsal_result")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_rehearsal_progress")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_rehearsal_program_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    op.create_index(op.f("ix_rehearsal_program_id"), "rehearsal", ["program_id"])
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("key ~ '^[a-z0-9][a-z0-9-]{0,59}$'", name=op.f("ck_segment_key")),
        sa.CheckConstraint("name <> '' AND length(name) <= 80", name=op.f("ck_segment_name")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_segment_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("program_id", "key", name=op.f("uq_segment_program_id_key")),
    )
    op.create_index(op.f("ix_segment_program_id"), "segment", ["program_id"])
    op.create_table(
        "segment_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_segment_member_days")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_segment_member_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_segment_member_segment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_member")),
    )
    op.create_index(op.f("ix_segment_member_participant_id"), "segment_member", ["participant_id"])
    op.create_index(
        "uq_segment_member_now",
        "segment_member",
        ["segment_id", "participant_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "tier_review",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_tier_review_program_id")
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_tier_review")),
    )
    op.create_table(
        "tier_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("measured", sa.Numeric(20, 6), nullable=False),
        sa.Column("rule_version_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("measured >= 0", name=op.f("ck_tier_standing_measured")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_tier_standing_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_tier_standing_program_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_tier_standing_rule_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_standing")),
        sa.UniqueConstraint(
            "participant_id", "since", name=op.f("uq_tier_standing_participant_id_since")
        ),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_tier_standing_program_id"), "tier_standing", ["program_id"])
    op.create_index(op.f("ix_tier_standing_rule_version_id"), "tier_standing", ["rule_version_id"])
    op.add_column(
        "claim_line",
        sa.Column("rule_facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.get_bind().exec_driver_sql(_SEGMENTS_STAND)


def _drop_earning() -> None:
    op.drop_column("claim_line", "rule_facts")
    for table in ("tier_standing", "tier_review", "segment_member", "segment"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_segment_change()")
    op.drop_table("rehearsal")
    op.drop_table("budget_use")
