"""What was paid stands on a code, a row of a paper, a day and rules of that day: for `verify`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

_STATUSES = sa.text("""
SELECT c.number, c.status FROM claim c WHERE NOT EXISTS (
  SELECT FROM claim_event e WHERE e.claim_id = c.id AND e.status = c.status
    AND (e.at = (SELECT max(n.at) FROM claim_event n WHERE n.claim_id = c.id)
      OR e.id = (SELECT n.id FROM claim_event n WHERE n.claim_id = c.id
        ORDER BY n.id DESC LIMIT 1)))
ORDER BY c.number
""")
_UNPAID = sa.text("""
SELECT c.number, c.status FROM claim c WHERE c.points > 0 AND c.status NOT IN
  ('approved', 'partially_approved', 'appealed', 'upheld', 'overturned', 'reversed')
  OR c.status = 'reversed' AND EXISTS (SELECT FROM claim_line l
    WHERE l.claim_id = c.id AND l.verdict = 'approve' AND l.quantity_accepted > 0)
ORDER BY c.number
""")
_CODES = sa.text("""
SELECT c.number FROM claim c
WHERE (c.channel = 'code') <> EXISTS (SELECT FROM product_code k WHERE k.claim_id = c.id)
ORDER BY c.number
""")
# A code is no paper and has no row; everything else that is paid takes its units from one.
_ROWS = sa.text("""
SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id
LEFT JOIN purchase_line p ON p.id = l.purchase_line_id
LEFT JOIN purchase u ON u.id = p.purchase_id
WHERE l.verdict = 'approve' AND l.quantity_accepted > 0 AND c.channel <> 'code'
  AND (u.id IS NULL OR p.purchase_id IS DISTINCT FROM c.purchase_id)
ORDER BY c.number, l.position
""")
_ORPHANS = sa.text("""
SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id
WHERE l.purchase_line_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM purchase_line p WHERE p.id = l.purchase_line_id)
ORDER BY c.number, l.position
""")
_DAYS = sa.text("""
SELECT c.number, l.position, l.rule_facts ->> 'purchased_on' AS paid_for
FROM claim_line l JOIN claim c ON c.id = l.claim_id JOIN purchase u ON u.id = c.purchase_id
WHERE l.points > 0 AND l.rule_facts <> '{}' AND (l.rule_facts ->> 'purchased_on')::date
  <> coalesce(u.sale_date, u.issue_date, (l.rule_facts ->> 'purchased_on')::date)
ORDER BY c.number, l.position
""")
# A version that was published after the decision had no part in it.
_RULES = sa.text("""
SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id
WHERE l.points > 0 AND l.rule_facts <> '{}' AND l.rule_version_id IS DISTINCT FROM (
  SELECT r.id FROM rule_version r WHERE r.program_id = c.program_id AND r.status = 'published'
    AND r.valid_from <= (l.rule_facts ->> 'purchased_on')::date
    AND (r.published_at <= c.decided_at OR r.id = l.rule_version_id)
  ORDER BY r.valid_from DESC LIMIT 1)
ORDER BY c.number, l.position
""")
# What corrections took of paid lines and did not give back came back to the row.
_RETURNED = sa.text("""
SELECT p.purchase_id, p.position, p.quantity_returned,
  sum((l.granted ->> 'units')::numeric - coalesce(l.quantity_accepted, 0)) AS taken
FROM purchase_line p JOIN claim_line l ON l.purchase_line_id = p.id
WHERE l.granted <> '{}' GROUP BY p.id
HAVING sum((l.granted ->> 'units')::numeric - coalesce(l.quantity_accepted, 0))
  > p.quantity_returned + 0.001 * count(*)
ORDER BY 1, 2
""")
# Somebody who was erased has ten noughts. Of several claims the first reading named the buyer.
_BUYERS = sa.text("""
SELECT c.number FROM claim c JOIN purchase u ON u.id = c.purchase_id
JOIN participant p ON p.id = c.participant_id
WHERE c.points > 0 AND c.buyer_relation = 'buyer' AND u.buyer_nip <> p.nip
  AND p.nip <> '0000000000'
  AND NOT EXISTS (SELECT FROM claim o WHERE o.purchase_id = u.id AND o.id <> c.id)
ORDER BY c.number
""")
_EXPLAINED = sa.text("""
SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id
WHERE l.points > 0 AND jsonb_array_length(l.explanation) = 0
ORDER BY c.number, l.position
""")


def faults(session: Session) -> list[str]:
    """Claims whose status, code, row, day or rules are not those of what was paid, in words."""
    return [
        *(f"claim {number}: {status} by no event" for number, status in _all(session, _STATUSES)),
        *(f"claim {number}: paid, but {status}" for number, status in _all(session, _UNPAID)),
        *(
            f"claim {number}: a code without its claim, or none"
            for (number,) in _all(session, _CODES)
        ),
        *_of_lines(session, _ROWS, "paid without a row of its paper"),
        *_of_lines(session, _ORPHANS, "its row of the paper is missing"),
        *(
            f"claim {number} line {position}: paid for {day}, its paper has another day"
            for number, position, day in _all(session, _DAYS)
        ),
        *(
            f"purchase {purchase} row {position}: {back} units came back, {taken} were taken"
            for purchase, position, back, taken in _all(session, _RETURNED)
        ),
        *(f"claim {number}: its buyer is another" for (number,) in _all(session, _BUYERS)),
        *_of_lines(session, _RULES, "paid by rules of another day"),
        *_of_lines(session, _EXPLAINED, "points without an explanation"),
    ]


def _all(session: Session, asked: sa.TextClause) -> Iterator[Any]:
    yield from session.execute(asked)


def _of_lines(session: Session, asked: sa.TextClause, words: str) -> list[str]:
    return [f"claim {number} line {position}: {words}" for number, position in _all(session, asked)]
