"""From a finished reading to the place where it is decided: one transaction, run by a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims import corrections as stored_corrections
from claims import extraction, line_units, queries, service
from claims.branches import Bar, bar_of
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from messages import service as messages
from messages.kinds import CLAIM_UNREADABLE
from ocr.reading import Proof, Reading, Severity, Unreadable
from partners import places
from partners import queries as partner_queries
from programs import branches
from programs import queries as program_queries
from verification import automatic, calendar, correction_claims, corrections, entries
from verification.calendar import add_working_hours
from verification.tables import Cause, Review, ReviewStatus

READER = "reader"


def begin_reading(session: Session, *, claim_id: UUID, at: datetime) -> list[str] | None:
    """The hashes of the files to read, or `None` when the claim no longer waits for it."""
    claim = service.lock(session, claim_id)
    if claim.status is ClaimStatus.SUBMITTED:
        service.advance(session, claim, to=ClaimStatus.READING, actor=READER, at=at)
    if claim.status is not ClaimStatus.READING:
        return None
    return [file.sha256 for file in extraction.list_files(session, claim_id)]


def complete_reading(
    session: Session,
    *,
    claim_id: UUID,
    reading: Reading,
    pages: Sequence[PageImage],
    at: datetime,
) -> None:
    """Store the reading and put the claim where it is decided. Harmless when it came too late."""
    claim = service.lock(session, claim_id)
    if claim.status is not ClaimStatus.READING:
        return
    if stored_corrections.is_correction(reading):
        if not correction_claims.take_in(session, claim, reading=reading, pages=pages, at=at):
            send_to_partner(session, claim, cause=Cause.UNREAD, at=at)
        return
    collision = extraction.record(session, claim, reading=reading, pages=pages, at=at)
    lines = queries.list_lines(session, claim.id)
    service.advance(
        session,
        claim,
        to=ClaimStatus.MATCHING,
        actor=READER,
        at=at,
        lines=len(lines),
        matched=sum(line.product_id is not None for line in lines),
        route=reading.route,
    )
    _find_branch(session, claim, reading)
    corrections.settle_waiting(session, claim, at=at)
    if automatic.decide_at_once(session, claim, reading=reading, at=at) is not None:
        return
    cause = Cause.HELD if collision else _cause(session, claim, reading, lines)
    send_to_partner(session, claim, cause=cause, at=at)


def _find_branch(session: Session, claim: Claim, reading: Reading) -> None:
    purchase = queries.find_purchase(session, claim)
    if purchase is None or purchase.seller_nip is None:
        return
    partner = partner_queries.find_by_nip(session, purchase.seller_nip)
    bought = purchase.sale_date or purchase.issue_date or local_date(claim.submitted_at)
    if partner is None or not program_queries.takes_part(
        session, program_id=claim.program_id, partner_id=partner.id, on=bought
    ):
        return
    # Where only some branches take part, none is guessed: somebody says which one sold.
    listed = branches.counts_chosen(
        session,
        program_id=claim.program_id,
        partner_id=partner.id,
        on=bought,
    )
    branch = None
    for text in _where_sold(reading):
        branch = partner_queries.find_branch_by_address(
            session, partner_id=partner.id, text=text, named=listed
        )
        if branch is not None:
            break
    if branch is None and not listed:
        # A document that names no branch goes to the first one; its manager can pass it on.
        branch = next(iter(partner_queries.list_branches(session, partner.id)), None)
    claim.branch_id = branch.id if branch else None
    session.add(claim)
    session.flush()


def _where_sold(reading: Reading) -> list[str]:
    """Texts that may name the branch: the seller's address, then the page without the buyer's.

    A buyer from the town of another branch must not send the document there.
    """
    address = reading.seller.address.value if reading.seller.address else ""
    page = " ".join(word.text for word in reading.words)
    for party in (reading.buyer, *reading.third_parties):
        for part in (party.address.value if party.address else "").split(","):
            if part.strip():
                page = page.replace(part.strip(), " ")
    return [text for text in (address, page) if text.strip()]


def _cause(session: Session, claim: Claim, reading: Reading, lines: list[ClaimLine]) -> Cause:
    if not reading.lines:
        return Cause.UNREAD
    program = program_queries.get_program(session, claim.program_id)
    threshold = program_queries.settings_of(program).match_threshold
    in_doubt = [
        line for line in lines if line.product_id is not None and is_doubtful(line, threshold)
    ]
    errors = any(finding.severity is Severity.ERROR for finding in reading.findings)
    return Cause.DOUBT if in_doubt or errors or claim.branch_id is None else Cause.PROOF


def is_doubtful(line: ClaimLine, threshold: Decimal) -> bool:
    """Whether a person has to look at this line: its product or its quantity is not sure."""
    sure = line.quantity is not None and line.match_score >= threshold
    return not sure or not Proof(line.proof).proven or line_units.asked(line) is not None


def send_to_partner(
    session: Session,
    claim: Claim,
    *,
    cause: Cause,
    actor: str = READER,
    note: str = "",
    due_at: datetime | None = None,
    at: datetime,
) -> Review:
    """Open the review of a claim with its promised time; one open review per claim.

    A review that waited for the participant goes on, with the working time that was left.
    """
    waiting = find_open_review(session, claim.id)
    if waiting is not None and waiting.waiting_since is not None:
        due_at = calendar.resumed(waiting.due_at, since=waiting.waiting_since, at=at)
    if due_at is None:
        program = program_queries.get_program(session, claim.program_id)
        hours = program_queries.settings_of(program).promise_working_hours
        due_at = add_working_hours(at, hours)
    branch, partner_id = None, None
    bar = bar_of(session, claim.id)
    if bar is Bar.OUT:
        claim.estimate_points = 0
    if claim.branch_id is not None:
        place = places.standing(session, claim.branch_id)
        branch, partner_id = place.id, place.partner_id
    elif bar is Bar.UNKNOWN:
        partner_id = _seller(session, claim)  # Any of the wholesaler's people says where it was.
    claim.due_at = due_at
    service.advance(
        session, claim, to=ClaimStatus.AWAITING_PARTNER, actor=actor, at=at, note=note, cause=cause
    )
    review = waiting or Review(
        claim_id=claim.id, program_id=claim.program_id, cause=cause, due_at=due_at, created_at=at
    )
    review.cause, review.due_at, review.waiting_since, review.draft = cause, due_at, None, {}
    review.partner_id, review.branch_id = partner_id, branch
    if review.escalated_at is None and (
        bar is Bar.OUT or not has_judge(session, claim, partner_id)
    ):
        review.escalated_at = at
    review.status = ReviewStatus.ESCALATED if review.escalated_at else ReviewStatus.OPEN
    session.add(review)
    session.flush()
    return review


def _seller(session: Session, claim: Claim) -> UUID | None:
    purchase = queries.find_purchase(session, claim)
    nip = purchase.seller_nip if purchase else None
    partner = partner_queries.find_by_nip(session, nip) if nip else None
    return partner.id if partner else None


def has_judge(session: Session, claim: Claim, partner_id: UUID | None) -> bool:
    """Nobody's document, and one that a branch's only clerk entered, goes to the programme."""
    if partner_id is None:
        return False
    clerk = entries.entered_by(session, claim)
    return clerk is None or entries.sees_another(
        session, partner_id=partner_id, branch_id=claim.branch_id, but=[clerk]
    )


def fail_reading(session: Session, *, claim_id: UUID, error: Unreadable, at: datetime) -> None:
    """A file that cannot be read goes back to the participant with the reason."""
    claim = service.lock(session, claim_id)
    if claim.status is not ClaimStatus.READING:
        return
    send_back(session, claim, reason=error.reason, at=at)


def send_back(session: Session, claim: Claim, *, reason: str, at: datetime) -> None:
    """Ask the participant for another picture than this one, of which nothing can be paid."""
    claim.unreadable_reason = reason
    service.advance(
        session, claim, to=ClaimStatus.NEEDS_INFORMATION, actor=READER, at=at, reason=reason
    )
    participant = program_queries.get_participant(session, claim.participant_id)
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CLAIM_UNREADABLE.name,
        # Each set of pages that cannot be read is told: somebody waits for it.
        event_key=f"claim:{claim.id}:unreadable:{len(extraction.list_files(session, claim.id))}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
    )


def give_up_reading(
    session: Session, *, claim_id: str, network: str = "", error: str, at: datetime
) -> None:
    """The reader died each time: a person reads instead."""
    claim = service.lock(session, UUID(claim_id))
    if claim.status is ClaimStatus.SUBMITTED:
        service.advance(session, claim, to=ClaimStatus.READING, actor=READER, at=at)
    if claim.status is not ClaimStatus.READING:
        return
    claim.unreadable_reason = "gave-up"
    send_to_partner(session, claim, cause=Cause.UNREAD, at=at)
    del error, network


def find_open_review(session: Session, claim_id: UUID) -> Review | None:
    return session.exec(
        select(Review).where(Review.claim_id == claim_id, col(Review.status) != ReviewStatus.DONE)
    ).one_or_none()
