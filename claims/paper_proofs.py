"""No row of a paper has more units to claim than some reading or correction shows: for `verify`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

# Per row: the most that one line of a claim on this paper shows of the product, the factors by
# which lines count it, and what corrections printed of the row (more sold: positive).
_ROWS = sa.text("""
WITH shown AS (
  SELECT c.purchase_id, l.product_id, max(trunc(l.quantity * l.units_per_quantity, 6)) AS units,
    max(l.units_per_quantity) AS most, min(l.units_per_quantity) AS least
  FROM claim_line l JOIN claim c ON c.id = l.claim_id
  WHERE c.purchase_id IS NOT NULL AND l.product_id IS NOT NULL
  GROUP BY 1, 2
), corrected AS (
  SELECT purchase_line_id, sum(printed_quantity) AS net, count(*) AS rows
  FROM correction_line WHERE purchase_line_id IS NOT NULL GROUP BY 1
)
SELECT p.id, p.purchase_id, p.position, p.quantity_sold, p.quantity_raised, p.quantity_returned,
  p.quantity_sold - p.quantity_raised AS printed_units,
  s.units IS NOT NULL AND p.quantity_sold - p.quantity_raised > s.units AS longer,
  p.quantity_raised > greatest(p.printed_returned + coalesce(k.net, 0), 0) * s.most
    + 0.001 * coalesce(k.rows, 1) AS raised,
  p.printed_returned + coalesce(k.net, 0) < 0 OR p.quantity_returned
    < least(p.quantity_sold, p.printed_returned * s.least) - 0.001 * coalesce(k.rows, 1) AS returned
FROM purchase_line p
JOIN shown s ON s.purchase_id = p.purchase_id AND s.product_id = p.product_id
LEFT JOIN corrected k ON k.purchase_line_id = p.id
WHERE NOT EXISTS (SELECT FROM correction_line o
  WHERE o.purchase_id = p.purchase_id AND o.purchase_line_id IS NULL)
  AND (p.quantity_sold - p.quantity_raised > s.units
    OR p.quantity_raised > 0 OR p.printed_returned > 0 OR k.net IS NOT NULL)
ORDER BY p.purchase_id, p.position
""")
# A person may have accepted less of a line than the document shows, and lines say what was
# accepted: then a reading of the document, or of a correction, shows the row as long as it is.
_READ = sa.text("""
SELECT max(units) FROM (
  SELECT (n #>> '{quantity,value}')::numeric * l.units_per_quantity AS units
  FROM purchase_line p
  JOIN claim c ON c.purchase_id = p.purchase_id
  JOIN claim_line l ON l.claim_id = c.id AND l.product_id = p.product_id
  JOIN document d ON d.claim_id = c.id JOIN extraction e ON e.document_id = d.id,
  jsonb_path_query(e.reading, '$.lines[*]') n
  WHERE p.id = :row AND (n ->> 'position')::int = l.position
  UNION ALL
  SELECT (q #>> '{}')::numeric * (SELECT max(l.units_per_quantity) FROM claim_line l
    JOIN claim c ON c.id = l.claim_id WHERE c.purchase_id = o.purchase_id
      AND l.product_id = (SELECT p.product_id FROM purchase_line p WHERE p.id = :row))
  FROM correction_line o JOIN correction k ON k.id = o.correction_id,
  jsonb_path_query(k.reading, '$.lines[*].quantity.value') q
  WHERE o.purchase_line_id = :row
) r
""")
_FORGOTTEN = sa.text(
    "SELECT EXISTS (SELECT FROM document d JOIN claim c ON c.id = d.claim_id"
    " WHERE c.purchase_id = :purchase AND d.forgotten_at IS NOT NULL)"
)


def faults(session: Session) -> list[str]:
    """Rows that say more was sold, or less came back, than anything that was read; in words."""
    found = []
    for row in session.execute(_ROWS).all():
        name = f"purchase {row.purchase_id} row {row.position}"
        if row.longer and not _was_read(session, row):
            found.append(f"{name}: {row.printed_units} units sold, no reading shows so many")
        if row.raised:
            found.append(f"{name}: {row.quantity_raised} units sold besides, corrections fewer")
        if row.returned:
            found.append(f"{name}: {row.quantity_returned} units came back, corrections more")
    return found


def _was_read(session: Session, row: sa.Row[tuple[object, ...]]) -> bool:
    """Whether a reading shows it; of a paper whose readings were deleted nobody can tell."""
    read = session.execute(_READ, {"row": row.id}).scalar()
    if read is not None and row.printed_units <= read:
        return True
    return bool(session.execute(_FORGOTTEN, {"purchase": row.purchase_id}).scalar_one())
