"""Unproven corrections take nothing by themselves; large appeals are answered by two people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PROOFS = ("ksef_fetched", "ksef_registry", "sales_feed", "seller", "earlier")

# A correction moves units or points only by a proof, or by the word of one of the seller's or the
# programme's people who is neither its sender nor a claimant of what it corrects.
_CORRECTIONS = """
CREATE FUNCTION guard_settler() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND OLD.proof IS NOT NULL AND NEW.proof IS DISTINCT FROM OLD.proof THEN
    RAISE EXCEPTION 'the proof of a correction stands' USING ERRCODE = '23514',
      CONSTRAINT = 'correction_proof_stands';
  END IF;
  IF NEW.settled_by IS NULL OR (TG_OP = 'UPDATE' AND OLD.settled_by IS NOT NULL
     AND OLD.settled_by = NEW.settled_by) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM claim c JOIN participant p ON p.id = c.participant_id
      WHERE p.person_id = NEW.settled_by AND (c.id = NEW.claim_id OR c.purchase_id IN (
        SELECT o.purchase_id FROM correction_original o WHERE o.correction_id = NEW.id))) THEN
    RAISE EXCEPTION 'nobody settles a correction of their own' USING ERRCODE = '23514',
      CONSTRAINT = 'correction_self_dealing';
  END IF;
  IF NOT works_for_program(NEW.settled_by, NEW.program_id) AND NOT EXISTS (
      SELECT FROM partner_user u WHERE u.person_id = NEW.settled_by
        AND u.partner_id = NEW.partner_id AND u.left_at IS NULL) THEN
    RAISE EXCEPTION 'the seller settles a correction, or the programme' USING ERRCODE = '23514',
      CONSTRAINT = 'correction_place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_settler BEFORE INSERT OR UPDATE OF settled_by, proof ON correction
  FOR EACH ROW EXECUTE FUNCTION guard_settler();
CREATE FUNCTION guard_correction_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM correction c WHERE c.id = NEW.correction_id
      AND (c.proof IS NOT NULL OR c.settled_by IS NOT NULL)) THEN
    RAISE EXCEPTION 'an unproven correction changes nothing' USING ERRCODE = '23514',
      CONSTRAINT = 'correction_line_proven';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_correction_line BEFORE INSERT ON correction_line
  FOR EACH ROW EXECUTE FUNCTION guard_correction_line();
"""
_CORRECTIONS_DOWN = """
DROP TRIGGER guard_correction_line ON correction_line;
DROP FUNCTION guard_correction_line();
DROP TRIGGER guard_settler ON correction;
DROP FUNCTION guard_settler();
"""
# An answer that pays is a decision that pays: the seller's, and by two people above the limit.
# What the claim had before it counts as in a decision that replaces another.
_APPEALS = """
CREATE FUNCTION guard_paying_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant uuid; seller text; selling text; escalated timestamptz; four_eyes bigint; paid bigint;
  firsts uuid[];
BEGIN
  IF NEW.decided_by IS NULL THEN RETURN NEW; END IF;
  SELECT c.participant_id, p.seller_nip, c.points,
      coalesce((g.settings ->> 'four_eyes_points')::bigint, 10000)
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
CREATE TRIGGER guard_paying_appeal BEFORE INSERT OR UPDATE OF decided_by, first_by, points
  ON appeal FOR EACH ROW EXECUTE FUNCTION guard_paying_appeal();
"""
_APPEALS_DOWN = """
DROP TRIGGER guard_paying_appeal ON appeal;
DROP FUNCTION guard_paying_appeal();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    listed = ", ".join(f"'{proof}'" for proof in _PROOFS)
    op.add_column("correction", sa.Column("proof", sa.String(40), nullable=True))
    op.create_check_constraint(
        op.f("ck_correction_correction_proof"), "correction", f"proof IN ({listed})"
    )
    # What was fetched, or stood in a file of the seller, was never sent in by a participant.
    op.execute(
        "UPDATE correction SET proof = CASE WHEN claim_id IS NOT NULL THEN 'earlier' "
        "WHEN reading ->> 'route' = 'sales-file' THEN 'sales_feed' ELSE 'ksef_fetched' END "
        "WHERE claim_id IS NULL OR (status = 'applied' AND settled_by IS NULL)"
    )
    op.add_column("appeal", sa.Column("first_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_appeal_first_by"), "appeal", "person", ["first_by"], ["id"])
    op.create_index(op.f("ix_appeal_first_by"), "appeal", ["first_by"])
    op.create_check_constraint(
        op.f("ck_appeal_two_people"), "appeal", "first_by IS NULL OR first_by <> decided_by"
    )
    for statements in (_CORRECTIONS, _APPEALS):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statements in (_APPEALS_DOWN, _CORRECTIONS_DOWN):
        op.get_bind().exec_driver_sql(statements)
    op.drop_constraint(op.f("ck_appeal_two_people"), "appeal", type_="check")
    op.drop_column("appeal", "first_by")
    op.drop_constraint(op.f("ck_correction_correction_proof"), "correction", type_="check")
    op.drop_column("correction", "proof")
