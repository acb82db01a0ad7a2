"""Rules judge by the facts of the purchase's day; budgets count all that their stretch gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_REASONS = (
    "counted", "duplicate", "unreadable", "not_our_document", "other_buyer", "outside_period",
    "not_in_program", "returned_goods", "suspected_forgery", "other", "product_uncertain",
    "quantity_uncertain", "already_claimed", "cap_reached", "branch_not_in_program",
    "product_not_in_days", "value_uncertain", "advance", "no_sale",
)  # fmt: skip
_REASONED = ("claim_line", "decision", "appeal")

# What a product was stands: a purchase before a change is judged by it.
_PAST = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON product_past
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON product_past EXECUTE FUNCTION refuse_change();
"""
# A line that no rate covers is outside of the programme: it uses up nothing.
_RATE = """
CREATE FUNCTION guard_rate_of_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'no rate covers the product of an approved line' USING ERRCODE = '23514',
    CONSTRAINT = 'claim_line_rate';
END $$;
CREATE TRIGGER guard_rate_of_line BEFORE UPDATE OF rule_facts ON claim_line
  FOR EACH ROW WHEN (OLD.rule_facts = '{}' AND NEW.rule_facts <> '{}'
    AND NEW.verdict = 'approve' AND NEW.explanation = '[]')
  EXECUTE FUNCTION guard_rate_of_line();
"""
_RATE_DOWN = """
DROP TRIGGER guard_rate_of_line ON claim_line;
DROP FUNCTION guard_rate_of_line();
"""
# A budget's row counts every line of its stretch, whichever version judged it.
_BUDGETS = """
UPDATE budget_use b SET used = coalesce((
  SELECT sum(l.points) FROM claim_line l JOIN claim c ON c.id = l.claim_id,
  LATERAL (SELECT (l.rule_facts ->> 'purchased_on')::date AS day) d
  WHERE c.program_id = b.program_id AND l.points > 0 AND l.rule_facts <> '{}'
    AND b.stretch IN ('program', to_char(d.day, 'YYYY'), to_char(d.day, 'YYYY-MM'),
      to_char(d.day, 'YYYY"-Q"Q'))), 0)
"""
# Multipliers of one product multiplied each other while nothing said how they meet.
_STACKING = """
UPDATE rule_version v SET rules = jsonb_set(v.rules, '{multipliers}', (
  SELECT jsonb_agg(m.one || jsonb_build_object('stacking',
    coalesce(m.one -> 'stacking', '"multiplies"')) ORDER BY m.place)
  FROM jsonb_array_elements(v.rules -> 'multipliers') WITH ORDINALITY m(one, place)))
WHERE jsonb_array_length(coalesce(v.rules -> 'multipliers', '[]')) > 0
"""
# Code before this knows neither how multipliers meet nor the keys of bonuses.
_STACKING_DOWN = """
UPDATE rule_version v SET rules = jsonb_set(v.rules, '{multipliers}', (
  SELECT jsonb_agg(m.one - 'stacking' ORDER BY m.place)
  FROM jsonb_array_elements(v.rules -> 'multipliers') WITH ORDINALITY m(one, place)))
WHERE jsonb_array_length(coalesce(v.rules -> 'multipliers', '[]')) > 0
"""
_KEYS_DOWN = """
UPDATE rule_version v SET rules = jsonb_set(v.rules, '{bonuses}', (
  SELECT jsonb_agg(m.one - 'key' ORDER BY m.place)
  FROM jsonb_array_elements(v.rules -> 'bonuses') WITH ORDINALITY m(one, place)))
WHERE jsonb_array_length(coalesce(v.rules -> 'bonuses', '[]')) > 0
"""


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _rewrite_rules(*statements: str) -> None:
    """What published versions mean stays as it is; only how it is written becomes explicit."""
    op.execute("ALTER TABLE rule_version DISABLE TRIGGER USER")
    _run(*statements)
    op.execute("ALTER TABLE rule_version ENABLE TRIGGER USER")


def _allow(reasons: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    for table in _REASONED:
        name = op.f(f"ck_{table}_reason_code")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"reason IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "product_past",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_past_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "until", name=op.f("pk_product_past")),
    )
    op.add_column(
        "product_import",
        sa.Column("from_start", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _run(_PAST, _RATE, _BUDGETS)
    _rewrite_rules(_STACKING)
    _allow((*_REASONS, "no_rate"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Decisions are never rewritten: what was refused for it cannot be taken back to the old list.
    _allow(_REASONS)
    _rewrite_rules(_STACKING_DOWN, _KEYS_DOWN)
    _run(_RATE_DOWN)
    op.drop_column("product_import", "from_start")
    op.drop_table("product_past")
