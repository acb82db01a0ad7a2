"""Reviews and decisions as JSON, in and out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from claims.states import ClaimStatus, ReasonCode
from verification.asking import Question
from verification.doubts import About, Why
from verification.facts import BuyerFact, DayFact, PaperFact, SellerFact
from verification.tables import Cause, Decision, ReviewStatus
from web.views.queue import QueueRow


class ReviewOut(BaseModel):
    """A claim in the queue. `points` is the estimate if every line is accepted as read."""

    id: UUID
    claim_number: str
    document_number: str
    participant: str
    company: str
    branch: str
    cause: Cause
    status: ReviewStatus
    lines: int
    matched_lines: int
    points: int
    due_at: datetime
    overdue: bool
    taken_by: str | None = Field(description="A colleague's name while the lease runs.")


class DoubtOut(BaseModel):
    """One thing that a person has to answer."""

    about: About
    why: Why
    position: int = Field(description="The line; 0 is the document.")
    products: list[UUID]
    quantities: list[Decimal] = Field(
        description="Likely answers; of `units`: the product's units in one printed unit."
    )


class ReviewLineOut(BaseModel):
    """A line as it was read and matched; without a product it is outside the programme."""

    position: int
    description: str
    seller_index: str | None
    quantity: Decimal | None
    unit: str
    units_per_quantity: Decimal | None = Field(
        description="The product's own units in one printed unit; none where you have to say it."
    )
    product_id: UUID | None
    match_score: Decimal
    match_reason: str
    points: int


class ReviewDetailOut(ReviewOut):
    """A review with its facts, its questions and its lines."""

    paper: PaperFact
    seller: SellerFact
    buyer: BuyerFact
    day: DayFact
    purchased_on: date | None
    approved_claims: int
    refused_claims: int
    earlier_claim_number: str | None
    doubts: list[DoubtOut]
    review_lines: list[ReviewLineOut]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineIn(_In):
    """A verdict of one line; product, quantity and value where they change what was read."""

    position: int = Field(ge=1, le=10_000)
    verdict: Literal["approve", "reject"]
    reason: ReasonCode | None = Field(None, description="Needed to reject.")
    product_id: UUID | None = None
    quantity: Decimal | None = Field(None, gt=0, lt=1_000_000)
    value: Decimal | None = Field(
        None, ge=0, lt=10_000_000, decimal_places=2, description="Net, in zł; for rates by value."
    )
    units: Decimal | None = Field(
        None,
        gt=0,
        lt=1_000_000,
        description="The product's own units in one printed unit: 10 where a pack holds ten.",
    )


class DecisionIn(_In):
    """Every line of the programme needs a verdict; the others are outside it unless named."""

    lines: list[LineIn] = Field(max_length=500)
    # An advance, a pro forma, a delivery note: who approves says that its goods were sold.
    sold: bool = False
    note: str = Field("", max_length=1000)


class RejectionIn(_In):
    """A reason for the whole claim; `other` needs a note."""

    reason: ReasonCode
    note: str = Field("", max_length=1000)


class QuestionIn(_In):
    """One of the prepared questions or own words."""

    question: Question | None = None
    text: str = Field("", max_length=1000)


class PostponementIn(_In):
    until: datetime


class EscalationIn(_In):
    note: str = Field("", max_length=300)


class UndoIn(_In):
    note: str = Field("", max_length=500, description="Needed when the first seconds are over.")


class LeaseOut(BaseModel):
    """Until when the review is the caller's."""

    taken_until: datetime | None


class StatusOut(BaseModel):
    """Where the review is now."""

    id: UUID
    status: ReviewStatus
    due_at: datetime


class DecisionOut(BaseModel):
    """What was decided and what it paid."""

    id: UUID
    claim_id: UUID
    outcome: ClaimStatus
    reason: ReasonCode | None
    points: int
    decided_at: datetime
    undone: bool


class FirstOpinionOut(BaseModel):
    """Nothing is paid yet: so many points wait until a second person says the same."""

    review_id: UUID
    points: int
    waits_for: Literal["second_person"] = "second_person"


def review_out(row: QueueRow, *, cause: Cause, status: ReviewStatus) -> ReviewOut:
    return ReviewOut(
        id=row.id,
        claim_number=row.number,
        document_number=row.document,
        participant=row.person,
        company=row.company,
        branch=row.branch,
        cause=cause,
        status=status,
        lines=row.lines,
        matched_lines=row.matched,
        points=row.points,
        due_at=row.due_at,
        overdue=row.overdue,
        taken_by=row.taken_by or None,
    )


def decision_out(decision: Decision) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        claim_id=decision.claim_id,
        outcome=decision.outcome,
        reason=decision.reason,
        points=decision.points,
        decided_at=decision.decided_at,
        undone=decision.undone_at is not None,
    )
