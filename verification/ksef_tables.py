"""What a person saw on the Ministry's page about an invoice."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, key_field, moment, references


class Sight(StrEnum):
    REGISTERED = "registered"
    NOT_FOUND = "not_found"
    DIFFERENT = "different"  # it is there, with other data than on the document
    UNAVAILABLE = "unavailable"


class KsefSighting(SQLModel, table=True):
    """Who opened the KOD I link of a claim's invoice, when, and what the page said. Append-only."""

    __tablename__ = "ksef_sighting"
    __table_args__ = (
        check("link", "link LIKE 'https://qr.ksef.mf.gov.pl/invoice/%'"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    link: str
    sight: Sight = enum_field(Sight)
    seen_by: UUID = references("person.id")
    seen_at: datetime = moment()
    note: str = Field(default="", max_length=300)
