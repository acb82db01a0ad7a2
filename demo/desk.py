"""What makes the demo's desks lively: proofs, second looks, two people, appeals, fresh claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from demo.papers import Form, Paper
from partners.tables import PartnerRole, PartnerUser
from verification import appeals, correcting, deciding
from verification.automatic_tables import SecondLook
from verification.calendar import add_working_hours
from verification.caution_tables import FirstOpinion
from verification.judging import LineVerdict, TooFewUnits, ValueUnknown
from verification.proof_tables import ProofKind
from verification.proofs import record_proof
from verification.queue import Clerk
from verification.tables import Cause, Decision, Review

# Large claims are approved by two people; more is looked at again than elsewhere, to be seen.
TWO_PEOPLE = 3000
SETTINGS = {"four_eyes_points": TWO_PEOPLE, "sample_share": "0.3", "late_points": 50}
IN_REGISTER = ("cekao", "nord")  # whose e-invoices the platform finds in the register
UNLOOKED = timedelta(days=6)
# The clerk of the first desk was away: the manager decided.
AWAY = (timedelta(days=13), timedelta(days=3))
# Fresh claims of the first desk: whose, in which form, how many lines.
FRESH: Sequence[tuple[int, Form, int]] = (
    (0, Form.PDF, 4),
    (28, Form.PDF, 8),
    (4, Form.XML, 5),
    (5, Form.PDF, 3),
    (18, Form.KSEF_PRINT, 6),
    (7, Form.PDF, 8),
    (24, Form.RECEIPT, 3),
    (0, Form.XML, 6),
    (19, Form.PDF, 2),
)


def fresh_times(now: datetime) -> Iterator[datetime]:
    """When the fresh claims came in: all of them today, half an hour apart."""
    for place in range(len(FRESH)):
        yield now - timedelta(minutes=14 + 31 * place)


def manager_of(session: Session, clerk: Clerk) -> Clerk:
    """The manager of a clerk's firm, as one who decides."""
    user = session.exec(
        select(PartnerUser).where(
            PartnerUser.partner_id == clerk.partner_id, PartnerUser.role == PartnerRole.MANAGER
        )
    ).one()
    return Clerk(user.person_id, clerk.partner_id, None)


def _second_to(session: Session, clerk: Clerk) -> Clerk:
    """The manager confirms what a clerk decided, and a clerk what the manager did."""
    manager = manager_of(session, clerk)
    if manager.person_id != clerk.person_id:
        return manager
    other = session.exec(
        select(PartnerUser)
        .where(PartnerUser.partner_id == clerk.partner_id, PartnerUser.role == PartnerRole.CLERK)
        .order_by(col(PartnerUser.person_id))
    ).first()
    assert other is not None
    return Clerk(other.person_id, other.partner_id, None)


def is_provable(paper: Paper, at: datetime, now: datetime) -> bool:
    """E-invoices of some sellers are found in the register; today's not yet."""
    return (
        paper.order.form in (Form.XML, Form.KSEF_PRINT)
        and paper.order.seller in IN_REGISTER
        and now - at > timedelta(days=1)
    )


def prove(session: Session, claim_id: UUID, paper: Paper, at: datetime) -> SecondLook | None:
    """The register knows the invoice; the second look that was drawn of it, if any."""
    if session.get_one(Claim, claim_id).status is not ClaimStatus.AWAITING_PARTNER:
        return None
    reading = paper.result.reading if paper.result else None
    number = reading.ksef_number.value if reading and reading.ksef_number else ""
    record_proof(
        session,
        claim_id=claim_id,
        kind=ProofKind.KSEF_REGISTRY,
        evidence={"ksef_number": number, "source": "demo"},
        actor="ksef",
        at=at,
    )
    return session.exec(
        select(SecondLook).where(
            SecondLook.claim_id == claim_id, col(SecondLook.decision_id).is_not(None)
        )
    ).one_or_none()


def look_again(session: Session, review_id: UUID, clerk: Clerk, at: datetime) -> None:
    """A clerk judges a drawn claim anew and finds what the system found."""
    review = session.get_one(Review, review_id)
    if review.done_at is None and review.cause is Cause.AUDIT:
        verdicts = approve_all(session, review.claim_id)
        deciding.judge(session, review=review, clerk=clerk, verdicts=verdicts, at=at)


