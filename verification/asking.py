"""Asking the participant and hearing the answer; meanwhile the promised time stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import service as claims
from claims.service import StoredFile
from claims.states import ClaimStatus, check
from claims.tables import Claim, ClaimEvent
from core.errors import IllegalTransition, Invalid
from messages import service as messages
from messages.kinds import CLAIM_QUESTION
from programs import queries as program_queries
from programs.tables import Program
from verification import intake, queue
from verification.conversation_tables import ReviewMessage, Side
from verification.queue import Clerk, Decider
from verification.tables import Review, ReviewStatus

LONGEST = 1000


class Question(StrEnum):
    """The questions that clerks ask again and again, in the order of their numbers."""

    MISSING_PAGE = "missing_page"
    UNCLEAR_PHOTO = "unclear_photo"
    WHICH_PRODUCT = "which_product"
    HOW_MANY = "how_many"
    OTHER_BUYER = "other_buyer"
    RETURNED = "returned"


def ask(
    session: Session,
    *,
    review_id: UUID,
    clerk: Decider,
    question: Question | None = None,
    text: str = "",
    at: datetime,
) -> ReviewMessage:
    """Ask the participant and let the clock stand still until the answer.

    Raises `TakenByAnother`, `IllegalTransition`, and `Invalid` when nothing is asked.
    """
    text = text.strip()[:LONGEST]
    if question is None and not text:
        raise Invalid("ask something", field="question")
    review = queue.take(session, review_id=review_id, clerk=clerk, at=at)
    claim = claims.lock(session, review.claim_id)
    check(claim.status, ClaimStatus.NEEDS_INFORMATION)
    queue.require_workable(review, clerk)
    claims.advance(
        session,
        claim,
        to=ClaimStatus.NEEDS_INFORMATION,
        actor=f"person:{clerk.person_id}",
        at=at,
        question=question,
    )
    review.status, review.waiting_since, review.postponed_until = ReviewStatus.WAITING, at, None
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    session.add(review)
    said = _say(
        session,
        review,
        side=Side.PARTNER if isinstance(clerk, Clerk) else Side.PROGRAM,
        author_id=clerk.person_id,
        template=question or "",
        text=text,
        at=at,
    )
    participant = program_queries.get_participant(session, claim.participant_id)
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CLAIM_QUESTION.name,
        event_key=f"claim:{claim.id}:question:{said.id}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
    )
    return said


def answer(
    session: Session,
    *,
    claim_id: UUID,
    participant_id: UUID,
    text: str = "",
    files: Sequence[StoredFile] = (),
    network: str = "",
    at: datetime,
) -> Claim:
    """The participant answers with words or more pages; pages are read before a person looks.

    Raises `ClaimNotFound`, `IllegalTransition` when nothing was asked, `Invalid` for an empty
    answer, and the refusals of `claims.service.add_files`.
    """
    claim = claims.lock(session, claim_id)
    if claim.participant_id != participant_id:
        raise claims.ClaimNotFound
    target = ClaimStatus.READING if files else ClaimStatus.AWAITING_PARTNER
    if claim.status is not ClaimStatus.NEEDS_INFORMATION:
        # The table would let a claim that is being read go on too: words must not overtake it.
        raise IllegalTransition("nothing was asked", current=claim.status, target=target)
    text = text.strip()[:LONGEST]
    participant = program_queries.get_participant(session, participant_id)
    review = intake.find_open_review(session, claim.id)
    if not files and (not text or review is None):
        # What could not be read at all is cured by another picture only.
        raise Invalid("answer with words or pages", field="answer")
    actor = f"person:{participant.person_id}"
    if review is not None and text:
        _say(
            session,
            review,
            side=Side.PARTICIPANT,
            author_id=participant.person_id,
            template="",
            text=text,
            at=at,
        )
    if files:
        claims.add_files(
            session,
            claim,
            participant=participant,
            files=files,
            actor=actor,
            network=network,
            at=at,
        )
    elif review is not None:
        intake.send_to_partner(session, claim, cause=review.cause, actor=actor, at=at)
    return claim


def list_messages(session: Session, claim_id: UUID) -> list[ReviewMessage]:
    """The conversation about a claim, oldest first."""
    return list(
        session.exec(
            select(ReviewMessage)
            .where(ReviewMessage.claim_id == claim_id)
            .order_by(col(ReviewMessage.at), col(ReviewMessage.id))
        )
    )


def expire_unanswered(session: Session, *, at: datetime, limit: int = 200) -> int:
    """End the claims whose question nobody answered in the programme's days; how many."""
    asked = (
        sa.select(
            col(ClaimEvent.claim_id).label("claim_id"), sa.func.max(col(ClaimEvent.at)).label("at")
        )
        .where(col(ClaimEvent.status) == ClaimStatus.NEEDS_INFORMATION)
        .group_by(col(ClaimEvent.claim_id))
        .subquery()
    )
    due: list[UUID] = []
    for program in session.exec(select(Program)):
        days = program_queries.settings_of(program).needs_information_days
        found = session.execute(
            sa.select(col(Claim.id))
            .join(asked, asked.c.claim_id == col(Claim.id))
            .where(
                col(Claim.program_id) == program.id,
                col(Claim.status) == ClaimStatus.NEEDS_INFORMATION,
                asked.c.at < at - timedelta(days=days),
            )
            .order_by(col(Claim.id))
            .limit(limit)
        )
        due.extend(row[0] for row in found)
    for claim_id in due[:limit]:
        _expire(session, claim_id, at)
    return len(due[:limit])


def _expire(session: Session, claim_id: UUID, at: datetime) -> None:
    claim = claims.lock(session, claim_id)
    if claim.status is not ClaimStatus.NEEDS_INFORMATION:
        return  # Answered while we looked.
    claims.advance(session, claim, to=ClaimStatus.EXPIRED, actor="clock", at=at)
    review = intake.find_open_review(session, claim_id)
    if review is not None:
        review.status, review.done_at = ReviewStatus.DONE, at
        session.add(review)
        session.flush()


def _say(
    session: Session,
    review: Review,
    *,
    side: Side,
    author_id: UUID,
    template: str,
    text: str,
    at: datetime,
) -> ReviewMessage:
    said = ReviewMessage(
        claim_id=review.claim_id,
        review_id=review.id,
        side=side,
        author_id=author_id,
        template=template,
        text=text,
        at=at,
    )
    session.add(said)
    session.flush()
    return said
