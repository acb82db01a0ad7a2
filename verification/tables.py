"""Reviews of the partners' queue and the decisions that were made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from claims.states import ClaimStatus, ReasonCode
from core.columns import big_int, check, enum_field, json_field, key_field, moment, references


class ReviewStatus(StrEnum):
    OPEN = "open"
    WAITING = "waiting"  # for the participant; the clock stands still
    POSTPONED = "postponed"
    ESCALATED = "escalated"
    DONE = "done"


class Cause(StrEnum):
    """Why a person has to look; the queue is grouped by it."""

    UNREAD = "unread"
    HELD = "held"
    DOUBT = "doubt"
    PROOF = "proof"  # read without doubt, but nothing proves the purchase yet
    APPEAL = "appeal"
    AUDIT = "audit"
    SECOND = "second"  # a second person confirms what a first decided
    DIFFERENCE = "difference"  # the seller's own export says something else


class Review(SQLModel, table=True):
    """One claim in the queue of the branch that sold; a clerk takes it under a lease."""

    __tablename__ = "review"
    __table_args__ = (
        check("taken", "(taken_by IS NULL) = (taken_until IS NULL)"),
        sa.Index(
            "uq_review_open", "claim_id", unique=True, postgresql_where=sa.text("status <> 'done'")
        ),
        sa.Index("ix_review_queue", "partner_id", "status", "due_at"),
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    program_id: UUID = references("program.id")
    partner_id: UUID | None = references("partner.id", default=None)
    branch_id: UUID | None = references("branch.id", default=None)
    status: ReviewStatus = enum_field(ReviewStatus, default=ReviewStatus.OPEN)
    cause: Cause = enum_field(Cause)
    due_at: datetime = moment()
    taken_by: UUID | None = references("person.id", default=None)
    taken_at: datetime | None = moment(default=None)
    taken_until: datetime | None = moment(default=None)
    postponed_until: datetime | None = moment(default=None)
    # Set once the programme's own people have to decide; it stays when they did.
    escalated_at: datetime | None = moment(default=None)
    # Since when the clock stands still for the participant's answer.
    waiting_since: datetime | None = moment(default=None)
    # When its clerks were reminded, and when the promised time passed without an answer.
    reminded_at: datetime | None = moment(default=None)
    lapsed_at: datetime | None = moment(default=None)
    draft: dict[str, Any] = json_field(default_factory=dict)
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class Decision(SQLModel, table=True):
    """What was decided on a claim, by whom, and what it paid. Undone ones stay as history."""

    __tablename__ = "decision"
    __table_args__ = (
        check("decider", "(decided_by IS NULL) = automatic"),
        check("not_own", "decided_by IS NULL OR decided_by <> submitted_by"),
        check(
            "two_people", "first_by IS NULL OR (decided_by IS NOT NULL AND first_by <> decided_by)"
        ),
        check("points", "points >= 0"),
        sa.Index(
            "uq_decision_living",
            "claim_id",
            unique=True,
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    review_id: UUID | None = references("review.id", default=None)
    outcome: ClaimStatus = enum_field(ClaimStatus)
    reason: ReasonCode | None = enum_field(ReasonCode, default=None)
    automatic: bool = False
    decided_by: UUID | None = references("person.id", default=None)
    # Above the programme's points: who said the same before.
    first_by: UUID | None = references("person.id", default=None)
    submitted_by: UUID = references("person.id")
    decided_at: datetime = moment()
    points: int = big_int(default=0)
    note: str = ""
    lines: list[dict[str, Any]] = json_field(default_factory=list)
    undone_at: datetime | None = moment(default=None)
    undone_by: UUID | None = references("person.id", default=None)