def approve_all(session: Session, claim_id: UUID) -> list[LineVerdict]:
    """Every line that can be approved as it was read."""
    return [
        LineVerdict(line.id, Verdict.APPROVE)
        if line.quantity is not None
        else LineVerdict(line.id, Verdict.REJECT, ReasonCode.QUANTITY_UNCERTAIN)
        for line in queries.list_lines(session, claim_id)
        if line.product_id is not None
    ]


def shorten(
    session: Session, review: Review, clerk: Clerk, verdicts: list[LineVerdict], at: datetime
) -> list[LineVerdict]:
    """The clerk counts fewer of one line than was read: the receipt says so, and how to appeal."""
    read = {line.id: line.quantity for line in queries.list_lines(session, review.claim_id)}
    for place, one in enumerate(verdicts):
        quantity = read[one.line_id]
        if one.verdict is Verdict.APPROVE and quantity is not None and quantity >= 10:
            fewer = replace(one, quantity=quantity - 4)
            correcting.record(session, review=review, clerk=clerk, verdicts=[fewer], at=at)
            return [*verdicts[:place], fewer, *verdicts[place + 1 :]]
    return verdicts


def judge(
    session: Session, review: Review, clerk: Clerk, verdicts: list[LineVerdict], at: datetime
) -> Decision:
    """Decide; where two people are needed, the other one confirms within the hour."""
    try:
        with session.begin_nested():
            found = deciding.judge(session, review=review, clerk=clerk, verdicts=verdicts, at=at)
    except (TooFewUnits, ValueUnknown) as error:
        # Somebody else was paid for these units, or no price was read of what counts złoty: the
        # form says so, and the line is refused.
        taken = next(
            line.id
            for line in queries.list_lines(session, review.claim_id)
            if line.position == error.facts["position"]
        )
        reason = (
            ReasonCode.ALREADY_CLAIMED
            if isinstance(error, TooFewUnits)
            else ReasonCode.VALUE_UNCERTAIN
        )
        rest = [
            LineVerdict(taken, Verdict.REJECT, reason) if verdict.line_id == taken else verdict
            for verdict in verdicts
        ]
        return judge(session, review, clerk, rest, at)
    if isinstance(found, FirstOpinion):
        second = _second_to(session, clerk)
        later = at + timedelta(minutes=38)
        found = deciding.judge(session, review=review, clerk=second, verdicts=verdicts, at=later)
    assert isinstance(found, Decision)
    return found


def appeal(session: Session, claim_id: UUID, text: str, at: datetime) -> UUID | None:
    """The participant disagrees with what was left unpaid; the review that answers it."""
    claim = session.get_one(Claim, claim_id)
    if claim.status not in (ClaimStatus.REJECTED, ClaimStatus.PARTIALLY_APPROVED):
        return None
    made = appeals.appeal(
        session, claim_id=claim_id, participant_id=claim.participant_id, text=text, at=at
    )
    return made.review_id


def answer(session: Session, review_id: UUID, clerk: Clerk, at: datetime) -> None:
    """The manager finds the participant right."""
    review = session.get_one(Review, review_id)
    if review.done_at is None and review.escalated_at is None:
        verdicts = approve_all(session, review.claim_id)
        deciding.judge(
            session, review=review, clerk=manager_of(session, clerk), verdicts=verdicts, at=at
        )


def open_second_opinion(session: Session, desk: Clerk, at: datetime) -> None:
    """The manager approved the largest fresh claim; somebody else has to confirm it."""
    row = session.exec(
        select(Review, Claim)
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(
            Review.branch_id == desk.branch_id,
            Review.cause == Cause.PROOF,
            col(Review.done_at).is_(None),
            Claim.status == ClaimStatus.AWAITING_PARTNER,
        )
        .order_by(col(Claim.estimate_points).desc())
        .limit(1)
    ).first()
    if row is not None and row[1].estimate_points > TWO_PEOPLE:
        deciding.judge(
            session,
            review=row[0],
            clerk=manager_of(session, desk),
            verdicts=approve_all(session, row[1].id),
            at=at,
        )


def was_away(at: datetime, now: datetime) -> bool:
    return AWAY[1] < now - at < AWAY[0]


def next_day(at: datetime) -> datetime:
    return add_working_hours(at + timedelta(hours=14), 3)
