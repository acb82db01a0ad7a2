"""What programs read about a claim, made of the same views as its page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim, ClaimEvent, ClaimLine
from verification.label_claims import LabelReason
from web.views.claims import ClaimRow, EventView, Gettext, LineView


class ClaimOut(BaseModel):
    """A claim in a list; `points` may come while it is open and came when it is decided."""

    id: UUID
    number: str
    status: ClaimStatus
    status_label: str
    decided: bool
    points: int
    seller: str
    document_number: str
    submitted_at: datetime
    decided_at: datetime | None
    due_at: datetime | None


class StepOut(BaseModel):
    """One thing that a rule did: its clause, and the points before rounding after it."""

    stage: str
    clause: str
    factor: Decimal | None
    per_unit: Decimal | None
    points: Decimal


class BoxOut(BaseModel):
    """Where on a page a line was read, as fractions of its width and height."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class LineOut(BaseModel):
    """One line of the proof: `verdict` is paid, waiting, rejected or outside (the programme)."""

    id: UUID
    position: int
    name: str
    description: str
    verdict: str
    reason: ReasonCode | None
    why: str
    points: int
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    line_net_grosze: int | None
    may_repair: bool
    box: BoxOut | None
    steps: list[StepOut]


class PageOut(BaseModel):
    """A page of the proof, in pixels; its picture is at `/claims/{id}/pages/{number}`."""

    number: int
    width: int
    height: int


class ClaimEventOut(BaseModel):
    """A step in the life of a claim."""

    at: datetime
    status: ClaimStatus
    text: str


class EarlierOut(BaseModel):
    """An own earlier claim that this one waits for."""

    id: UUID
    number: str


class AppealOut(BaseModel):
    """The participant's appeal and what came of it; `points` is what it added."""

    text: str
    made_at: datetime
    due_at: datetime
    decided_at: datetime | None
    reason: str
    note: str
    points: int

    model_config = ConfigDict(from_attributes=True)


class SaidOut(BaseModel):
    """A question about the claim, or an answer: `mine` are the participant's own words."""

    side: str
    mine: bool
    name: str
    text: str
    at: datetime

    model_config = ConfigDict(from_attributes=True)


class LeftCodeOut(BaseModel):
    """A code on the claim's picture that brought nothing; of the code itself its ends only."""

    shown: str
    reason: LabelReason
    why: str

    model_config = ConfigDict(from_attributes=True)


class ClaimDetailOut(ClaimOut):
    """A claim with everything that explains it."""

    note: str
    purchased_on: date | None
    held: bool
    held_by: EarlierOut | None
    unreadable_reason: str | None
    unreadable: str
    left_codes: list[LeftCodeOut] = Field(description="of a picture of labels; else empty")
    may_cancel: bool
    appeal_until: datetime | None
    may_appeal: bool
    appeal: AppealOut | None
    messages: list[SaidOut] = Field(description="oldest first; `answers` takes an answer")
    pages: list[PageOut]
    lines: list[LineOut]
    events: list[ClaimEventOut]


def claim_out(row: ClaimRow, claim: Claim, gettext: Gettext) -> ClaimOut:
    """A claim in a list, worded in the reader's language."""
    return ClaimOut(
        id=row.id,
        number=row.number,
        status=row.status,
        status_label=gettext(row.status_label),
        decided=row.decided,
        points=row.points,
        seller=row.seller,
        document_number=row.document,
        submitted_at=row.submitted_at,
        decided_at=claim.decided_at,
        due_at=row.due_at,
    )


def line_out(view: LineView, line: ClaimLine) -> LineOut:
    """A line with its verdict. Only its participant may be given this: it carries prices."""
    return LineOut(
        id=view.id,
        position=view.position,
        name=view.name,
        description=view.description,
        verdict=view.verdict,
        reason=_reason(view, line),
        why=view.why,
        points=view.points,
        quantity=view.quantity,
        unit=view.unit,
        unit_price=view.price,
        line_net_grosze=line.line_net_grosze,
        may_repair=view.fixable,
        box=BoxOut.model_validate(line.box) if line.box else None,
        steps=[StepOut.model_validate(step) for step in line.explanation],
    )


def _reason(view: LineView, line: ClaimLine) -> ReasonCode | None:
    if view.verdict == "outside":
        return ReasonCode.NOT_IN_PROGRAM
    # A suspicion is no accusation: the page words it neutrally, and the code must not say more.
    return ReasonCode.OTHER if line.reason is ReasonCode.SUSPECTED_FORGERY else line.reason


def event_out(event: ClaimEvent, view: EventView) -> ClaimEventOut:
    return ClaimEventOut(at=event.at, status=event.status, text=view.text)
