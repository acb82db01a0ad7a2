"""Who entered a claim does not decide it; branches opened and closed, kept hashes forgotten."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# At the counter a clerk sends in for somebody else: there they are the claimant's hand.
_ENTRIES = """
CREATE FUNCTION is_own_entry(decider uuid, of_claim uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM claim c JOIN claim_event e ON e.claim_id = c.id
    WHERE c.id = of_claim AND c.channel = 'counter' AND e.status = 'submitted'
      AND e.actor = 'person:' || decider)
$$;
CREATE FUNCTION guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.decided_by IS NOT NULL AND is_own_entry(NEW.decided_by, NEW.claim_id) THEN
    RAISE EXCEPTION 'who entered a claim does not decide on it' USING ERRCODE = '23514',
      CONSTRAINT = TG_TABLE_NAME || '_own_entry';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_entry BEFORE INSERT ON decision
  FOR EACH ROW EXECUTE FUNCTION guard_entry();
CREATE TRIGGER guard_entry BEFORE INSERT OR UPDATE OF decided_by ON appeal
  FOR EACH ROW EXECUTE FUNCTION guard_entry();
CREATE FUNCTION guard_first_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF is_own_entry(NEW.given_by, (SELECT claim_id FROM review WHERE id = NEW.review_id)) THEN
    RAISE EXCEPTION 'who entered a claim does not decide on it' USING ERRCODE = '23514',
      CONSTRAINT = 'first_opinion_own_entry';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_entry BEFORE INSERT ON first_opinion
  FOR EACH ROW EXECUTE FUNCTION guard_first_entry();
"""
_ENTRIES_DOWN = """
DROP TRIGGER guard_entry ON first_opinion;
DROP TRIGGER guard_entry ON appeal;
DROP TRIGGER guard_entry ON decision;
DROP FUNCTION guard_first_entry();
DROP FUNCTION guard_entry();
DROP FUNCTION is_own_entry(uuid, uuid);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_ENTRIES)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_ENTRIES_DOWN)
