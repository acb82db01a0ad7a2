"""Who looks again at what the system paid is its second person."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_GUARD = """
CREATE OR REPLACE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant uuid; seller text; selling text; escalated timestamptz; four_eyes bigint;
BEGIN
  IF NEW.decided_by IS NULL THEN RETURN NEW; END IF;
  SELECT c.participant_id, p.seller_nip, coalesce((g.settings ->> 'four_eyes_points')::bigint, 10000)
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
  IF four_eyes > 0 AND NEW.points > {limit} AND NEW.first_by IS NULL THEN
    RAISE EXCEPTION 'so many points need two people' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_two_people';
  END IF;
  RETURN NEW;
END $$;
"""
# A second look may confirm as much as the decision paid that it checks.
_LOOKED_AT = """greatest(four_eyes, (
    SELECT max(d.points) FROM second_look s JOIN decision d ON d.id = s.decision_id
    WHERE s.review_id = NEW.review_id))"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_GUARD.replace("{limit}", _LOOKED_AT))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.get_bind().exec_driver_sql(_GUARD.replace("{limit}", "four_eyes"))
