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
# What a decision took off: a line called no product of the programme, or units of a paid line.
_CUTS = """
CREATE FUNCTION claim_cuts(of_claim uuid)
RETURNS TABLE (line integer, was numeric, got numeric) LANGUAGE sql STABLE AS $$
  SELECT l.position, l.quantity, 0::numeric
  FROM claim_line l
  WHERE l.claim_id = of_claim AND l.reason = 'not_in_program'
    AND EXISTS (SELECT FROM field_correction f
      WHERE f.claim_id = l.claim_id AND f.field = 'line-' || l.position || '-product'
        AND f.after = '')
  UNION ALL
  SELECT l.position, shown.was, l.quantity_accepted / l.units_per_quantity
  FROM claim_line l
  CROSS JOIN LATERAL (
    SELECT greatest(l.quantity, max(f.before::numeric)) AS was FROM field_correction f
    WHERE f.claim_id = l.claim_id AND f.field = 'line-' || l.position || '-quantity'
      AND f.before ~ '^[0-9]+([.][0-9]+)?$'
  ) shown
  WHERE l.claim_id = of_claim AND l.verdict = 'approve' AND l.quantity_accepted > 0
    AND l.quantity_accepted < trunc(shown.was * l.units_per_quantity, 6)
$$;
CREATE FUNCTION guard_appealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT outcome FROM decision WHERE id = NEW.decision_id) = 'approved'
     AND NOT EXISTS (SELECT FROM claim_cuts(NEW.claim_id)) THEN
    RAISE EXCEPTION 'all of this claim was accepted' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_nothing_cut';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_appealed BEFORE INSERT ON appeal
  FOR EACH ROW EXECUTE FUNCTION guard_appealed();
"""
_CUTS_DOWN = """
DROP TRIGGER guard_appealed ON appeal;
DROP FUNCTION guard_appealed();
DROP FUNCTION claim_cuts(uuid);
"""
# A closed branch names who took its work over, and has none of it left.
_BRANCHES = """
ALTER TABLE branch ADD COLUMN succeeded_by uuid
  CONSTRAINT fk_branch_succeeded_by REFERENCES branch (id);
ALTER TABLE branch ADD CONSTRAINT ck_branch_closed
  CHECK ((closed_at IS NULL) = (succeeded_by IS NULL));
ALTER TABLE branch ADD CONSTRAINT ck_branch_successor CHECK (succeeded_by <> id);
CREATE INDEX ix_branch_succeeded_by ON branch (succeeded_by);
CREATE FUNCTION guard_branch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.closed_at IS NULL OR OLD.closed_at IS NOT NULL THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM review WHERE branch_id = NEW.id AND status <> 'done')
     OR EXISTS (SELECT FROM partner_user WHERE branch_id = NEW.id AND left_at IS NULL)
     OR NOT EXISTS (SELECT FROM branch o WHERE o.id = NEW.succeeded_by
                    AND o.partner_id = NEW.partner_id AND o.closed_at IS NULL) THEN
    RAISE EXCEPTION 'a closed branch leaves its work to an open one' USING ERRCODE = '23514',
      CONSTRAINT = 'branch_closing';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_branch BEFORE UPDATE OF closed_at ON branch
  FOR EACH ROW EXECUTE FUNCTION guard_branch();
CREATE FUNCTION guard_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ended timestamptz;
BEGIN
  SELECT closed_at INTO ended FROM branch WHERE id = NEW.branch_id FOR SHARE;
  IF ended IS NOT NULL THEN
    RAISE EXCEPTION 'this branch is closed' USING ERRCODE = '23514',
      CONSTRAINT = TG_TABLE_NAME || '_closed_branch';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE INSERT OR UPDATE OF branch_id ON review
  FOR EACH ROW WHEN (NEW.branch_id IS NOT NULL AND NEW.status <> 'done')
  EXECUTE FUNCTION guard_place();
CREATE TRIGGER guard_place BEFORE INSERT OR UPDATE OF branch_id, left_at ON partner_user
  FOR EACH ROW WHEN (NEW.branch_id IS NOT NULL AND NEW.left_at IS NULL)
  EXECUTE FUNCTION guard_place();
"""
_BRANCHES_DOWN = """
DROP TRIGGER guard_place ON partner_user;
DROP TRIGGER guard_place ON review;
DROP FUNCTION guard_place();
DROP TRIGGER guard_branch ON branch;
DROP FUNCTION guard_branch();
ALTER TABLE branch DROP COLUMN succeeded_by;
"""
_FORGETTING = """
ALTER TABLE sales_feed ADD COLUMN keys_forgotten_at timestamptz;
ALTER TABLE ksef_key ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
"""
_FORGETTING_DOWN = """
ALTER TABLE ksef_key DROP COLUMN stored_at;
ALTER TABLE sales_feed DROP COLUMN keys_forgotten_at;
"""
# A bank account that the operator typed: its digest, its last digits, by whom.
_ACCOUNTS = """
ALTER TABLE identity_mark
  ADD COLUMN hint varchar NOT NULL DEFAULT '',
  ADD COLUMN noted_by uuid CONSTRAINT fk_identity_mark_noted_by REFERENCES person (id),
  ADD COLUMN noted_at timestamptz,
  ADD CONSTRAINT ck_identity_mark_noted CHECK ((hint = '') = (noted_by IS NULL)
    AND (noted_by IS NULL) = (noted_at IS NULL)),
  ADD CONSTRAINT ck_identity_mark_hint CHECK (hint = ''
    OR (kind = 'bank_account' AND length(hint) = 4)),
  ADD CONSTRAINT ck_identity_mark_by_another CHECK (noted_by <> person_id);
CREATE INDEX ix_identity_mark_noted_by ON identity_mark (noted_by);
"""
_ACCOUNTS_DOWN = """
ALTER TABLE identity_mark DROP COLUMN hint, DROP COLUMN noted_by, DROP COLUMN noted_at;
"""
# The XML that the platform fetched from KSeF itself is a proof of its own, no seller's file.
_FETCHED = """
ALTER TABLE proof DROP CONSTRAINT ck_proof_proof_kind;
ALTER TABLE proof DISABLE TRIGGER no_change;
UPDATE proof SET kind = 'ksef_fetched', evidence = evidence - 'source'
  WHERE kind = 'sales_feed' AND evidence ->> 'source' = 'ksef';
ALTER TABLE proof ENABLE TRIGGER no_change;
ALTER TABLE proof ADD CONSTRAINT ck_proof_proof_kind
  CHECK (kind IN ('ksef_registry', 'ksef_fetched', 'sales_feed', 'seen_in_register'));
"""
_FETCHED_DOWN = """
ALTER TABLE proof DROP CONSTRAINT ck_proof_proof_kind;
ALTER TABLE proof DISABLE TRIGGER no_change;
DELETE FROM proof p WHERE kind = 'ksef_fetched'
  AND EXISTS (SELECT FROM proof o WHERE o.claim_id = p.claim_id AND o.kind = 'sales_feed');
UPDATE proof SET kind = 'sales_feed', evidence = evidence || '{"source": "ksef"}'
  WHERE kind = 'ksef_fetched';
ALTER TABLE proof ENABLE TRIGGER no_change;
ALTER TABLE proof ADD CONSTRAINT ck_proof_proof_kind
  CHECK (kind IN ('ksef_registry', 'sales_feed', 'seen_in_register'));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_ENTRIES)
    op.get_bind().exec_driver_sql(_CUTS)
    op.get_bind().exec_driver_sql(_BRANCHES)
    op.get_bind().exec_driver_sql(_FORGETTING)
    op.get_bind().exec_driver_sql(_ACCOUNTS)
    op.get_bind().exec_driver_sql(_FETCHED)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_FETCHED_DOWN)
    op.get_bind().exec_driver_sql(_ACCOUNTS_DOWN)
    op.get_bind().exec_driver_sql(_FORGETTING_DOWN)
    op.get_bind().exec_driver_sql(_BRANCHES_DOWN)
    op.get_bind().exec_driver_sql(_CUTS_DOWN)
    op.get_bind().exec_driver_sql(_ENTRIES_DOWN)
