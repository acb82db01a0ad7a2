"""Claims, codes and their points belong to one and the same participant: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

_AWARDS = sa.text(r"""
SELECT c.number, count(DISTINCT o.account) AS accounts
FROM point_lot o JOIN claim c ON c.id::text = split_part(o.reference, '\:', 2)
WHERE o.reference LIKE 'claim\:%\:award%'
  AND o.account <> 'participant\:' || c.participant_id || '\:active'
GROUP BY c.number ORDER BY c.number
""")
# What the lots say can be written anew, the chain of postings cannot.
_POSTINGS = sa.text(r"""
SELECT c.number FROM ledger_transaction t
JOIN posting p ON p.transaction_id = t.id
JOIN claim c ON c.id::text = split_part(t.reference, '\:', 2)
WHERE t.reference LIKE 'claim\:%\:award%' AND p.source LIKE 'issued\:%'
  AND (p.destination LIKE 'participant\:%'
    AND p.destination <> 'participant\:' || c.participant_id || '\:active'
    OR p.source <> 'issued\:' || c.program_id)
GROUP BY c.number ORDER BY c.number
""")
_PROGRAMS = sa.text(r"""
SELECT c.number FROM claim c
JOIN participant p ON p.id = c.participant_id LEFT JOIN purchase u ON u.id = c.purchase_id
WHERE p.program_id <> c.program_id OR u.program_id <> c.program_id ORDER BY c.number
""")
_CODES = sa.text(r"""
SELECT c.number FROM product_code k
JOIN code_batch b ON b.id = k.batch_id LEFT JOIN claim c ON c.id = k.claim_id
WHERE k.claim_id IS NOT NULL AND (c.id IS NULL OR c.participant_id <> k.used_by
  OR c.program_id <> b.program_id
  OR NOT EXISTS (SELECT FROM claim_line l WHERE l.claim_id = c.id AND l.product_id = b.product_id
    AND l.quantity * l.units_per_quantity = b.units_per_code))
ORDER BY c.number
""")


def faults(session: Session) -> list[str]:
    """Claims whose points, code or programme are another's, in words."""
    awarded = {number for number, _ in session.execute(_AWARDS)}
    awarded |= {number for (number,) in session.execute(_POSTINGS)}
    return [
        *(f"claim {number}: its points are on another account" for number in sorted(awarded)),
        *(f"claim {number}: of another programme" for (number,) in session.execute(_PROGRAMS)),
        *(
            f"claim {number or '–'}: its code was used for something else"
            for (number,) in session.execute(_CODES)
        ),
    ]
