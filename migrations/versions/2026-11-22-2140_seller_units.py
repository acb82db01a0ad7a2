"""What a seller's unit holds is remembered with who said it, and asked again when it may change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

_REASONS = (
    "counted", "duplicate", "unreadable", "not_our_document", "other_buyer", "outside_period",
    "not_in_program", "returned_goods", "suspected_forgery", "other", "product_uncertain",
    "quantity_uncertain", "already_claimed", "cap_reached", "branch_not_in_program",
    "product_not_in_days",
)  # fmt: skip
_REASONED = ("claim_line", "decision", "appeal")

# Nobody rewrites what was said; it gets its second person, or it is withdrawn, once.
_GUARD = """
CREATE FUNCTION guard_seller_unit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR
     (to_jsonb(NEW) - '{second_by,second_at,second_claim_id,withdrawn_by,withdrawn_at}'::text[])
     IS DISTINCT FROM
     (to_jsonb(OLD) - '{second_by,second_at,second_claim_id,withdrawn_by,withdrawn_at}'::text[])
  THEN
    RAISE EXCEPTION 'what was said of a unit is not rewritten' USING ERRCODE = '23514',
      CONSTRAINT = 'seller_unit_rewritten';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_seller_unit BEFORE UPDATE ON seller_unit
  FOR EACH ROW EXECUTE FUNCTION guard_seller_unit();

-- Claims that wait were counted by it without a question: now the question is open again.
CREATE FUNCTION ask_unit_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE claim_line l SET candidates = (
      SELECT jsonb_agg(CASE WHEN c.one ->> 'seller_unit' = NEW.id::text
          THEN (c.one - 'seller_unit') || jsonb_build_object(
            'units', jsonb_build_array(trim_scale(NEW.units)::text))
          ELSE c.one END ORDER BY c.place)
        FROM jsonb_array_elements(l.candidates) WITH ORDINALITY c(one, place))
    FROM claim k
    WHERE k.id = l.claim_id AND k.program_id = NEW.program_id AND l.verdict IS NULL
      AND k.status IN ('matching', 'awaiting_partner', 'needs_information')
      AND l.candidates @> jsonb_build_array(jsonb_build_object('seller_unit', NEW.id::text));
  RETURN NULL;
END $$;
CREATE TRIGGER ask_unit_again AFTER UPDATE OF withdrawn_at ON seller_unit FOR EACH ROW
  WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
  EXECUTE FUNCTION ask_unit_again();

-- What was said was said of the product as it was packed and counted then.
CREATE FUNCTION withdraw_seller_units() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed uuid; BEGIN
  IF TG_TABLE_NAME = 'product' THEN changed := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN changed := OLD.product_id;
  ELSE changed := NEW.product_id; END IF;
  UPDATE seller_unit SET withdrawn_by = 'product', withdrawn_at = now()
    WHERE product_id = changed AND withdrawn_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER withdraw_seller_units AFTER UPDATE OF unit ON product FOR EACH ROW
  WHEN (OLD.unit IS DISTINCT FROM NEW.unit) EXECUTE FUNCTION withdraw_seller_units();
CREATE TRIGGER withdraw_seller_units_changed AFTER UPDATE OF units ON product_unit FOR EACH ROW
  WHEN (OLD.units IS DISTINCT FROM NEW.units) EXECUTE FUNCTION withdraw_seller_units();
CREATE TRIGGER withdraw_seller_units AFTER INSERT OR DELETE ON product_unit FOR EACH ROW
  EXECUTE FUNCTION withdraw_seller_units();
"""
_DOWN = """
DROP TRIGGER withdraw_seller_units ON product_unit;
DROP TRIGGER withdraw_seller_units_changed ON product_unit;
DROP TRIGGER withdraw_seller_units ON product;
DROP FUNCTION withdraw_seller_units();
DROP TABLE seller_unit;
DROP FUNCTION ask_unit_again();
DROP FUNCTION guard_seller_unit();
"""


def _allow(reasons: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    for table in _REASONED:
        name = op.f(f"ck_{table}_reason_code")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"reason IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow((*_REASONS, "value_uncertain"))
    _create_seller_units()
    op.create_table(
        "rate_moments",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("moments", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(moments) > 0", name=op.f("ck_rate_moments_moments")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_moments")),
    )
    op.get_bind().exec_driver_sql(_GUARD)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("rate_moments")
    op.get_bind().exec_driver_sql(_DOWN)
    _allow(_REASONS)


def _create_seller_units() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "seller_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("seller_nip", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "seller_index",
                "text",
                name="alias_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("printed", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_unit", sa.String(), nullable=False),
        sa.Column("units", sa.Numeric(20, 6), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", moment, nullable=False),
        sa.Column("second_by", sa.String(), nullable=True),
        sa.Column("second_at", moment, nullable=True),
        sa.Column("second_claim_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.CheckConstraint("units > 0", name=op.f("ck_seller_unit_units")),
        sa.CheckConstraint("printed <> ''", name=op.f("ck_seller_unit_printed")),
        sa.CheckConstraint(
            "(second_at IS NULL) = (second_by IS NULL)"
            " AND (second_claim_id IS NULL) = (second_by IS NULL)",
            name=op.f("ck_seller_unit_second"),
        ),
        sa.CheckConstraint(
            "second_by IS DISTINCT FROM confirmed_by", name=op.f("ck_seller_unit_two_people")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_seller_unit_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_seller_unit_program_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_seller_unit_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_unit")),
    )
    for column in ("product_id", "claim_id", "second_claim_id"):
        op.create_index(op.f(f"ix_seller_unit_{column}"), "seller_unit", [column])
    op.create_index(
        "uq_seller_unit_living",
        "seller_unit",
        ["program_id", "seller_nip", "kind", "text", "printed"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
