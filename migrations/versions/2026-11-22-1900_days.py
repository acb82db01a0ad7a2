"""No line pays for a purchase outside the days of its product or of its programme."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_REASONS = (
    "counted", "duplicate", "unreadable", "not_our_document", "other_buyer", "outside_period",
    "not_in_program", "returned_goods", "suspected_forgery", "other", "product_uncertain",
    "quantity_uncertain", "already_claimed", "cap_reached", "branch_not_in_program",
)  # fmt: skip
_REASONED = ("claim_line", "decision", "appeal")

# Only a day that stands on a document is judged. The window for claims is a setting with a default
# of the application, which judges it.
_GUARD = """
CREATE FUNCTION guard_days_of_award() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good boolean; BEGIN
  IF TG_OP = 'UPDATE' AND OLD.verdict = 'approve' AND NEW.points <= OLD.points THEN
    RETURN NEW;
  END IF;
  SELECT d.bought BETWEEN g.starts_on AND g.ends_on
      AND coalesce(t.eligible_from <= d.bought, true) AND coalesce(d.bought <= t.eligible_to, true)
    INTO good
    FROM claim c
    JOIN purchase u ON u.id = c.purchase_id
    JOIN program g ON g.id = c.program_id
    LEFT JOIN product t ON t.id = NEW.product_id,
    LATERAL (SELECT coalesce(u.sale_date, u.issue_date) AS bought) d
    WHERE c.id = NEW.claim_id;
  IF NOT coalesce(good, true) THEN
    RAISE EXCEPTION 'bought outside the days of the product or of the programme'
      USING ERRCODE = '23514', CONSTRAINT = 'claim_line_days';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_days_of_award BEFORE INSERT OR UPDATE OF verdict, points ON claim_line
  FOR EACH ROW WHEN (NEW.verdict = 'approve' AND NEW.points > 0)
  EXECUTE FUNCTION guard_days_of_award();
"""
# Values of lines are in zł; what waits for a decision with other money is typed by a person.
_OTHER_CURRENCIES = """
UPDATE claim_line l SET line_net_grosze = NULL, unit_price = NULL
FROM claim c JOIN purchase u ON u.id = c.purchase_id
WHERE c.id = l.claim_id AND u.currency <> 'PLN' AND l.verdict IS NULL
"""
_DOWN = """
DROP TRIGGER guard_days_of_award ON claim_line;
DROP FUNCTION guard_days_of_award();
"""


def _allow(reasons: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    for table in _REASONED:
        name = op.f(f"ck_{table}_reason_code")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"reason IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow((*_REASONS, "product_not_in_days"))
    op.get_bind().exec_driver_sql(_GUARD)
    op.execute(_OTHER_CURRENCIES)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_DOWN)
    _allow(_REASONS)
