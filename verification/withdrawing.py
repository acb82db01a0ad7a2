"""What a person confirmed of a correction is taken back: exactly what it took is given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from claims import corrections as stored
from claims import paper, service
from claims.correction_tables import Correction, CorrectionLine, CorrectionStatus
from core import audit
from core.errors import DomainError, Invalid, Kind
from programs import service as program_service
from verification import corrected_claims, corrections, returns
from verification.correction_notes import Return

TAKEN_BACK = "correction-taken-back"
LONGEST = 500


class NotConfirmed(DomainError):
    """Nobody confirmed this correction, or it took nothing: there is nothing to take back."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "correction-not-confirmed"


@dataclass(frozen=True, slots=True)
class _Place:
    purchase_id: UUID
    position: int
    row_id: UUID | None


def may_withdraw(session: Session, correction: Correction) -> bool:
    """Whether a person's word took something out of claims or papers that can be given back.

    What settled itself is as true as its proof: only another correction changes that.
    """
    confirmed = correction.settled_by is not None or correction.status in (
        CorrectionStatus.NEEDS_PERSON,
        CorrectionStatus.WAITING,
    )
    return confirmed and bool(_taken(session, correction.id))


def withdraw(
    session: Session, *, correction_id: UUID, person_id: UUID, reason: str, at: datetime
) -> Correction:
    """Take back what was confirmed; the correction waits for a person again.

    Where the register's own document took the place of the one that was confirmed, that one is
    settled now as if nobody had said anything. Raises `NotConfirmed`, and `Invalid` without a
    reason. The database refuses who may not settle it either.
    """
    correction = stored.lock(session, correction_id)
    if not reason.strip():
        raise Invalid("say why", field="note")
    if not may_withdraw(session, correction):
        raise NotConfirmed(correction.number)
    taken = _taken(session, correction_id)
    otherwise = stored.SETTLED_OTHERWISE in correction.doubts and correction.settled_by is None
    correction.settled_by = person_id  # Who answers for it stands there before anything moves.
    session.add(correction)
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(correction.program_id),
        actor=f"person:{person_id}",
        action="correction.withdraw",
        subject=f"correction:{correction.id}",
        at=at,
        reason=reason.strip()[:LONGEST],
    )
    _give_back(session, correction, taken, at=at)
    correction.settled_at = correction.settled_by = None
    if otherwise and correction.proof is not None:
        correction.status, correction.doubts = CorrectionStatus.WAITING, []
    else:
        before = [one for one in correction.doubts if one != stored.SETTLED_OTHERWISE]
        correction.status = CorrectionStatus.NEEDS_PERSON
        correction.doubts = list(dict.fromkeys([TAKEN_BACK, *before]))
    session.add(correction)
    session.flush()
    return corrections.settle(session, correction_id=correction_id, at=at)


def _taken(session: Session, correction_id: UUID) -> Mapping[_Place, Decimal]:
    """How much of which rows came back by now, in the document's unit; none where it is zero."""
    rows = session.exec(
        select(CorrectionLine)
        .where(CorrectionLine.correction_id == correction_id)
        .order_by(col(CorrectionLine.number))
    )
    net: dict[_Place, Decimal] = {}
    said = set()
    for row in rows:
        place = _Place(row.purchase_id, row.position, row.purchase_line_id)
        if row.purchase_line_id is None:
            # Rows from before the paper's row was named repeat a return for every claim it hit.
            if (place, row.at, row.printed_quantity) in said:
                continue
            said.add((place, row.at, row.printed_quantity))
        net[place] = net.get(place, Decimal(0)) - row.printed_quantity
    return {place: printed for place, printed in net.items() if printed}


def _give_back(
    session: Session, correction: Correction, taken: Mapping[_Place, Decimal], *, at: datetime
) -> None:
    ids = returns.concerned(session, {place.purchase_id for place in taken})
    locked = {claim_id: service.lock(session, claim_id) for claim_id in ids}
    before = {claim.id: claim.points for claim in locked.values()}
    found = [
        Return(place.purchase_id, _position(session, place), -printed)
        for place, printed in taken.items()
    ]
    in_order = sorted(found, key=lambda one: (one.purchase_id, one.position))
    for claim_id, changed in returns.apply(session, correction, in_order, at=at).items():
        claim = locked[claim_id]
        corrected_claims.restate(
            session, correction, claim, before[claim_id], changed, at, withdrawn=True
        )


def _position(session: Session, place: _Place) -> int:
    """The number of the row by the reading that numbers the paper's rows now."""
    claim = paper.fullest_claim(session, place.purchase_id)
    if claim is None or place.row_id is None:
        return place.position
    rows = paper.rows_of(session, place.purchase_id, claim.id)
    return next((n for n, row in rows.items() if row.id == place.row_id), place.position)
