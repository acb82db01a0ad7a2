"""What programs read of a decision receipt."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from claims.remedies import Remedy
from claims.states import ClaimStatus, ReasonCode
from verification.appeal_tables import AppealStatus
from verification.receipts import DecidedBy, Receipt
from verification.reduced import How
from web.api.claim_models import BoxOut, EarlierOut, StepOut
from web.views.receipts import LineWords, ReceiptWords, ReducedWords


class ReceiptLineOut(BaseModel):
    """One line: `units` paid, the rule that judged it, and what would make it pay."""

    position: int
    name: str
    sku: str
    description: str
    verdict: str
    reason: ReasonCode
    reason_text: str
    quantity: Decimal | None
    unit: str
    units: Decimal
    product_unit: str
    points: int
    sum_text: str
    rule_version: int | None
    rule_valid_from: date | None
    rule_text: str
    steps: list[StepOut]
    remedy: Remedy
    remedy_text: str
    box: BoxOut | None


class ReducedOut(BaseModel):
    """What the decision took off one line, in the document's units; `reason` for whole lines."""

    position: int
    name: str
    how: How
    read: Decimal | None
    accepted: Decimal
    regained: Decimal
    unit: str
    was: str
    got: str
    reason: ReasonCode | None
    text: str
    reason_text: str


class ReceiptOut(BaseModel):
    """The decision on one claim, line by line."""

    claim_id: UUID
    number: str
    program: str
    status: ClaimStatus
    status_label: str
    points: int
    decided_at: datetime | None
    decided_by: DecidedBy
    decider: str
    note: str
    document_number: str
    seller: str
    purchased_on: date | None
    earlier: EarlierOut | None
    lines: list[ReceiptLineOut]
    reduced: list[ReducedOut]
    appeal: AppealStatus | None
    appeal_until: datetime | None
    appeal_text: str


def receipt_out(receipt: Receipt, words: ReceiptWords) -> ReceiptOut:
    """A receipt for its participant."""
    earlier = receipt.earlier
    return ReceiptOut(
        claim_id=receipt.claim_id,
        number=receipt.number,
        program=receipt.program_name,
        status=receipt.status,
        status_label=words.status_label,
        points=receipt.points,
        decided_at=receipt.decided_at,
        decided_by=receipt.decided_by,
        decider=words.decider,
        note=receipt.note,
        document_number=receipt.document_number,
        seller=receipt.seller,
        purchased_on=receipt.purchased_on,
        earlier=EarlierOut(id=earlier.id, number=earlier.number) if earlier else None,
        lines=[_line(line) for line in words.lines],
        reduced=[_reduced(one) for one in words.reduced],
        appeal=receipt.appeal,
        appeal_until=receipt.appeal_until,
        appeal_text=words.appeal,
    )


def _reduced(words: ReducedWords) -> ReducedOut:
    told = words.told
    return ReducedOut(
        position=told.position,
        name=told.name,
        how=told.how,
        read=told.read,
        accepted=told.accepted,
        regained=told.regained,
        unit=told.unit,
        was=told.was,
        got=told.got,
        reason=_spoken(told.reason),
        text=words.what,
        reason_text=words.why,
    )


def _spoken(reason: ReasonCode | None) -> ReasonCode | None:
    """A suspicion is no accusation: the page words it neutrally, the code must not say more."""
    return ReasonCode.OTHER if reason is ReasonCode.SUSPECTED_FORGERY else reason


def _line(words: LineWords) -> ReceiptLineOut:
    line = words.line
    return ReceiptLineOut(
        position=line.position,
        name=line.name,
        sku=line.sku,
        description=line.description,
        verdict=words.verdict,
        reason=_spoken(line.reason) or ReasonCode.OTHER,
        reason_text=words.reason,
        quantity=line.quantity,
        unit=line.unit,
        units=line.units,
        product_unit=line.product_unit,
        points=line.points,
        sum_text=words.sum,
        rule_version=line.rule_number,
        rule_valid_from=line.rule_valid_from,
        rule_text=words.rule,
        steps=[StepOut.model_validate(step) for step in line.steps],
        remedy=line.remedy,
        remedy_text=words.remedy,
        box=BoxOut.model_validate(line.box) if line.box else None,
    )
