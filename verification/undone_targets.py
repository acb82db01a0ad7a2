"""A decision was undone: a target that another claim reached with its units goes back too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from claims import earning, queries, service
from claims.tables import Claim, ClaimEvent, ClaimLine
from points import reversals
from points.tables import TransactionKind
from verification import first_purchases, lowering
from verification.judging import award_reference
from verification.tables import Decision


def lock(session: Session, claim: Claim) -> None:
    """Every claim that an undone decision on this one may change, in order, then the participant.

    What is decided meanwhile waits for the participant and does not count the units any more.
    """
    theirs = lowering.with_target(session, [claim.participant_id])
    bearer = first_purchases.find_bearer(session, claim)
    for claim_id in sorted({claim.id, *theirs, *((bearer,) if bearer else ())}):
        service.lock(session, claim_id)
    earning.lock_participant(session, claim.participant_id)


def take_back(
    session: Session, decision: Decision, claim: Claim, *, actor: str, at: datetime
) -> None:
    """Judge the participant's other claims with a target again, now that these units are gone.

    Under the version that granted it, as after returned goods. Raises `InsufficientPoints` when
    its points were spent (the transaction must then be rolled back).
    """
    for claim_id in lowering.with_target(session, [claim.participant_id]):
        if claim_id == claim.id:
            continue
        other = service.lock(session, claim_id)

        def take(line: ClaimLine, points: int) -> None:
            if points:
                of = award_reference(session, line)
                reversals.reverse(
                    session,
                    of=of,
                    reference=f"{of}:undo:{decision.id}",
                    points=points,
                    kind=TransactionKind.CORRECTION,
                    unspent=True,
                    at=at,
                )

        bonuses = lowering.lower(session, other, taken={}, take=take)
        _restate(session, other, undone=claim, bonuses=bonuses, actor=actor, at=at)


def _restate(
    session: Session,
    other: Claim,
    *,
    undone: Claim,
    bonuses: Sequence[str],
    actor: str,
    at: datetime,
) -> None:
    """The other claim's sum, and for its receipt what it lost and why."""
    before = other.points
    other.points = sum(line.points for line in queries.list_lines(session, other.id))
    if other.points == before:
        return
    facts: dict[str, str | int | None] = {
        "undone": undone.number,
        "points": other.points - before,
        "bonuses": "; ".join(bonuses),
    }
    session.add_all(
        [
            other,
            ClaimEvent(claim_id=other.id, status=other.status, actor=actor, at=at, facts=facts),
        ]
    )
    session.flush()
