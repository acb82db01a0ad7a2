"""A branch's own points: for reviews that its people decided and for fitters that it enrolled.

They lie on `partner:<branch>:<programme>`, apart from participants' points, and come out of the
programme's own issue. A review pays a day after its decision, when nobody took it back; an
enrolment pays a day after the first claim that was approved, so that empty accounts earn nothing.
What was paid for a decision that is reversed, or for an enrolment of which no approval stands, is
taken back; while a branch owes for a claim, its next decision on that claim is not paid.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from claims.tables import Claim
from points import addresses, ledger
from points.ledger import InsufficientPoints, Move
from points.tables import LedgerTransaction, TransactionKind
from programs import queries as program_queries
from programs.tables import Participant, Program
from verification.tables import Decision, Review

AFTER = timedelta(days=1)
LOOK_BACK = timedelta(days=60)


def decision_reference(decision_id: UUID) -> str:
    return f"partner-reward:decision:{decision_id}"


def enrolment_reference(participant_id: UUID) -> str:
    return f"partner-reward:enrolment:{participant_id}"


def pay_due(session: Session, *, at: datetime, limit: int = 500) -> int:
    """Post what branches have earned by now; a reference posts once, however often this runs."""
    paid = 0
    for program in session.execute(sa.select(Program)).scalars().all():
        settings = program_queries.settings_of(program)
        if settings.branch_points_per_decision:
            for decision_id, branch_id in _decisions(session, program.id, at, limit):
                paid += _post(
                    session,
                    reference=decision_reference(decision_id),
                    move=Move(
                        addresses.issued(program.id),
                        addresses.branch(branch_id, program.id),
                        settings.branch_points_per_decision,
                    ),
                    at=at,
                )
        if settings.branch_points_per_enrolment:
            for participant_id, branch_id in _enrolments(session, program.id, at, limit):
                paid += _post(
                    session,
                    reference=enrolment_reference(participant_id),
                    move=Move(
                        addresses.issued(program.id),
                        addresses.branch(branch_id, program.id),
                        settings.branch_points_per_enrolment,
                    ),
                    at=at,
                )
    return paid


def take_back_undone(session: Session, *, at: datetime) -> int:
    """Take back what was paid for what was reversed later, as far as it is there.

    What a branch spent meanwhile stays open, however long, and is looked for in each turn.
    """
    taken = 0
    for name, program_id in [*_undone(session), *_unproven(session, at)]:
        [move] = ledger.posted_moves(session, name)
        back = Move(move.destination, addresses.reversed_(program_id), move.points)
        try:
            with session.begin_nested():
                taken += _post(session, reference=f"{name}:back", move=back, at=at)
        except InsufficientPoints:
            continue  # Spent already: the next turn finds it again.
    return taken


def _undone(session: Session) -> list[tuple[str, UUID]]:
    """Decisions that were paid for and reversed: the payment's reference and the programme."""
    reference = sa.literal("partner-reward:decision:") + sa.cast(col(Decision.id), sa.Text)
    rows = session.execute(
        sa.select(col(Decision.id), col(Claim.program_id))
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .where(
            col(Decision.undone_at).is_not(None),
            _posted(reference),
            ~_posted(reference + ":back"),
        )
    )
    return [(decision_reference(decision_id), program_id) for decision_id, program_id in rows]


def _unproven(session: Session, at: datetime) -> list[tuple[str, UUID]]:
    """Enrolments that were paid for and of which no approval stands, for a day at least.

    The day lets a clerk decide again; an enrolment is paid for once, even if it is proven later.
    """
    reference = sa.literal("partner-reward:enrolment:") + sa.cast(col(Participant.id), sa.Text)
    lately = sa.exists(_approvals().where(col(Decision.undone_at) > at - AFTER))
    rows = session.execute(
        sa.select(col(Participant.id), col(Participant.program_id)).where(
            col(Participant.enrolled_by_branch_id).is_not(None),
            _posted(reference),
            ~_posted(reference + ":back"),
            sa.exists(_approvals()),
            ~sa.exists(_approvals().where(col(Decision.undone_at).is_(None))),
            ~lately,
        )
    )
    return [(enrolment_reference(one), program_id) for one, program_id in rows]


def _approvals() -> sa.Select[UUID]:
    """Decisions that gave a participant of the outer query points, standing or not."""
    return (
        sa.select(col(Decision.id))
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .where(col(Claim.participant_id) == col(Participant.id), col(Decision.points) > 0)
        .correlate(Participant)
    )


def _posted(reference: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(col(LedgerTransaction.id)).where(col(LedgerTransaction.reference) == reference)
    )


def _decisions(
    session: Session, program_id: UUID, at: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    """Decisions of branches' own people that stand and were not paid for."""
    reference = sa.literal("partner-reward:decision:") + sa.cast(col(Decision.id), sa.Text)
    first, its_review = aliased(Decision), aliased(Review)
    paid_first = sa.literal("partner-reward:decision:") + sa.cast(col(first.id), sa.Text)
    owed = sa.exists(
        sa.select(col(first.id))
        .join(its_review, col(its_review.id) == col(first.review_id))
        .where(
            col(first.claim_id) == col(Decision.claim_id),
            col(its_review.branch_id) == col(Review.branch_id),
            col(first.undone_at).is_not(None),
            _posted(paid_first),
            ~_posted(paid_first + ":back"),
        )
        .correlate(Decision, Review)
    )
    return [
        (decision_id, branch_id)
        for decision_id, branch_id in session.execute(
            sa.select(col(Decision.id), col(Review.branch_id))
            .join(Review, col(Review.id) == col(Decision.review_id))
            .where(
                col(Review.program_id) == program_id,
                col(Review.branch_id).is_not(None),
                col(Review.escalated_at).is_(None),
                col(Decision.automatic).is_(False),
                col(Decision.undone_at).is_(None),
                col(Decision.decided_at).between(at - LOOK_BACK, at - AFTER),
                ~_posted(reference),
                ~owed,
            )
            .order_by(col(Decision.decided_at))
            .limit(limit)
        )
    ]


def _enrolments(
    session: Session, program_id: UUID, at: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    reference = sa.literal("partner-reward:enrolment:") + sa.cast(col(Participant.id), sa.Text)
    approved = sa.exists(
        _approvals().where(
            col(Decision.undone_at).is_(None), col(Decision.decided_at) <= at - AFTER
        )
    )
    return [
        (participant_id, branch_id)
        for participant_id, branch_id in session.execute(
            sa.select(col(Participant.id), col(Participant.enrolled_by_branch_id))
            .where(
                col(Participant.program_id) == program_id,
                col(Participant.enrolled_by_branch_id).is_not(None),
                approved,
                ~_posted(reference),
            )
            .order_by(col(Participant.enrolled_at))
            .limit(limit)
        )
    ]


def _post(session: Session, *, reference: str, move: Move, at: datetime) -> int:
    return int(
        ledger.post(
            session,
            reference=reference,
            kind=TransactionKind.PARTNER_REWARD,
            moves=[move],
            posted_at=at,
        )
    )
