"""Two numbers for one correction: a sales file and KSeF may call the same document differently.

What changes the same rows of the same invoice by the same units on the same day is one document
that two sources tell of, and counts once. What agrees in part is for a person, who sees both.
Two documents of one source are two documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims.correction_tables import (
    Correction,
    CorrectionOriginal,
    CorrectionProof,
    CorrectionStatus,
)
from ocr.reading import Reading
from verification.correction_notes import Rows, taken_by
from verification.correction_originals import Laid

OTHER_NUMBER = "correction-other-number"
SAME_DOCUMENT = "correction-same-as-other"

_REGISTER = (CorrectionProof.KSEF_FETCHED, CorrectionProof.KSEF_REGISTRY)


def told(reading: Reading, laid: Sequence[Laid]) -> Rows | None:
    """What a correction says came back of which rows; None where it cannot be laid on them."""
    deltas = {line.position: line.unit_delta for line in reading.lines}
    found: defaultdict[tuple[UUID, int], Decimal] = defaultdict(Decimal)
    for one in laid:
        delta = deltas.get(one.change.position)
        if one.place is None or delta is None:
            return None
        found[one.place] -= delta
    return {place: printed for place, printed in found.items() if printed}


def list_others(
    session: Session, correction: Correction, purchase_ids: Collection[UUID]
) -> list[Correction]:
    """Settled corrections of these purchases that another source told of by another number."""
    found = session.exec(
        select(Correction)
        .join(CorrectionOriginal, col(CorrectionOriginal.correction_id) == col(Correction.id))
        .where(
            Correction.program_id == correction.program_id,
            Correction.seller_nip == correction.seller_nip,
            Correction.id != correction.id,
            Correction.number_norm != correction.number_norm,
            Correction.status == CorrectionStatus.APPLIED,
            col(CorrectionOriginal.purchase_id).in_(purchase_ids),
        )
        .order_by(col(Correction.created_at), col(Correction.id))
        .distinct()
    )
    return [one for one in found if _source(one) != _source(correction)]


def compare(
    session: Session,
    correction: Correction,
    reading: Reading,
    laid: Sequence[Laid],
    purchase_ids: Collection[UUID],
) -> tuple[Correction | None, list[Correction]]:
    """The document that this one is under another number, else those that it may be."""
    if laid and all(_follows(one) for one in laid):
        return None, []  # What it says was there before is what the others left.
    like, rows = [], told(reading, laid)
    for other in list_others(session, correction, purchase_ids):
        taken = taken_by(session, other.id)
        if not taken:
            continue
        days = (correction.issue_date, other.issue_date)
        same_day = None not in days and days[0] == days[1]
        if rows == taken and same_day and _is_proven(correction) and _is_proven(other):
            return other, []
        if rows == taken or (same_day and (rows is None or rows.keys() & taken.keys())):
            like.append(other)
    return None, like


def _follows(one: Laid) -> bool:
    return one.change.before is not None and not one.change.doubt and one.sold is None


def _source(correction: Correction) -> str:
    if correction.proof in _REGISTER:
        return "register"
    return correction.proof.value if correction.proof is not None else "sent"


def _is_proven(correction: Correction) -> bool:
    return correction.proof not in (None, CorrectionProof.EARLIER)
