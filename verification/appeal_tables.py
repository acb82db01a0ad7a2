"""Appeals: the participant disagrees, another person than the first decides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from claims.states import ReasonCode
from core.columns import big_int, check, enum_field, key_field, moment, references


class AppealStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"  # the first decision stands
    OVERTURNED = "overturned"


class Appeal(SQLModel, table=True):
    """One appeal of one claim; a claim has one at most. `points` is what it added."""

    __tablename__ = "appeal"
    __table_args__ = (
        check("text", "length(text) <= 1000"),
        check("points", "points >= 0 AND (points = 0 OR status = 'overturned')"),
        check(
            "decided",
            "(status = 'open') = (decided_at IS NULL) AND "
            "(decided_by IS NULL) = (decided_at IS NULL)",
        ),
        check(
            "another_person",
            "decided_by IS NULL OR first_decided_by IS NULL OR decided_by <> first_decided_by",
        ),
        check("two_people", "first_by IS NULL OR first_by <> decided_by"),
        check("reason", "status <> 'upheld' OR reason IS NOT NULL"),
    )

    id: UUID = key_field()
    claim_id: UUID = Field(foreign_key="claim.id", unique=True)
    decision_id: UUID = references("decision.id")
    review_id: UUID = references("review.id")
    first_decided_by: UUID | None = references("person.id", default=None)
    text: str = ""
    made_at: datetime = moment()
    due_at: datetime = moment()
    status: AppealStatus = enum_field(AppealStatus, default=AppealStatus.OPEN)
    decided_by: UUID | None = references("person.id", default=None)
    # Who said the same before, where so many points need two people.
    first_by: UUID | None = references("person.id", default=None)
    decided_at: datetime | None = moment(default=None)
    reason: ReasonCode | None = enum_field(ReasonCode, default=None)
    note: str = ""
    points: int = big_int(default=0)
