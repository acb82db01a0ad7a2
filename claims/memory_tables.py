"""What confirmed documents taught about the layouts of sellers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import check, json_field, moment, references


class SellerLayout(SQLModel, table=True):
    """Headings and labels of one seller's documents: printed words → what they mean.

    Words of a form alone: no buyer, no goods, no amounts, so it serves every programme.
    """

    __tablename__ = "seller_layout"
    __table_args__ = (check("seen", "documents_seen > 0"),)

    seller_vat_id: str = Field(primary_key=True, max_length=40)
    headings: dict[str, str] = json_field()
    labels: dict[str, str] = json_field()
    documents_seen: int
    learned_at: datetime = moment(index=True)


class LayoutLesson(SQLModel, table=True):
    """A decided claim that was learned from, or that had nothing to teach. Append-only."""

    __tablename__ = "layout_lesson"
    __table_args__ = ({"info": {"append_only": True}},)

    claim_id: UUID = references("claim.id", primary_key=True, index=False)
    taught: bool
    at: datetime = moment()
