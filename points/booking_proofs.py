"""What the house books beside the ledger is in the ledger, and the other way: for `verify`.

Adjustments, reversals and restorations each have one transaction with their points; lots end on a
day that an award, or days of grace, gave them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

from points.lots import GRACE

_ADJUSTMENTS = sa.text(r"""
WITH booked AS (
  SELECT split_part(t.reference, '\:', 2) AS id, p.points, p.source, p.destination
  FROM ledger_transaction t JOIN posting p ON p.transaction_id = t.id
  WHERE t.kind = 'adjustment'
)
SELECT coalesce(a.id::text, b.id) AS name, coalesce(a.points, 0) AS said,
  coalesce(CASE WHEN b.source LIKE 'issued\:%' THEN b.points ELSE -b.points END, 0) AS posted
FROM (SELECT * FROM point_adjustment WHERE status = 'posted') a
FULL JOIN booked b ON b.id = a.id::text
WHERE a.id IS NULL OR b.id IS NULL
  OR a.points <> CASE WHEN b.source LIKE 'issued\:%' THEN b.points ELSE -b.points END
  OR 'participant\:' || a.participant_id || '\:active'
    <> CASE WHEN b.source LIKE 'issued\:%' THEN b.destination ELSE b.source END
ORDER BY 1
""")
# A decision that is undone takes back what its units had reached elsewhere: as a `correction`.
_MOVES = sa.text("""
WITH booked AS (
  SELECT t.reference, t.kind, sum(p.points) AS points
  FROM ledger_transaction t JOIN posting p ON p.transaction_id = t.id
  WHERE t.kind IN ('reversal', 'restoration', 'correction') GROUP BY t.id
), said AS (
  SELECT reference, points, 'reversal' AS kind FROM point_reversal
  UNION ALL SELECT reference, points, 'restoration' FROM point_restoration
)
SELECT coalesce(b.reference, s.reference) AS reference, coalesce(s.kind, b.kind) AS kind,
  coalesce(s.points, 0) AS said, coalesce(b.points, 0) AS posted
FROM booked b FULL JOIN said s USING (reference)
WHERE b.points IS DISTINCT FROM s.points AND (s.reference IS NOT NULL OR b.kind <> 'correction')
  OR b.kind <> s.kind AND b.kind <> 'correction' ORDER BY 1
""")
_AWARDS = sa.text(
    """
SELECT coalesce(a.reference, o.reference) AS reference
FROM (SELECT t.reference, p.points, p.destination, t.posted_at
  FROM ledger_transaction t JOIN posting p ON p.transaction_id = t.id
  WHERE t.kind IN ('award', 'adjustment') AND p.destination LIKE 'participant:%') a
FULL JOIN (SELECT * FROM point_lot WHERE reference NOT IN
  (SELECT reference FROM point_restoration)) o ON o.reference = a.reference
WHERE a.reference IS NULL OR o.reference IS NULL OR a.points <> o.points
  OR a.destination <> o.account OR a.posted_at <> o.created_at
ORDER BY 1
""".replace(":", r"\:")
)
# Days of grace begin with something that the house gave back to the account on that day.
_GRACED = sa.text(r"""
SELECT o.reference FROM point_lot o WHERE o.graced AND NOT EXISTS (
  SELECT FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id
  WHERE p.destination = o.account AND t.kind IN ('release', 'restoration')
    AND (t.posted_at AT TIME ZONE 'Europe/Warsaw')\:\:date + :grace = o.expires_on)
  AND NOT EXISTS (SELECT FROM point_restoration r WHERE r.account = o.account
    AND (r.at AT TIME ZONE 'Europe/Warsaw')\:\:date + :grace = o.expires_on)
ORDER BY 1
""")


def faults(session: Session) -> list[str]:
    """Rows that the ledger does not bear out, and transactions without their row, in words."""
    return [
        *(
            f"adjustment {name}: {said} points, {posted} posted, or to another account"
            for name, said, posted in session.execute(_ADJUSTMENTS)
        ),
        *(
            f"{kind} {reference}: {said} points, {posted} posted"
            for reference, kind, said, posted in session.execute(_MOVES)
        ),
        *(f"award {reference}: its lot is another's" for (reference,) in session.execute(_AWARDS)),
        *(
            f"lot of {reference}: days of grace that nothing gave"
            for (reference,) in session.execute(_GRACED, {"grace": GRACE.days})
        ),
    ]
