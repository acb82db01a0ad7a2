"""Which branches of a wholesaler take part: all of them, or those on the manufacturer's list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REASONS = (
    "counted", "duplicate", "unreadable", "not_our_document", "other_buyer", "outside_period",
    "not_in_program", "returned_goods", "suspected_forgery", "other", "product_uncertain",
    "quantity_uncertain", "already_claimed", "cap_reached",
)  # fmt: skip
_REASONED = ("claim_line", "decision", "appeal")

# The day of purchase is that of the document, else the day on which the claim was sent in.
_TAKES_PART = """
CREATE FUNCTION counts_chosen_branches(program uuid, seller uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM program_partner p
    WHERE p.program_id = program AND p.partner_id = seller AND p.chosen_from <= on_day
      AND (p.chosen_until IS NULL OR on_day < p.chosen_until))
$$;
CREATE FUNCTION branch_takes_part(program uuid, place uuid, on_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM branch b
      WHERE b.id = place AND counts_chosen_branches(program, b.partner_id, on_day))
    OR EXISTS (SELECT FROM program_branch e
      WHERE e.program_id = program AND e.branch_id = place AND e.joined_on <= on_day
        AND (e.left_on IS NULL OR on_day < e.left_on))
$$;
CREATE FUNCTION branch_bar(of_claim uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN c.branch_id IS NOT NULL THEN
      CASE WHEN NOT branch_takes_part(c.program_id, c.branch_id, d.bought) THEN 'out' END
    WHEN counts_chosen_branches(c.program_id, s.id, d.bought) THEN 'unknown'
  END
  FROM claim c
  LEFT JOIN purchase u ON u.id = c.purchase_id
  LEFT JOIN partner s ON s.nip = u.seller_nip,
  LATERAL (SELECT coalesce(u.sale_date, u.issue_date,
    (c.submitted_at AT TIME ZONE 'Europe/Warsaw')::date) AS bought) d
  WHERE c.id = of_claim
$$;
CREATE FUNCTION guard_branch_of_award() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND OLD.verdict = 'approve' AND NEW.points <= OLD.points THEN
    RETURN NEW;
  END IF;
  IF branch_bar(NEW.claim_id) IS NOT NULL THEN
    RAISE EXCEPTION 'the branch that sold took no part in the programme on that day'
      USING ERRCODE = '23514', CONSTRAINT = 'claim_line_branch';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_branch_of_award BEFORE INSERT OR UPDATE OF verdict, points ON claim_line
  FOR EACH ROW WHEN (NEW.verdict = 'approve' AND NEW.points > 0)
  EXECUTE FUNCTION guard_branch_of_award();
"""
# A part that ended stays as it was; who takes part again gets a new row.
_HISTORY = """
CREATE FUNCTION guard_branch_part() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND OLD.left_on IS NULL AND NEW.left_on IS NOT NULL
     AND to_jsonb(NEW) - 'left_on' - 'left_for' = to_jsonb(OLD) - 'left_on' - 'left_for' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a branch''s part ends once and is never rewritten' USING ERRCODE = '23514',
    CONSTRAINT = 'program_branch_history';
END $$;
CREATE TRIGGER guard_branch_part BEFORE UPDATE OR DELETE ON program_branch
  FOR EACH ROW EXECUTE FUNCTION guard_branch_part();
"""
_DOWN = """
DROP TRIGGER guard_branch_part ON program_branch;
DROP FUNCTION guard_branch_part();
DROP TRIGGER guard_branch_of_award ON claim_line;
DROP FUNCTION guard_branch_of_award();
DROP FUNCTION branch_bar(uuid);
DROP FUNCTION branch_takes_part(uuid, uuid, date);
DROP FUNCTION counts_chosen_branches(uuid, uuid, date);
"""


def _allow(reasons: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    for table in _REASONED:
        name = op.f(f"ck_{table}_reason_code")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"reason IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow((*_REASONS, "branch_not_in_program"))
    op.add_column("program_partner", sa.Column("chosen_from", sa.Date(), nullable=True))
    op.add_column("program_partner", sa.Column("chosen_until", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_program_partner_chosen"),
        "program_partner",
        "chosen_until IS NULL OR coalesce(chosen_from <= chosen_until, false)",
    )
    op.create_unique_constraint(op.f("uq_branch_id_partner_id"), "branch", ["id", "partner_id"])
    op.create_table(
        "program_branch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("joined_for", sa.String(), nullable=False),
        sa.Column("left_for", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_program_branch_period")),
        sa.ForeignKeyConstraint(
            ["program_id", "partner_id"],
            ["program_partner.program_id", "program_partner.partner_id"],
            name=op.f("fk_program_branch_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["branch_id", "partner_id"],
            ["branch.id", "branch.partner_id"],
            name=op.f("fk_program_branch_branch_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_branch")),
    )
    op.create_index(
        "uq_program_branch_open",
        "program_branch",
        ["program_id", "branch_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_index(
        op.f("ix_program_branch_partner_id"), "program_branch", ["partner_id", "program_id"]
    )
    op.create_index(
        op.f("ix_program_branch_branch_id"), "program_branch", ["branch_id", "partner_id"]
    )
    for statements in (_TAKES_PART, _HISTORY):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_DOWN)
    op.drop_table("program_branch")
    op.drop_constraint(op.f("uq_branch_id_partner_id"), "branch", type_="unique")
    op.drop_constraint(op.f("ck_program_partner_chosen"), "program_partner", type_="check")
    op.drop_column("program_partner", "chosen_until")
    op.drop_column("program_partner", "chosen_from")
    _allow(_REASONS)
