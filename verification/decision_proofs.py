"""What was paid was decided, line by line: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.tables import Claim
from verification.tables import Decision

# Awards of one decision have its turn: undone ones before it, and one.
_AWARDED = sa.text(r"""
WITH turned AS (
  SELECT d.claim_id, d.points + coalesce((SELECT sum(a.points) FROM appeal a
    WHERE a.decision_id = d.id), 0) AS points, (SELECT count(*) + 1 FROM decision u
    WHERE u.claim_id = d.claim_id AND u.undone_at IS NOT NULL) AS turn
  FROM decision d WHERE d.undone_at IS NULL
), given AS (
  SELECT split_part(t.reference, '\:', 2) AS claim_id,
    coalesce(nullif(split_part(t.reference, '\:', 6), ''), '1') AS turn,
    sum(p.points) AS points
  FROM ledger_transaction t JOIN posting p ON p.transaction_id = t.id
  WHERE t.kind = 'award' AND t.reference LIKE 'claim\:%\:award%' GROUP BY 1, 2
)
SELECT c.number, d.points, coalesce(g.points, 0) FROM turned d
JOIN claim c ON c.id = d.claim_id
LEFT JOIN given g ON g.claim_id = d.claim_id\:\:text AND g.turn = d.turn\:\:text
WHERE d.points <> coalesce(g.points, 0) ORDER BY c.number
""")
# What an appeal paid is said by the appeal alone.
_LINES = sa.text(r"""
WITH said AS (
  SELECT d.claim_id, (n ->> 'position')\:\:int AS position, (n ->> 'points')\:\:bigint AS points,
    n ->> 'product_id' AS product
  FROM decision d, jsonb_array_elements(d.lines) n WHERE d.undone_at IS NULL
)
SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id
LEFT JOIN said s ON s.claim_id = l.claim_id AND s.position = l.position
WHERE l.points > 0 AND NOT (coalesce(s.points, 0) = 0 AND EXISTS (
    SELECT FROM appeal a WHERE a.claim_id = c.id AND a.status = 'overturned'))
  AND (s.points IS NULL OR s.product IS DISTINCT FROM l.product_id\:\:text
  OR coalesce((l.granted ->> 'points')\:\:bigint, l.points) > s.points)
ORDER BY c.number, l.position
""")


def faults(session: Session) -> list[str]:
    """Claims that have points which no standing decision gave, in words."""
    standing = sa.exists().where(
        col(Decision.claim_id) == col(Claim.id), col(Decision.undone_at).is_(None)
    )
    rows = session.execute(
        sa.select(col(Claim.number), col(Claim.points))
        .where(col(Claim.points) > 0, ~standing)
        .order_by(col(Claim.number))
    )
    return [
        *(f"claim {number}: {points} points without a decision" for number, points in rows),
        *(
            f"claim {number}: {said} points decided, {given} awarded"
            for number, said, given in session.execute(_AWARDED)
        ),
        *(
            f"claim {number} line {position}: paid otherwise than decided"
            for number, position in session.execute(_LINES)
        ),
    ]
