"""A claim after a correction: sum, status and history, and what its participant is told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from claims import queries, service
from claims.correction_tables import Correction
from claims.states import TRANSITIONS, ClaimStatus
from claims.tables import Claim, ClaimEvent
from messages import service as messages
from messages.kinds import CLAIM_CORRECTED, CLAIM_GIVEN_BACK
from programs import queries as program_queries
from verification.returns import Changed

ACTOR = "correction"


def restate(
    session: Session,
    correction: Correction,
    claim: Claim,
    before: int,
    changed: Changed,
    at: datetime,
    *,
    withdrawn: bool = False,
) -> int:
    """Put a claim's sum and status right after its lines changed; the points it lost (or got).

    `withdrawn`: what a person had said of the correction was wrong, and is taken back.
    """
    lines = queries.list_lines(session, claim.id)
    claim.points = sum(line.points for line in lines)
    lost = before - claim.points
    facts: dict[str, str | int | None] = {"correction": correction.number, "points": -lost}
    if changed.lost:
        facts["bonuses"] = "; ".join(changed.lost)
    if changed.regained:
        facts["regained"] = "; ".join(changed.regained)
    if withdrawn:
        facts["withdrawn"] = 1
    to = _becomes(session, claim, paid=any(line.quantity_accepted for line in lines))
    if to is not None:
        service.advance(
            session, claim, to=to, actor=ACTOR, at=at, note=correction.number, **facts,
        )  # fmt: skip
    else:
        session.add_all(
            [
                claim,
                ClaimEvent(
                    claim_id=claim.id,
                    status=claim.status,
                    actor=ACTOR,
                    at=at,
                    note=correction.number,
                    facts=facts,
                ),
            ]
        )
        session.flush()
    participant = program_queries.get_participant(session, claim.participant_id)
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=(CLAIM_GIVEN_BACK if lost < 0 else CLAIM_CORRECTED).name,
        event_key=f"correction:{correction.id}:{claim.id}{_turn(session, correction, claim)}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
        correction=correction.number,
        points=abs(lost),
        withdrawn=withdrawn,
    )
    return lost


def _becomes(session: Session, claim: Claim, *, paid: bool) -> ClaimStatus | None:
    """Reversed where nothing is left of it; where something is again, what it was before."""
    if not paid:
        reversed_ = ClaimStatus.REVERSED
        return reversed_ if reversed_ in TRANSITIONS[claim.status] else None
    if claim.status is not ClaimStatus.REVERSED:
        return None
    events = queries.list_events(session, claim.id)
    return next(
        (one.status for one in reversed(events) if one.status in TRANSITIONS[claim.status]), None
    )


def _turn(session: Session, correction: Correction, claim: Claim) -> str:
    """A correction that was taken back and confirmed again tells of each."""
    told = sum(
        one.actor == ACTOR and one.facts.get("correction") == correction.number
        for one in queries.list_events(session, claim.id)
    )
    return f":{told}" if told > 1 else ""
