"""Orders are paid by whom they belong to, with as many points as they say: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

_ORDERS = sa.text(r"""
SELECT r.number, r.points, coalesce(sum(p.points), 0) AS held,
  coalesce(bool_or(p.source <> 'participant\:' || r.participant_id || '\:active'), false) AS other
FROM redemption r
LEFT JOIN ledger_transaction t ON t.reference = 'redemption\:' || r.id || '\:hold'
LEFT JOIN posting p ON p.transaction_id = t.id
GROUP BY r.id
HAVING coalesce(sum(p.points), 0) <> r.points
  OR bool_or(p.source <> 'participant\:' || r.participant_id || '\:active')
ORDER BY r.number
""")
# What was set aside is spent once the parcel left, and given back once the order is cancelled.
_STATUSES = sa.text(r"""
SELECT r.number, r.status FROM redemption r
LEFT JOIN ledger_transaction spent ON spent.reference = 'redemption\:' || r.id || '\:capture'
LEFT JOIN ledger_transaction back ON back.reference = 'redemption\:' || r.id || '\:release'
WHERE (r.status = 'cancelled') <> (back.id IS NOT NULL)
  OR (r.status IN ('partially_shipped', 'shipped', 'delivered', 'completed'))
    <> (spent.id IS NOT NULL)
ORDER BY r.number
""")
_STEPS = sa.text("""
SELECT r.number, r.status FROM redemption r WHERE NOT EXISTS (
  SELECT FROM redemption_event e WHERE e.redemption_id = r.id AND e.status = r.status)
ORDER BY r.number
""")
_GONE = sa.text(r"""
SELECT DISTINCT split_part(t.reference, '\:', 2) FROM ledger_transaction t
WHERE t.reference LIKE 'redemption\:%' AND NOT EXISTS (
  SELECT FROM redemption r WHERE r.id\:\:text = split_part(t.reference, '\:', 2))
ORDER BY 1
""")
_SUMS = sa.text("""
SELECT r.number FROM redemption r WHERE r.points IS DISTINCT FROM
  (SELECT sum(l.quantity * l.price_points) FROM redemption_line l WHERE l.redemption_id = r.id)
ORDER BY r.number
""")


def faults(session: Session) -> list[str]:
    """Orders whose account, points, status or lines the ledger contradicts, in words."""
    return [
        *(
            f"order {number}: paid from another account"
            if other
            else f"order {number}: {points} points, {held} were held"
            for number, points, held, other in session.execute(_ORDERS)
        ),
        *(
            f"order {number}: {status}, its points say otherwise"
            for number, status in session.execute(_STATUSES)
        ),
        *(f"order {number}: {status} by no event" for number, status in session.execute(_STEPS)),
        *(f"order {id}: its points moved, it is missing" for (id,) in session.execute(_GONE)),
        *(f"order {number}: points are not its lines'" for (number,) in session.execute(_SUMS)),
    ]
