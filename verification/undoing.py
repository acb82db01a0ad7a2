"""Taking a decision back: points, units and status return, and the review opens again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, select

from claims import paper, queries, service
from claims.tables import Claim
from core import audit
from core.errors import DomainError, Invalid, Kind
from points import reversals
from points.ledger import InsufficientPoints
from programs import budgets, seller_units
from programs import queries as program_queries
from programs import service as program_service
from verification import corrections, first_purchases, intake, sampling, undone_targets
from verification.decisions import actor_name
from verification.judging import award_reference
from verification.queue import Decider
from verification.tables import Cause, Decision, Review, ReviewStatus


class TooLateToUndo(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "too-late-to-undo"


class AlreadySpent(DomainError):
    """The points of the decision were spent; only a correction can take them back."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "already-spent"


def undo(
    session: Session,
    *,
    decision_id: UUID,
    clerk: Decider,
    note: str = "",
    checked: bool = False,
    at: datetime,
) -> Review:
    """Take a decision back: points, units and status return, the review opens again.

    Within the programme's seconds without words, later with a reason, until the points are spent.
    A second look (`checked`) needs no words: the new decision has its own, and what other claims
    reached with these units is asked after it (`undone_targets`).
    Raises `TooLateToUndo`, `AlreadySpent`, `Invalid`.
    """
    decision = session.exec(
        select(Decision)
        .where(Decision.id == decision_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if decision.undone_at is not None:
        raise TooLateToUndo
    undone_targets.lock(session, session.get_one(Claim, decision.claim_id))
    claim = service.lock(session, decision.claim_id)
    settings = program_queries.settings_of(program_queries.get_program(session, claim.program_id))
    quick = at <= decision.decided_at + timedelta(seconds=settings.undo_seconds + 5)
    if not quick and not checked and not note.strip():
        raise Invalid("a later reversal needs a reason", field="note")
    lines = queries.list_lines(session, claim.id)
    due = first_purchases.clauses_of(lines)
    for line in lines:
        # Before the ledger, as every decision locks them.
        budgets.give_back(
            session, program_id=claim.program_id, rule_facts=line.rule_facts, points=line.points
        )
    for line in lines:
        if line.points or line.rule_version_id is not None:
            # Also of a line that has no points now: a bonus of another one may stand in its award.
            reference = award_reference(session, line)
            try:
                reversals.take_back(session, of=reference, reference=f"{reference}:undo", at=at)
            except InsufficientPoints as error:
                raise AlreadySpent from error
        if line.purchase_line_id is not None and line.quantity_accepted:
            paper.free_units(session, row_id=line.purchase_line_id, quantity=line.quantity_accepted)
        line.verdict, line.reason, line.quantity_accepted, line.points = None, None, None, 0
        line.rule_facts, line.granted = {}, {}
        session.add(line)
    decision.undone_at, decision.undone_by = at, clerk.person_id
    session.add(decision)
    session.flush()
    first_purchases.remember(session, claim, due)
    sampling.void_open(session, decision_id=decision.id)
    claim.points, claim.decided_at = 0, None
    actor = actor_name(clerk.person_id)
    if not checked:
        take_targets_back(session, decision, claim, actor=actor, at=at)
    seller_units.withdraw_of_claim(session, claim_id=claim.id, actor=actor, at=at)
    audit.record(
        session,
        chain=program_service.chain(claim.program_id),
        actor=actor,
        action="claim.undo",
        subject=f"claim:{claim.id}",
        at=at,
        decision=str(decision.id),
    )
    earlier = session.get(Review, decision.review_id) if decision.review_id else None
    reopened = intake.send_to_partner(
        session,
        claim,
        cause=earlier.cause if earlier else Cause.DOUBT,
        actor=actor,
        note=note,
        # What was promised to the participant still holds, unless that moment has passed.
        due_at=earlier.due_at if earlier and earlier.due_at > at else None,
        at=at,
    )
    if earlier is not None and earlier.escalated_at is not None:
        # It goes back to where it was decided, not to the partner.
        reopened.status, reopened.escalated_at = ReviewStatus.ESCALATED, at
        session.add(reopened)
        session.flush()
    # A correction that came while the claim was refused waited for somebody to claim it again.
    corrections.settle_waiting(session, claim, at=at)
    return reopened


def take_targets_back(
    session: Session, decision: Decision, claim: Claim, *, actor: str, at: datetime
) -> None:
    """As `undone_targets.take_back`; raises `AlreadySpent`."""
    try:
        undone_targets.take_back(session, decision, claim, actor=actor, at=at)
    except InsufficientPoints as error:
        raise AlreadySpent from error
