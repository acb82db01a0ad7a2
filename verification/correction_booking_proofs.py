"""What corrections took and gave is in the ledger, and the other way: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

_LINES = sa.text(r"""
WITH said AS (
  SELECT 'correction\:' || l.correction_id || '\:line\:' || l.number AS reference, l.points,
    CASE WHEN l.given THEN 'given' ELSE 'taken' END AS sort,
    'claim\:' || l.claim_id AS claim
  FROM correction_line l WHERE l.points > 0
), booked AS (
  SELECT reference, points, 'taken' AS sort, award_reference FROM point_reversal
  UNION ALL SELECT reference, points, 'given', award_reference FROM point_restoration
)
SELECT coalesce(b.reference, s.reference) AS reference,
  coalesce(s.points, 0) AS said, coalesce(b.points, 0) AS moved
FROM (SELECT * FROM booked WHERE reference LIKE 'correction\:%') b
FULL JOIN said s USING (reference, sort)
WHERE s.points IS DISTINCT FROM b.points
  OR b.award_reference NOT LIKE s.claim || '\:%' ORDER BY 1
""")
_PARENTS = sa.text("""
SELECT DISTINCT l.correction_id FROM correction_line l
WHERE NOT EXISTS (SELECT FROM correction k WHERE k.id = l.correction_id)
  OR NOT EXISTS (SELECT FROM correction_original o WHERE o.correction_id = l.correction_id)
ORDER BY 1
""")


def faults(session: Session) -> list[str]:
    """Corrections whose lines are not what was taken or given, in words."""
    return [
        *(
            f"{reference}: {said} points said, {moved} moved"
            for reference, said, moved in session.execute(_LINES)
        ),
        *(f"correction {id}: lines without the document" for (id,) in session.execute(_PARENTS)),
    ]
