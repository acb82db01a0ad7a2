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


def faults(session: Session) -> list[str]:
    """Orders whose points were held of another account, or other points, in words."""
    return [
        f"order {number}: paid from another account"
        if other
        else f"order {number}: {points} points, {held} were held"
        for number, points, held, other in session.execute(_ORDERS)
    ]
