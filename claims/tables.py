"""Claims, their lines and their history."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from claims.states import ClaimStatus, ReasonCode, Verdict
from core.columns import (
    big_int,
    check,
    enum_field,
    json_field,
    key_field,
    moment,
    quantity_field,
    references,
)


class Channel(StrEnum):
    """How the proof came in."""

    PAGE = "page"
    API = "api"
    EMAIL = "email"
    CODE = "code"
    COUNTER = "counter"
    SALES_FEED = "sales_feed"


class BuyerRelation(StrEnum):
    """As what the participant's firm stands on the document."""

    BUYER = "buyer"
    ADDITIONAL_BUYER = "additional_buyer"
    EMPLOYEE = "employee"  # the participant bought for the firm that is named as the buyer
    OTHER = "other"
    UNREAD = "unread"


class ClaimBatch(SQLModel, table=True):
    """A pile of files sent at once; each became a claim of its own."""

    __tablename__ = "claim_batch"

    id: UUID = key_field()
    participant_id: UUID = references("participant.id")
    sent_at: datetime = moment()


class Claim(SQLModel, table=True):
    """One request for points with its proof; `points` came of it, `estimate_points` may come.

    A claim that collides with another on the same purchase is *held*: it waits for a person with
    the reason and the earlier claim, and never becomes payable by itself.
    """

    __tablename__ = "claim"
    __table_args__ = (
        check("points", "points >= 0 AND estimate_points >= 0"),
        check("held", "(held_reason IS NULL) = (held_by_claim_id IS NULL)"),
        sa.Index("ix_claim_program_status", "program_id", "status", "submitted_at"),
        sa.Index("ix_claim_participant", "participant_id", "submitted_at"),
        sa.Index("ix_claim_decided", "program_id", "decided_at"),
    )

    id: UUID = key_field()
    number: str = Field(unique=True)
    program_id: UUID = references("program.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    purchase_id: UUID | None = references("purchase.id", default=None)
    branch_id: UUID | None = references("branch.id", default=None)
    channel: Channel = enum_field(Channel, default=Channel.PAGE)
    status: ClaimStatus = enum_field(ClaimStatus, default=ClaimStatus.SUBMITTED)
    submitted_at: datetime = moment()
    decided_at: datetime | None = moment(default=None)
    due_at: datetime | None = moment(default=None)
    estimate_points: int = big_int(default=0)
    points: int = big_int(default=0)
    note: str = ""
    held_reason: str | None = None
    held_by_claim_id: UUID | None = references("claim.id", default=None)
    unreadable_reason: str | None = None
    buyer_relation: BuyerRelation | None = enum_field(BuyerRelation, default=None)
    batch_id: UUID | None = references("claim_batch.id", default=None)


class ClaimLine(SQLModel, table=True):
    """One row of the proof as it was read, matched and judged.

    Prices are the wholesaler's secret: only its own people and the participant may see them.
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        sa.UniqueConstraint("claim_id", "position"),
        check("accepted", "quantity_accepted IS NULL OR quantity_accepted >= 0"),
        check("points", "points >= 0"),
        check("judged", "verdict IS NULL OR reason IS NOT NULL"),
        check("paid", "points = 0 OR (verdict = 'approve' AND product_id IS NOT NULL)"),
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    purchase_line_id: UUID | None = references("purchase_line.id", default=None)
    position: int
    description: str = ""
    seller_index: str | None = None
    gtin: str | None = None
    quantity: Decimal | None = quantity_field(default=None)
    unit: str = ""
    unit_price: Decimal | None = quantity_field(default=None)
    line_net_grosze: int | None = big_int(default=None)
    proof: str = "read"
    box: dict[str, Any] | None = json_field(default=None)
    # Match: the product, how sure (0..1), why, and up to three others when in doubt.
    product_id: UUID | None = references("product.id", default=None)
    match_score: Decimal = quantity_field(default=Decimal(0))
    match_reason: str = ""
    candidates: list[dict[str, Any]] = json_field(default_factory=list)
    units_per_quantity: Decimal = quantity_field(default=Decimal(1))
    # The product that the participant named; a clerk confirms it.
    proposed_product_id: UUID | None = references("product.id", default=None)
    # Judgement.
    verdict: Verdict | None = enum_field(Verdict, default=None)
    reason: ReasonCode | None = enum_field(ReasonCode, default=None)
    quantity_accepted: Decimal | None = quantity_field(default=None)
    points: int = big_int(default=0)
    rule_version_id: UUID | None = references("rule_version.id", default=None)
    explanation: list[dict[str, Any]] = json_field(default_factory=list)
    # What the rules were told of the line when it was paid (`programs.policy.EarningLine`).
    rule_facts: dict[str, Any] = json_field(
        default_factory=dict, sa_column_kwargs={"server_default": sa.text("'{}'")}
    )
    # The line as it was paid, kept when a correction first lowers it (`claims.granted`).
    granted: dict[str, Any] = json_field(
        default_factory=dict, sa_column_kwargs={"server_default": sa.text("'{}'")}
    )


class ClaimEvent(SQLModel, table=True):
    """One step in the life of a claim. Append-only."""

    __tablename__ = "claim_event"
    __table_args__ = (
        sa.Index("ix_claim_event_claim", "claim_id", "at"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    claim_id: UUID = Field(foreign_key="claim.id")
    status: ClaimStatus = enum_field(ClaimStatus)
    actor: str
    at: datetime = moment()
    note: str = ""
    facts: dict[str, Any] = json_field(default_factory=dict)
