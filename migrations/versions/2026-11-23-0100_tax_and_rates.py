"""How rewards are taxed; codes only under rates per unit; raised limits count later here too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MODES = "'business', 'premium_sale_exempt', 'flat10_with_gross_up', 'pit11'"

# A choice stays as it was made; an order keeps the way that held on its day.
_TAX = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON tax_choice
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON tax_choice EXECUTE FUNCTION refuse_change();
CREATE FUNCTION tax_mode_on(program uuid, on_day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT c.mode FROM tax_choice c WHERE c.program_id = program AND c.since <= on_day
  ORDER BY c.since DESC, c.chosen_at DESC, c.id DESC LIMIT 1
$$;
CREATE FUNCTION guard_tax_of_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.tax_mode IS DISTINCT FROM OLD.tax_mode THEN
      RAISE EXCEPTION 'an order keeps the tax mode of its day' USING ERRCODE = '23514',
        CONSTRAINT = 'redemption_tax_mode_stands';
    END IF;
  ELSIF NEW.tax_mode IS DISTINCT FROM
      tax_mode_on(NEW.program_id, (NEW.placed_at AT TIME ZONE 'Europe/Warsaw')::date) THEN
    RAISE EXCEPTION 'an order has the tax mode of its day' USING ERRCODE = '23514',
      CONSTRAINT = 'redemption_tax_mode';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_tax_of_order BEFORE INSERT OR UPDATE OF tax_mode ON redemption
  FOR EACH ROW EXECUTE FUNCTION guard_tax_of_order();
"""
_TAX_DOWN = """
DROP TRIGGER guard_tax_of_order ON redemption;
DROP FUNCTION guard_tax_of_order();
DROP FUNCTION tax_mode_on(uuid, date);
"""
# A code knows no amount. The first rate that covers a product is the one that counts.
_RATES = """
CREATE FUNCTION rate_kind(rules jsonb, sku text, family text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT r.rate ->> 'kind'
  FROM jsonb_array_elements(coalesce(rules -> 'base', '[]')) WITH ORDINALITY r(rate, place),
  LATERAL (SELECT coalesce(r.rate #> '{products,families}', '[]') AS families,
    coalesce(r.rate #> '{products,skus}', '[]') AS skus) s
  WHERE (s.families = '[]' AND s.skus = '[]') OR s.families ? family OR s.skus ? sku
  ORDER BY r.place LIMIT 1
$$;
CREATE FUNCTION counts_money(program uuid, product uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM rule_version v, product p
    WHERE p.id = product AND v.program_id = program AND v.status = 'published'
      AND v.valid_from >= coalesce((SELECT max(o.valid_from) FROM rule_version o
        WHERE o.program_id = program AND o.status = 'published' AND o.valid_from <= on_day), on_day)
      AND rate_kind(v.rules, p.sku, p.family) = 'per_value')
$$;
CREATE FUNCTION guard_rate_of_codes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF counts_money(NEW.program_id, NEW.product_id,
      (coalesce(NEW.activated_at, NEW.issued_at, NEW.created_at)
        AT TIME ZONE 'Europe/Warsaw')::date) THEN
    RAISE EXCEPTION 'a rate counts money, which a code does not know' USING ERRCODE = '23514',
      CONSTRAINT = 'code_batch_rate';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_rate_of_codes_insert BEFORE INSERT ON code_batch
  FOR EACH ROW WHEN (NEW.status <> 'void') EXECUTE FUNCTION guard_rate_of_codes();
CREATE TRIGGER guard_rate_of_codes BEFORE UPDATE OF status ON code_batch
  FOR EACH ROW WHEN (NEW.status <> 'void' AND NEW.status <> OLD.status)
  EXECUTE FUNCTION guard_rate_of_codes();
CREATE FUNCTION guard_codes_of_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM code_batch b JOIN product p ON p.id = b.product_id
      WHERE b.program_id = NEW.program_id AND b.status IN ('issued', 'active')
        AND rate_kind(NEW.rules, p.sku, p.family) = 'per_value'
        AND EXISTS (SELECT FROM product_code k WHERE k.batch_id = b.id
          AND k.claim_id IS NULL AND k.voided_at IS NULL)) THEN
    RAISE EXCEPTION 'a product with codes needs a rate per unit' USING ERRCODE = '23514',
      CONSTRAINT = 'rule_version_codes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_codes_of_rules BEFORE INSERT OR UPDATE OF status ON rule_version
  FOR EACH ROW WHEN (NEW.status = 'published') EXECUTE FUNCTION guard_codes_of_rules();
"""
_RATES_DOWN = """
DROP TRIGGER guard_codes_of_rules ON rule_version;
DROP FUNCTION guard_codes_of_rules();
DROP TRIGGER guard_rate_of_codes ON code_batch;
DROP TRIGGER guard_rate_of_codes_insert ON code_batch;
DROP FUNCTION guard_rate_of_codes();
DROP FUNCTION counts_money(uuid, uuid, date);
DROP FUNCTION rate_kind(jsonb, text, text);
"""
# The same as `programs.limits`: a raised limit, and "never", counts thirty days after the change.
_LIMITS = """
CREATE FUNCTION limits_before(program uuid, setting text, at_time timestamptz)
RETURNS TABLE (points bigint) LANGUAGE sql STABLE AS $$
  SELECT split_part(a.facts ->> setting, ' ', 1)::bigint FROM audit_entry a
  WHERE a.subject = 'program:' || program AND a.action = 'program.change'
    AND a.at > at_time - interval '30 days' AND a.facts ? setting
$$;
CREATE FUNCTION two_people_above(program uuid, at_time timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(min(l.points) FILTER (WHERE l.points > 0), 0) FROM (
    SELECT coalesce((g.settings ->> 'four_eyes_points')::bigint, 10000) AS points
    FROM program g WHERE g.id = program
    UNION ALL SELECT points FROM limits_before(program, 'four_eyes_points', at_time)) l
$$;
CREATE FUNCTION adjusted_alone(program uuid, at_time timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT min(l.points) FROM (
    SELECT coalesce((SELECT (g.settings ->> 'adjustment_limit')::bigint
      FROM program g WHERE g.id = program), 500) AS points
    UNION ALL SELECT points FROM limits_before(program, 'adjustment_limit', at_time)) l
$$;
CREATE FUNCTION guard_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF abs(NEW.points) + (SELECT coalesce(sum(abs(a.points)), 0) FROM point_adjustment a
      WHERE a.participant_id = NEW.participant_id AND a.status <> 'refused' AND a.id <> NEW.id
        AND a.requested_at > NEW.requested_at - interval '30 days')
      > adjusted_alone(NEW.program_id, NEW.requested_at) THEN
    RAISE EXCEPTION 'so many points need two people' USING ERRCODE = '23514',
      CONSTRAINT = 'point_adjustment_two_people';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_adjustment BEFORE INSERT OR UPDATE OF points, needs_second, requested_at
  ON point_adjustment FOR EACH ROW WHEN (NOT NEW.needs_second) EXECUTE FUNCTION guard_adjustment();
"""
_LIMITS_DOWN = """
DROP TRIGGER guard_adjustment ON point_adjustment;
DROP FUNCTION guard_adjustment();
DROP FUNCTION adjusted_alone(uuid, timestamptz);
DROP FUNCTION two_people_above(uuid, timestamptz);
DROP FUNCTION limits_before(uuid, text, timestamptz);
"""
_PRESENT = "coalesce((g.settings ->> 'four_eyes_points')::bigint, 10000)"
_DECISIONS = """
CREATE OR REPLACE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant uuid; seller text; selling text; escalated timestamptz; four_eyes bigint;
BEGIN
  IF NEW.decided_by IS NULL THEN RETURN NEW; END IF;
  SELECT c.participant_id, p.seller_nip, {four_eyes}
    INTO claimant, seller, four_eyes
    FROM claim c JOIN program g ON g.id = c.program_id
    LEFT JOIN purchase p ON p.id = c.purchase_id WHERE c.id = NEW.claim_id;
  IF is_self_dealing(NEW.decided_by, claimant)
     OR (NEW.first_by IS NOT NULL AND is_self_dealing(NEW.first_by, claimant)) THEN
    RAISE EXCEPTION 'nobody decides on a claim of their own' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_self_dealing';
  END IF;
  SELECT f.nip, r.escalated_at INTO selling, escalated
    FROM review r LEFT JOIN partner f ON f.id = r.partner_id WHERE r.id = NEW.review_id;
  IF NEW.points > 0 AND escalated IS NULL AND seller IS NOT NULL
     AND seller IS DISTINCT FROM selling THEN
    RAISE EXCEPTION 'only the seller on the document pays it' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_seller';
  END IF;
  IF four_eyes > 0 AND NEW.points > greatest(four_eyes, (
      SELECT max(d.points) FROM second_look s JOIN decision d ON d.id = s.decision_id
      WHERE s.review_id = NEW.review_id)) AND NEW.first_by IS NULL THEN
    RAISE EXCEPTION 'so many points need two people' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_two_people';
  END IF;
  RETURN NEW;
END $$;
"""
_APPEALS = """
CREATE OR REPLACE FUNCTION guard_paying_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant uuid; seller text; selling text; escalated timestamptz; four_eyes bigint; paid bigint;
  firsts uuid[];
BEGIN
  IF NEW.decided_by IS NULL THEN RETURN NEW; END IF;
  SELECT c.participant_id, p.seller_nip, c.points, {four_eyes}
    INTO claimant, seller, paid, four_eyes
    FROM claim c JOIN program g ON g.id = c.program_id
    LEFT JOIN purchase p ON p.id = c.purchase_id WHERE c.id = NEW.claim_id;
  SELECT f.nip, r.escalated_at INTO selling, escalated
    FROM review r LEFT JOIN partner f ON f.id = r.partner_id WHERE r.id = NEW.review_id;
  IF NEW.points > 0 AND escalated IS NULL AND seller IS NOT NULL
     AND seller IS DISTINCT FROM selling THEN
    RAISE EXCEPTION 'only the seller on the document pays it' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_seller';
  END IF;
  IF NEW.first_by IS NOT NULL THEN
    SELECT ARRAY[d.decided_by, d.first_by] INTO firsts FROM decision d WHERE d.id = NEW.decision_id;
    IF NEW.first_by = ANY (firsts) OR is_self_dealing(NEW.first_by, claimant)
       OR is_out_of_place(NEW.first_by, NEW.review_id, true) THEN
      RAISE EXCEPTION 'another person of the seller speaks first on an appeal'
        USING ERRCODE = '23514', CONSTRAINT = 'appeal_first_by';
    END IF;
  ELSIF four_eyes > 0 AND NEW.points > 0 AND paid > greatest(four_eyes, paid - NEW.points) THEN
    RAISE EXCEPTION 'so many points need two people' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_two_people';
  END IF;
  RETURN NEW;
END $$;
"""


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "tax_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"mode IN ({_MODES})", name=op.f("ck_tax_choice_tax_mode")),
        sa.CheckConstraint("length(reason) >= 5", name=op.f("ck_tax_choice_reason")),
        # What held until today held.
        sa.CheckConstraint(
            "since >= (chosen_at AT TIME ZONE 'Europe/Warsaw')::date",
            name=op.f("ck_tax_choice_since"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_tax_choice_program_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_choice")),
    )
    op.create_index(op.f("ix_tax_choice_program_id"), "tax_choice", ["program_id", "since"])
    op.add_column("redemption", sa.Column("tax_mode", sa.String(40), nullable=True))
    op.create_check_constraint(
        op.f("ck_redemption_tax_mode"), "redemption", f"tax_mode IN ({_MODES})"
    )
    _run(_TAX, _RATES, _LIMITS)
    _run(_DECISIONS.replace("{four_eyes}", "two_people_above(g.id, NEW.decided_at)"))
    _run(_APPEALS.replace("{four_eyes}", "two_people_above(g.id, coalesce(NEW.decided_at, now()))"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _run(_APPEALS.replace("{four_eyes}", _PRESENT), _DECISIONS.replace("{four_eyes}", _PRESENT))
    _run(_LIMITS_DOWN, _RATES_DOWN, _TAX_DOWN)
    op.drop_constraint(op.f("ck_redemption_tax_mode"), "redemption", type_="check")
    op.drop_column("redemption", "tax_mode")
    op.drop_table("tax_choice")
