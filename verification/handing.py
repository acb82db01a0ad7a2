"""Putting a review aside, handing it to a branch or to the programme's people, and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from claims import extraction, queries, service
from claims.branches import Bar, bar_of
from claims.tables import Claim
from core import audit
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from partners import queries as partner_queries
from partners.tables import Branch
from programs import queries as program_queries
from programs import service as program_service
from programs.branches import BranchTakesNoPart, takes_part
from verification import intake, queue
from verification.calendar import add_working_hours
from verification.queue import Clerk, Decider, Organiser
from verification.tables import Cause, Review, ReviewStatus


class WithOthersNow(DomainError):
    """Somebody else went on with the review; it cannot be called back."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "review-with-others"


class NobodyAtSeller(DomainError):
    """Nobody of the wholesaler may judge this review; the operator may."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "nobody-at-seller"


def postpone(
    session: Session, *, review_id: UUID, clerk: Decider, until: datetime, at: datetime
) -> Review:
    """Put a review aside until a time; its promise to the participant stays."""
    review = _mine(session, review_id=review_id, clerk=clerk, at=at)
    if until <= at:
        raise Invalid("a review is put aside until later", field="until")
    if isinstance(clerk, Clerk):
        review.status = ReviewStatus.POSTPONED
    review.postponed_until = until
    return _let_go(session, review)


def escalate(
    session: Session, *, review_id: UUID, clerk: Clerk, note: str = "", at: datetime
) -> Review:
    """Hand a review to the programme's own people."""
    review = _mine(session, review_id=review_id, clerk=clerk, at=at)
    review.status, review.escalated_at, review.postponed_until = ReviewStatus.ESCALATED, at, None
    _record(session, review, clerk, "review.escalate", at, note=note.strip()[:300])
    return _let_go(session, review)


def hand_to_branch(
    session: Session, *, review_id: UUID, clerk: Decider, branch_id: UUID, at: datetime
) -> Review:
    """Send a review to the branch whose sale it is: within the own firm, or to any by organisers.

    Raises `Invalid` for a branch that is not there or not the decider's to give to,
    `BranchTakesNoPart` for one whose sales did not count on the day of purchase: such a claim is
    refused with that reason.
    """
    review = _mine(session, review_id=review_id, clerk=clerk, at=at)
    branch = partner_queries.find_branch(session, branch_id)
    if branch is None or (isinstance(clerk, Clerk) and branch.partner_id != clerk.partner_id):
        raise Invalid("no such branch", field="branch")
    claim = service.lock(session, review.claim_id)
    if not _counted(session, claim, branch):
        raise BranchTakesNoPart
    review.partner_id, review.branch_id = branch.partner_id, branch.id
    review.status, review.escalated_at, review.postponed_until = ReviewStatus.OPEN, None, None
    claim.branch_id = branch.id
    session.add(claim)
    session.flush()
    extraction.estimate_again(session, claim)
    _record(session, review, clerk, "review.hand_over", at, branch=str(branch.id))
    return _let_go(session, review)


def return_to_seller(
    session: Session, *, review_id: UUID, organiser: Organiser, note: str = "", at: datetime
) -> Review:
    """Give an escalated review back to the wholesaler whose sale it is, with a new promised time.

    Its people see what the manufacturer's may not: the prices. Raises `NobodyAtSeller` where
    nobody of them may judge it.
    """
    review = _mine(session, review_id=review_id, clerk=organiser, at=at)
    claim = service.lock(session, review.claim_id)
    if not may_return(session, review, claim):
        raise NobodyAtSeller
    program = program_queries.get_program(session, review.program_id)
    hours = program_queries.settings_of(program).promise_working_hours
    review.due_at = claim.due_at = add_working_hours(at, hours)
    review.lapsed_at, review.reminded_at = None, None
    review.status, review.escalated_at, review.postponed_until = ReviewStatus.OPEN, None, None
    session.add(claim)
    _record(session, review, organiser, "review.return", at, note=note.strip()[:300])
    return _let_go(session, review)


def may_return(session: Session, review: Review, claim: Claim) -> bool:
    """Whether somebody at the wholesaler may judge it: not who entered it, and a branch of ours."""
    if review.escalated_at is None or review.cause in (Cause.APPEAL, Cause.AUDIT):
        return False
    return bar_of(session, claim.id) is not Bar.OUT and intake.has_judge(
        session, claim, review.partner_id
    )


def places_for(session: Session, review: Review, decider: Decider) -> list[Branch]:
    """The other branches that a review can be sent to: the wholesaler's that took part.

    A clerk of one branch can only say that the sale was theirs, where no branch is known.
    """
    if review.partner_id is None:
        return []
    claim = session.get_one(Claim, review.claim_id)
    found = [
        branch
        for branch in partner_queries.list_branches(session, review.partner_id)
        if branch.id != review.branch_id and _counted(session, claim, branch)
    ]
    if isinstance(decider, Clerk) and decider.branch_id is not None:
        return [b for b in found if b.id == decider.branch_id and review.branch_id is None]
    return found


def _counted(session: Session, claim: Claim, branch: Branch) -> bool:
    """Whether the branch and its wholesaler took part on the day of a claim's purchase."""
    program_id, day = claim.program_id, _bought(session, claim)
    return program_queries.takes_part(
        session, program_id=program_id, partner_id=branch.partner_id, on=day
    ) and takes_part(session, program_id=program_id, branch_id=branch.id, on=day)


def _bought(session: Session, claim: Claim) -> date:
    purchase = queries.find_purchase(session, claim)
    known = (purchase.sale_date or purchase.issue_date) if purchase else None
    return known or local_date(claim.submitted_at)


def call_back(session: Session, *, review_id: UUID, clerk: Clerk, at: datetime) -> Review:
    """Undo a postponement or an escalation that nobody has acted on. Raises `WithOthersNow`."""
    queue.get_for_clerk(session, review_id=review_id, clerk=clerk)
    review = session.get_one(Review, review_id, populate_existing=True, with_for_update=True)
    held = review.taken_until is not None and review.taken_until >= at
    if review.status not in (ReviewStatus.POSTPONED, ReviewStatus.ESCALATED) or held:
        raise WithOthersNow
    review.status, review.escalated_at, review.postponed_until = ReviewStatus.OPEN, None, None
    session.add(review)
    session.flush()
    return queue.take(session, review_id=review_id, clerk=clerk, at=at)


def _mine(session: Session, *, review_id: UUID, clerk: Decider, at: datetime) -> Review:
    review = queue.take(session, review_id=review_id, clerk=clerk, at=at)
    queue.require_workable(review, clerk)
    return review


def _let_go(session: Session, review: Review) -> Review:
    review.taken_by, review.taken_at, review.taken_until = None, None, None
    session.add(review)
    session.flush()
    return review


def _record(
    session: Session, review: Review, clerk: Decider, action: str, at: datetime, **facts: str
) -> None:
    audit.record(
        session,
        chain=program_service.chain(review.program_id),
        actor=f"person:{clerk.person_id}",
        action=action,
        subject=f"claim:{review.claim_id}",
        at=at,
        **facts,
    )
