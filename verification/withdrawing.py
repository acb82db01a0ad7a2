"""What a person confirmed of a correction is taken back: exactly what it took is given back."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from claims import corrections as stored
from claims import service
from claims.correction_tables import Correction, CorrectionStatus
from core import audit
from core.errors import DomainError, Invalid, Kind
from programs import service as program_service
from verification import corrected_claims, corrections, returns
from verification.correction_notes import Return, Rows, taken_by

TAKEN_BACK = "correction-taken-back"
LONGEST = 500


class NotConfirmed(DomainError):
    """Nobody confirmed this correction, or it took nothing: there is nothing to take back."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "correction-not-confirmed"


def may_withdraw(session: Session, correction: Correction) -> bool:
    """Whether a person's word took something out of claims or papers that can be given back.

    What settled itself is as true as its proof: only another correction changes that.
    """
    confirmed = correction.settled_by is not None or correction.status in (
        CorrectionStatus.NEEDS_PERSON,
        CorrectionStatus.WAITING,
    )
    return confirmed and bool(taken_by(session, correction.id))


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
    taken = taken_by(session, correction_id)
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


def _give_back(session: Session, correction: Correction, taken: Rows, *, at: datetime) -> None:
    ids = returns.concerned(session, {purchase_id for purchase_id, _ in taken})
    locked = {claim_id: service.lock(session, claim_id) for claim_id in ids}
    before = {claim.id: claim.points for claim in locked.values()}
    in_order = [Return(*place, -printed) for place, printed in sorted(taken.items())]
    for claim_id, changed in returns.apply(session, correction, in_order, at=at).items():
        claim = locked[claim_id]
        corrected_claims.restate(
            session, correction, claim, before[claim_id], changed, at, withdrawn=True
        )
