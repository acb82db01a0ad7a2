"""Approving a group at once: only claims in which nothing is in doubt but the seller's own word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from claims import queries
from claims.states import Verdict
from claims.tables import Claim
from core.errors import DomainError
from programs import limits
from programs import queries as program_queries
from verification import decisions, queue
from verification.automatic import latest_opinion
from verification.judging import LineVerdict
from verification.policy import Topic
from verification.queue import Chosen, Clerk
from verification.tables import Cause, Decision, Review

MOST = 50
# The seller's word stands in for the proof, and people are not bound to the rules' limit.
_SELLERS_WORD = frozenset({Topic.PROOF.value, Topic.LIMIT.value})


def list_sure(session: Session, *, clerk: Clerk, at: datetime) -> list[tuple[Review, Claim]]:
    """The reviews that may be approved together, first due first, at most fifty."""
    found = queue.list_open(
        session, clerk=clerk, at=at, chosen=Chosen(causes=(Cause.PROOF,)), limit=4 * MOST
    )
    return [
        (review, claim) for review, claim in found if _is_sure(session, review, claim, clerk, at)
    ][:MOST]


def _is_sure(session: Session, review: Review, claim: Claim, clerk: Clerk, at: datetime) -> bool:
    if review.taken_by not in (None, clerk.person_id) and (review.taken_until or at) >= at:
        return False
    program = program_queries.get_program(session, claim.program_id)
    settings = program_queries.settings_of(program)
    two_people = limits.two_people_above(session, program.id, settings, at)
    if not claim.estimate_points or (two_people and claim.estimate_points > two_people):
        return False
    opinion = latest_opinion(session, claim.id)
    if opinion is None:
        return False
    missing = {fact["topic"] for fact in opinion.facts if fact["verdict"] != Verdict.APPROVE}
    return missing <= _SELLERS_WORD


def approve_sure(
    session: Session, *, clerk: Clerk, review_ids: Sequence[UUID], at: datetime
) -> list[Decision]:
    """Approve those of the named reviews that are still sure; the others stay in the queue."""
    sure = {review.id: review for review, _ in list_sure(session, clerk=clerk, at=at)}
    made = []
    for review_id in review_ids:
        if review_id not in sure:
            continue
        try:
            with session.begin_nested():
                review = queue.take(session, review_id=review_id, clerk=clerk, at=at)
                verdicts = [
                    LineVerdict(line.id, Verdict.APPROVE)
                    for line in queries.list_lines(session, review.claim_id)
                    if line.product_id is not None
                ]
                made.append(
                    decisions.decide(session, review=review, clerk=clerk, verdicts=verdicts, at=at)
                )
        except DomainError:
            continue  # Somebody was faster, or the units are gone: it waits for a look.
    return made
