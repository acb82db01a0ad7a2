"""Who decides works where the decision belongs; what was decided stays as it was decided."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A review belongs to its wholesaler's people, an escalated one to the programme's own.
_PLACE = """
CREATE FUNCTION works_for_program(somebody uuid, program uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM role_grant g
    WHERE g.person_id = somebody AND g.ended_at IS NULL
      AND g.role IN ('operator', 'program_manager')
      AND g.scope IN ('*', 'program:' || program))
$$;
CREATE FUNCTION is_out_of_place(somebody uuid, of_review uuid, afterwards boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM review r WHERE r.id = of_review AND (
    ((afterwards OR r.escalated_at IS NULL) AND EXISTS (SELECT FROM partner_user u
      WHERE u.person_id = somebody AND u.partner_id = r.partner_id
        AND (afterwards OR u.left_at IS NULL)))
    OR ((r.escalated_at IS NOT NULL OR r.partner_id IS NULL)
      AND works_for_program(somebody, r.program_id)
      AND NOT EXISTS (SELECT FROM partner_user u WHERE u.person_id = somebody
        AND u.partner_id = r.partner_id AND u.left_at IS NULL))))
$$;
CREATE FUNCTION guard_place_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.decided_by IS NOT NULL AND (is_out_of_place(NEW.decided_by, NEW.review_id, false)
     OR (TG_TABLE_NAME = 'decision' AND (to_jsonb(NEW) ->> 'first_by') IS NOT NULL
         AND is_out_of_place((to_jsonb(NEW) ->> 'first_by')::uuid, NEW.review_id, true))) THEN
    RAISE EXCEPTION 'who decides works for the seller, or for the programme if it was handed over'
      USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_place_of_decision BEFORE INSERT ON decision
  FOR EACH ROW EXECUTE FUNCTION guard_place_of_decision();
CREATE TRIGGER guard_place_of_decision BEFORE INSERT OR UPDATE OF decided_by ON appeal
  FOR EACH ROW EXECUTE FUNCTION guard_place_of_decision();
"""
_PLACE_DOWN = """
DROP TRIGGER guard_place_of_decision ON appeal;
DROP TRIGGER guard_place_of_decision ON decision;
DROP FUNCTION guard_place_of_decision();
DROP FUNCTION is_out_of_place(uuid, uuid, boolean);
DROP FUNCTION works_for_program(uuid, uuid);
"""
# A decision is taken back once and never changed; nobody of the first decision hears its appeal.
_HISTORY = """
CREATE FUNCTION guard_decided() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND OLD.undone_at IS NULL
     AND to_jsonb(NEW) - 'undone_at' - 'undone_by' = to_jsonb(OLD) - 'undone_at' - 'undone_by'
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a decision is taken back, never changed' USING ERRCODE = '23514',
    CONSTRAINT = 'decision_history';
END $$;
CREATE TRIGGER guard_decided BEFORE UPDATE OR DELETE ON decision
  FOR EACH ROW EXECUTE FUNCTION guard_decided();
CREATE FUNCTION guard_appeal_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE firsts uuid[];
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.status <> 'open'
     OR (NEW.claim_id, NEW.decision_id) <> (OLD.claim_id, OLD.decision_id)
     OR NEW.first_decided_by IS DISTINCT FROM OLD.first_decided_by) THEN
    RAISE EXCEPTION 'an appeal is answered once' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_history';
  END IF;
  SELECT ARRAY[d.decided_by, d.first_by] INTO firsts FROM decision d WHERE d.id = NEW.decision_id;
  IF NEW.decided_by = ANY (firsts) THEN
    RAISE EXCEPTION 'another person answers an appeal' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_another_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_appeal_history BEFORE INSERT OR UPDATE ON appeal
  FOR EACH ROW EXECUTE FUNCTION guard_appeal_history();
"""
_HISTORY_DOWN = """
DROP TRIGGER guard_appeal_history ON appeal;
DROP FUNCTION guard_appeal_history();
DROP TRIGGER guard_decided ON decision;
DROP FUNCTION guard_decided();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statements in (_PLACE, _HISTORY):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statements in (_HISTORY_DOWN, _PLACE_DOWN):
        op.get_bind().exec_driver_sql(statements)
