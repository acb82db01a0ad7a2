"""What is asked and answered while a claim is checked, and what people corrected in a reading."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.columns import check, enum_field, key_field, moment, references


class Side(StrEnum):
    """Who speaks."""

    PARTNER = "partner"
    PROGRAM = "program"
    PARTICIPANT = "participant"


class ReviewMessage(SQLModel, table=True):
    """One question or answer about a claim. Append-only.

    `template` names a question of verification.questions; its words come from the catalogue.
    """

    __tablename__ = "review_message"
    __table_args__ = (
        check("said", "text <> '' OR template <> ''"),
        check("text", "length(text) <= 1000"),
        sa.Index("ix_review_message_claim", "claim_id", "at"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id", index=False)
    review_id: UUID = references("review.id")
    side: Side = enum_field(Side)
    author_id: UUID = references("person.id")
    template: str = ""
    text: str = ""
    at: datetime = moment()


class FieldCorrection(SQLModel, table=True):
    """A value that a person changed before deciding: what the reader said, what holds. Append-only.

    `field` is `line-<position>-product`, `line-<position>-quantity`, `line-<position>-units`,
    `line-<position>-value` or a header's name; `ms_spent` is the time the page was in front of
    the person, as the browser says.
    """

    __tablename__ = "field_correction"
    __table_args__ = ({"info": {"append_only": True}},)

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    review_id: UUID = references("review.id")
    field: str
    before: str
    after: str
    corrected_by: UUID = references("person.id")
    at: datetime = moment()
    ms_spent: int | None = None
